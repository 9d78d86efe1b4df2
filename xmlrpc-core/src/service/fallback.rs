//! The fallback, which handles calls of unknown methods.

use std::{future::ready, marker::PhantomData, sync::Arc};

use super::{
    Context, Dispatcher, MethodFuture, MethodOutput, RpcCall, handler::Handler,
    raw_method::undecoded,
};
use crate::message::Params;

struct FallbackFunction<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<F, R, Marker> Handler for FallbackFunction<F, Marker>
where
    F: Fn(String, Params, Context) -> R + Send + Sync + 'static,
    R: MethodOutput<Marker>,
{
    fn call(&self, call: RpcCall) -> MethodFuture {
        let name = String::from(call.method());
        match undecoded(call) {
            Ok((params, context, encoder)) => {
                Box::pin((self.function)(name, params, context).encode(encoder))
            }
            Err(fault) => Box::pin(ready(Err(fault))),
        }
    }
}

impl Dispatcher {
    /// Handles calls of unknown methods, as `_dispatch` does in Python. The function receives the
    /// name, the parameters (not yet decoded) and the context of the request.
    ///
    /// It may return what a [method](Self::method) may return. For a name that it does not know
    /// either, return [`Fault::method_not_found`](crate::Fault::method_not_found). Entries of a
    /// multicall also reach the fallback. `system.listMethods` does not list the names that it
    /// handles.
    ///
    /// The fallback also receives names that begin with `system.`, unless the dispatcher has the method.
    /// So if you switch off [introspection](Self::introspection), [`system.multicall`](Self::multicall)
    /// or [one of these methods](Self::without_method), the fallback receives its calls.
    ///
    /// A second fallback replaces the first.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Fault, Value};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new().fallback(|name, params, _| async move {
    ///     if name != "sum" {
    ///         return Err(Fault::method_not_found(name));
    ///     }
    ///     let values = params.to_values().map_err(Fault::disclose)?;
    ///     Ok(values.iter().filter_map(Value::as_i64).sum::<i64>())
    /// });
    ///
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<i64>("sum", (1, 2, 3)).await?, 6);
    /// let error = client.call::<i64>("product", (1, 2, 3)).await.unwrap_err();
    /// assert_eq!(error.fault().map(Fault::code), Some(Fault::METHOD_NOT_FOUND));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fallback<F, R, Marker>(mut self, function: F) -> Self
    where
        F: Fn(String, Params, Context) -> R + Send + Sync + 'static,
        R: MethodOutput<Marker>,
        Marker: 'static,
    {
        let handler = FallbackFunction {
            function,
            marker: PhantomData,
        };
        self.inner_mut().fallbacks.insert("", Arc::new(handler));
        self
    }
}
