use std::sync::Arc;

use serde_core::Serialize;

use super::{Client, leading::Leading};
use crate::{
    Dialect, Error,
    message::{CallWriter, EncodedCall},
    schema::is_standard_method,
};

/// Writes the parameters of a call and omits trailing `None`s.
pub struct ParamsWriter {
    writer: CallWriter,
    left_out: usize,
    /// Added when the parameters are complete. It contains leading members.
    leading: Option<(Arc<Leading>, Dialect)>,
}

impl<T> Client<T> {
    /// Starts the parameters of a call, with the leading ones of the client.
    pub(crate) fn begin(&self, method: &str) -> ParamsWriter {
        let mut params = self.begin_without_leading(method);
        if let Some(leading) = &self.leading
            && !is_standard_method(method)
        {
            let dialect = self.settings.dialect;
            match &**leading {
                Leading::Params(leading) => leading.write(dialect, &mut params.writer),
                Leading::Members(_) => params.leading = Some((Arc::clone(leading), dialect)),
            }
        }
        params
    }

    /// Starts the parameters of a call that never has the leading ones.
    pub(crate) fn begin_without_leading(&self, method: &str) -> ParamsWriter {
        ParamsWriter::of(CallWriter::new(method, self.settings.dialect))
    }

    /// Starts the parameters of a call whose parameters are one struct.
    #[cfg(feature = "macros")]
    pub(crate) fn begin_by_name(&self, method: &str) -> ParamsWriter {
        let is_positional = matches!(self.leading.as_deref(), Some(Leading::Params(_)));
        if !is_positional || is_standard_method(method) {
            return self.begin(method);
        }
        let mut params = self.begin_without_leading(method);
        params.writer.fail(Error::data(
            "the parameters of this method are one struct, which has no place for leading parameters; \
             use `with_leading_members` for members of the struct, \
             add `no_leading` to its `#[xmlrpc(params = struct)]`, or use a client without leading parameters",
        ));
        params
    }
}

impl ParamsWriter {
    pub(super) fn of(writer: CallWriter) -> Self {
        Self {
            writer,
            left_out: 0,
            leading: None,
        }
    }

    /// The number of parameters that are written so far.
    pub(super) fn len(&self) -> usize {
        self.writer.len()
    }

    /// Writes a required parameter.
    pub fn param<V: Serialize + ?Sized>(&mut self, value: &V) {
        for _ in 0..std::mem::take(&mut self.left_out) {
            self.writer.param(&None::<()>);
        }
        self.writer.param(value);
    }

    /// Writes an optional parameter. It is omitted if it and all parameters after it are `None`.
    pub fn optional<V: Serialize>(&mut self, value: Option<V>) {
        match value {
            Some(value) => self.param(&value),
            None => self.left_out += 1,
        }
    }

    /// Writes any number of parameters.
    pub fn rest<V: Serialize>(&mut self, values: &[V]) {
        for value in values {
            self.param(value);
        }
    }

    pub(super) fn finish(mut self) -> Result<EncodedCall, Error> {
        if let Some((leading, dialect)) = self.leading
            && let Leading::Members(leading) = &*leading
        {
            leading.write(dialect, &mut self.writer);
        }
        self.writer.finish()
    }
}

/// The parameters of a call by name: a tuple of up to 12 values, an array, a slice or a `Vec`. You
/// cannot implement this trait yourself.
///
/// ```
/// # use xmlrpc_core::{Client, Dialect, Request, Response, client::BoxError, message::{IncomingCall, EncodedResponse}};
/// # use tower::service_fn;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// # let client = Client::new(service_fn(|request: Request| async move {
/// #     let call = IncomingCall::read(request.body, None, &Default::default())?;
/// #     let response = EncodedResponse::new(&call.params().len(), Dialect::EXTENDED)?;
/// #     Ok::<_, BoxError>(Response::new(response.into_document()))
/// # }));
/// // A method that returns the number of its parameters.
/// assert_eq!(client.call::<usize>("count", ()).await?, 0);
/// assert_eq!(client.call::<usize>("count", ("one",)).await?, 1);
/// assert_eq!(client.call::<usize>("count", ("one", 2, [3.5])).await?, 3);
/// assert_eq!(client.call::<usize>("count", [1, 2]).await?, 2);
/// let numbers = vec![1, 2, 3, 4];
/// assert_eq!(client.call::<usize>("count", &numbers).await?, 4);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of parameters",
    label = "expected a tuple, an array, a slice or a `Vec`",
    note = "write `(value,)` for one parameter and `()` for none"
)]
pub trait IntoParams: sealed::WriteParams {}

#[diagnostic::do_not_recommend]
impl<P: sealed::WriteParams + ?Sized> IntoParams for P {}

pub(super) mod sealed {
    /// Writes each parameter. No other crate can name this trait, so no other crate can implement
    /// it.
    pub trait WriteParams {
        fn write(&self, writer: &mut super::ParamsWriter);
    }
}

impl sealed::WriteParams for () {
    fn write(&self, _: &mut ParamsWriter) {}
}

impl<V: Serialize> sealed::WriteParams for [V] {
    fn write(&self, writer: &mut ParamsWriter) {
        for value in self {
            writer.param(value);
        }
    }
}

impl<V: Serialize, const N: usize> sealed::WriteParams for [V; N] {
    fn write(&self, writer: &mut ParamsWriter) {
        self.as_slice().write(writer);
    }
}

impl<V: Serialize> sealed::WriteParams for Vec<V> {
    fn write(&self, writer: &mut ParamsWriter) {
        self.as_slice().write(writer);
    }
}

impl<P: sealed::WriteParams + ?Sized> sealed::WriteParams for &P {
    fn write(&self, writer: &mut ParamsWriter) {
        P::write(self, writer);
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Serialize),*> sealed::WriteParams for ($($name,)*) {
            #[allow(non_snake_case)]
            fn write(&self, writer: &mut ParamsWriter) {
                let ($($name,)*) = self;
                $(writer.param($name);)*
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
