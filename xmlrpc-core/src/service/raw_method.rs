//! Methods that decode their parameters themselves, so they can take any number of them.

use std::{any::type_name, future::ready, marker::PhantomData, sync::Arc};

use serde_core::de::IgnoredAny;

use super::{
    Context, Dispatcher, DuplicateMethod, MethodFuture, MethodOutput, RpcCall,
    duplicate_method::Owner, handler::Handler, method_table::MethodEntry,
    response_encoder::ResponseEncoder,
};
use crate::{Fault, message::Params};

struct RawMethod<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<F, R, Marker> Handler for RawMethod<F, Marker>
where
    F: Fn(Params, Context) -> R + Send + Sync + 'static,
    R: MethodOutput<Marker>,
{
    fn call(&self, call: RpcCall) -> MethodFuture {
        match undecoded(call) {
            Ok((params, context, encoder)) => {
                Box::pin((self.function)(params, context).encode(encoder))
            }
            Err(fault) => Box::pin(ready(Err(fault))),
        }
    }
}

/// The parameters of a call, not decoded, and its context.
///
/// No method runs before its whole document has been read, even if nothing uses the parameters.
pub(super) fn undecoded(call: RpcCall) -> Result<(Params, Context, ResponseEncoder), Fault> {
    let (params, context) = (call.params.clone(), call.context.clone());
    let ((), encoder) = call.decode(|params| params.rest::<IgnoredAny>("parameters").map(drop))?;
    Ok((params, context, encoder))
}

impl Dispatcher {
    /// Adds a function or closure as a method that receives its parameters undecoded. So it can take
    /// any number of parameters, of any types.
    ///
    /// [`Params::decode`] reads them one after the other, and [`Params::to_values`] reads them all
    /// as [`Value`](crate::Value)s. [`Error::into_fault`](crate::Error::into_fault) is the fault for
    /// their errors. When the function runs, the whole document has been read: it is valid, and within
    /// the [`Limits`](crate::Limits). The function may return what a [method](Self::method) may return.
    ///
    /// The types are unknown to introspection, unless you [describe](Self::method_doc) the method.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Context, Dispatcher, Error, Fault, message::Params};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new()
    ///     // A first parameter, and any number of others.
    ///     .raw_method("join", |params: Params, _: Context| async move {
    ///         let (separator, parts) = params
    ///             .decode(|params| {
    ///                 let separator: String = params.required("separator")?;
    ///                 Ok((separator, params.rest::<String>("parts")?))
    ///             })
    ///             .map_err(Error::into_fault)?;
    ///         Ok::<_, Fault>(parts.join(&separator))
    ///     })
    ///     .raw_method("count", |params, _| params.len());
    ///
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<String>("join", ("-", "a", "b", "c")).await?, "a-b-c");
    /// assert_eq!(client.call::<i64>("count", (1, "two", 3.0)).await?, 3);
    ///
    /// let error = client.call::<String>("join", ("-", 5)).await.unwrap_err();
    /// let text = error.fault().map(Fault::message).unwrap_or_default();
    /// assert!(text.starts_with("parameter 2 `parts`: expected string, found int"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If another method already has this name. This is a mistake in the program, found when it
    /// starts. [`try_raw_method`](Self::try_raw_method) returns it as an error.
    #[must_use]
    pub fn raw_method<F, R, Marker>(self, name: &str, function: F) -> Self
    where
        F: Fn(Params, Context) -> R + Send + Sync + 'static,
        R: MethodOutput<Marker>,
        Marker: 'static,
    {
        match self.try_raw_method(name, function) {
            Ok(dispatcher) => dispatcher,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds a function or closure as a method that receives its parameters undecoded. Returns an
    /// error if the name is taken.
    ///
    /// Use it for names that come from a configuration:
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// fn load(names: &[&str]) -> Result<Dispatcher, xmlrpc_core::service::DuplicateMethod> {
    ///     let mut dispatcher = Dispatcher::new();
    ///     for name in names {
    ///         let text = format!("{name} was called");
    ///         dispatcher = dispatcher.try_raw_method(name, move |_, _| text.clone())?;
    ///     }
    ///     Ok(dispatcher)
    /// }
    ///
    /// assert!(load(&["start", "stop"]).is_ok());
    /// assert!(load(&["start", "start"]).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Another method already has this name.
    pub fn try_raw_method<F, R, Marker>(
        mut self,
        name: &str,
        function: F,
    ) -> Result<Self, DuplicateMethod>
    where
        F: Fn(Params, Context) -> R + Send + Sync + 'static,
        R: MethodOutput<Marker>,
        Marker: 'static,
    {
        let handler = Arc::new(RawMethod {
            function,
            marker: PhantomData,
        });
        let owner = Owner::Function(type_name::<F>());
        self.insert(name, MethodEntry::method(owner, handler))?;
        Ok(self)
    }
}
