use std::future::ready;

use serde_core::{Serialize, de::DeserializeOwned};

use super::{Context, MethodFuture, RpcCall, response_encoder::ResponseEncoder};
use crate::{
    Error, Fault,
    message::{EncodedResponse, ParamsReader},
    schema::Schema,
};

/// A function or closure that can be a [method](super::Dispatcher::method).
///
/// It has up to 8 parameters of owned types that implement `DeserializeOwned`. A caller may omit
/// trailing parameters that are `Option`s. It may also take a [`Context`], in any position, which
/// is not on the wire. See [`MethodOutput`] for what it may return.
///
/// The compiler infers the marker, which distinguishes functions with different parameters. You
/// cannot implement this trait yourself.
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::MethodFn};
///
/// fn alone<M: 'static>(name: &str, method: impl MethodFn<M>) -> Dispatcher {
///     Dispatcher::new().introspection(false).multicall(false).method(name, method)
/// }
///
/// let dispatcher = alone("greet", |name: String| async move { format!("Hello, {name}") });
/// assert_eq!(dispatcher.method_names().collect::<Vec<_>>(), ["greet"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an XML-RPC method",
    label = "not a valid method function",
    note = "a method is a function or closure, `async` or not, of up to 8 parameters; each is an owned type that implements `Deserialize`, or a `Context`",
    note = "it returns `T: Serialize`, or `Result<T, E>` with `T: Serialize` and `E: Into<Fault>`, or a future of one of these that is `Send`",
    note = "convert an error of another crate: `.map_err(Fault::internal)` logs it and hides it from the caller, `.map_err(Fault::disclose)` sends its text",
    note = "`Dispatcher::method` shows how a closure uses what it has captured"
)]
pub trait MethodFn<Marker>: sealed::CallFn<Marker> {}

#[diagnostic::do_not_recommend]
impl<Marker, F: sealed::CallFn<Marker>> MethodFn<Marker> for F {}

/// What a [function](MethodFn) that is a method may return: `T: Serialize`, `Result<T, E>` with `E:
/// Into<Fault>`, or a future of one of these.
///
/// The compiler infers the marker, with one exception: if the error type `E` implements both
/// `Serialize` and `Into<Fault>`, the whole `Result` could be meant as a value. Then add
/// `.map_err(Fault::from)`. You cannot implement this trait yourself.
///
/// ```
/// use xmlrpc_core::{Dispatcher, Fault};
///
/// let dispatcher = Dispatcher::new()
///     .method("three", || 3)
///     .method("later", || async { 3 })
///     .method("never", || async { Err::<i32, _>(Fault::new(1, "never")) });
/// # assert_eq!(dispatcher.method_names().next(), Some("later"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a method cannot return `{Self}`",
    label = "cannot be the result of a method",
    note = "a method returns `T: Serialize`, or `Result<T, E>` with `T: Serialize` and `E: Into<Fault>`, or a future of one of these that is `Send`",
    note = "convert an error of another crate: `.map_err(Fault::internal)` logs it and hides it from the caller, `.map_err(Fault::disclose)` sends its text"
)]
pub trait MethodOutput<Marker>: sealed::EncodeOutput<Marker> {}

#[diagnostic::do_not_recommend]
impl<Marker, T: sealed::EncodeOutput<Marker>> MethodOutput<Marker> for T {}

/// The methods of the public traits. No other crate can name these traits, so no other crate can
/// implement them.
pub(super) mod sealed {
    use super::{EncodedResponse, Fault, MethodFuture, ResponseEncoder, RpcCall, Schema};

    pub trait CallFn<Marker>: Send + Sync + 'static {
        /// Decodes the parameters, runs the function and encodes its result.
        fn call(&self, call: RpcCall) -> MethodFuture;

        /// The types of the parameters on the wire.
        fn schemas() -> Vec<Schema>;
    }

    pub trait EncodeOutput<Marker> {
        /// Encodes the result.
        fn encode(
            self,
            encoder: ResponseEncoder,
        ) -> impl Future<Output = Result<EncodedResponse, Fault>> + Send + 'static;
    }
}

