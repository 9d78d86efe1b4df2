//! The layers of a dispatcher.

use std::sync::Arc;

use super::{RpcLayer, RpcService};
use crate::service::{
    Dispatcher,
    method_table::{MethodEntry, Target},
};

impl Dispatcher {
    /// Adds a layer around every call: of present and future methods, of `system.*`, of
    /// [fallbacks](Self::fallback), and of unknown methods.
    ///
    /// The layer receives an [`RpcCall`](crate::service::RpcCall) whose parameters are not decoded
    /// yet. It does not see a `system.multicall`, only its entries. So a limit on concurrent calls
    /// counts the entries, and a multicall cannot block itself. The layer added last runs first.
    /// See [layers](crate::service#layers) for examples and for what becomes of their errors.
    ///
    /// [`method_layer`](Self::method_layer) adds a layer around one method. The `layer` of a
    /// generated `…Server` adds one around a service. Both run inside the layers of the dispatcher.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower::timeout::TimeoutLayer;
    /// use xmlrpc_core::{Client, Dispatcher, Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let dispatcher = Dispatcher::new()
    ///     .method("forever", || std::future::pending::<i32>())
    ///     .layer(TimeoutLayer::new(Duration::from_millis(5)));
    ///
    /// let error = Client::new(dispatcher).call::<i32>("forever", ()).await.unwrap_err();
    /// assert_eq!(error.fault().map(Fault::code), Some(Fault::TIMED_OUT));
    /// # }
    /// ```
    #[must_use]
    pub fn layer(mut self, layer: impl RpcLayer) -> Self {
        let inner = self.inner_mut();
        let within = inner.layers.take().map(RpcService::around);
        inner.layers = Some(layer.stack(within.unwrap_or_default()));
        self
    }

    /// Adds a layer around one method that was added before, under all of its names.
    ///
    /// A second layer on the same method runs around the first. A method `system.*` cannot have a
    /// layer: [remove it](Self::without_method) if you do not want it.
    ///
    /// ```
    /// use tower::limit::ConcurrencyLimitLayer;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// let dispatcher = Dispatcher::new()
    ///     .method("report", || async { "a lot of work" })
    ///     .method_layer("report", ConcurrencyLimitLayer::new(2));
    /// # drop(dispatcher);
    /// ```
    ///
    /// # Panics
    ///
    /// If no method has this name. A misspelt name must not leave a method open that you meant to
    /// protect.
    #[must_use]
    pub fn method_layer(mut self, method: &str, layer: impl RpcLayer) -> Self {
        let methods = &mut self.inner_mut().methods;
        let Some(MethodEntry {
            target: Target::Method(handler),
            ..
        }) = methods.get(method)
        else {
            panic!("cannot add a layer to `{method}`: no such method");
        };
        let inner = Arc::clone(handler);
        let layered = layer
            .stack(RpcService::default())
            .around(Arc::clone(&inner));
        for entry in methods.values_mut() {
            if let Target::Method(handler) = &mut entry.target
                && Arc::ptr_eq(handler, &inner)
            {
                *handler = Arc::clone(&layered);
            }
        }
        self
    }
}