use sealed::{CallFn, EncodeOutput};

/// Marks a result that is a value.
#[doc(hidden)]
#[derive(Debug)]
pub enum Plain {}

/// Marks a result that may be a fault.
#[doc(hidden)]
#[derive(Debug)]
pub enum Fallible {}

/// Marks a result that is a future.
#[doc(hidden)]
#[derive(Debug)]
pub struct Later<Marker>(Marker);

impl<T: Serialize> EncodeOutput<Plain> for T {
    fn encode(
        self,
        encoder: ResponseEncoder,
    ) -> impl Future<Output = Result<EncodedResponse, Fault>> + Send + 'static {
        ready(encoder.value(&self))
    }
}

impl<T: Serialize, E: Into<Fault>> EncodeOutput<Fallible> for Result<T, E> {
    fn encode(
        self,
        encoder: ResponseEncoder,
    ) -> impl Future<Output = Result<EncodedResponse, Fault>> + Send + 'static {
        ready(encoder.result(self))
    }
}

impl<F, Marker: 'static> EncodeOutput<Later<Marker>> for F
where
    F: Future<Output: EncodeOutput<Marker>> + Send + 'static,
{
    async fn encode(self, encoder: ResponseEncoder) -> Result<EncodedResponse, Fault> {
        self.await.encode(encoder).await
    }
}

/// A parameter of a [`MethodFn`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a method of the dispatcher cannot take `{Self}`",
    label = "neither an owned type that implements `Deserialize`, nor a `Context`"
)]
pub trait Argument: Sized {
    fn take(params: &mut ParamsReader<'_>, context: &Context) -> Result<Self, Error>;

    /// Its type, if it is a parameter on the wire.
    fn schema() -> Option<Schema>;
}

impl<T: DeserializeOwned> Argument for T {
    fn take(params: &mut ParamsReader<'_>, _: &Context) -> Result<Self, Error> {
        params.unnamed()
    }

    fn schema() -> Option<Schema> {
        Some(Schema::of::<T>())
    }
}

impl Argument for Context {
    fn take(_: &mut ParamsReader<'_>, context: &Context) -> Result<Self, Error> {
        Ok(context.clone())
    }

    fn schema() -> Option<Schema> {
        None
    }
}

macro_rules! functions {
    ($($argument:ident)*) => {
        impl<F, R, Marker, $($argument),*> CallFn<(Marker, fn($($argument),*))> for F
        where
            F: Fn($($argument),*) -> R + Send + Sync + 'static,
            R: EncodeOutput<Marker>,
            $($argument: Argument,)*
        {
            #[allow(non_snake_case, unused_variables)]
            fn call(&self, call: RpcCall) -> MethodFuture {
                let context = call.context.clone();
                let decoded = call.decode(|params| {
                    let arguments = ($($argument::take(params, &context)?,)*);
                    params.end()?;
                    Ok(arguments)
                });
                match decoded {
                    Ok((($($argument,)*), encoder)) => {
                        Box::pin(self($($argument),*).encode(encoder))
                    }
                    Err(fault) => Box::pin(ready(Err(fault))),
                }
            }

            fn schemas() -> Vec<Schema> {
                let schemas: &[Option<Schema>] = &[$($argument::schema()),*];
                schemas.iter().flatten().cloned().collect()
            }
        }
    };
}

functions!();
functions!(A1);
functions!(A1 A2);
functions!(A1 A2 A3);
functions!(A1 A2 A3 A4);
functions!(A1 A2 A3 A4 A5);
functions!(A1 A2 A3 A4 A5 A6);
functions!(A1 A2 A3 A4 A5 A6 A7);
functions!(A1 A2 A3 A4 A5 A6 A7 A8);
// Eight parameters and a `Context`.
functions!(A1 A2 A3 A4 A5 A6 A7 A8 A9);
