//! Layers around the methods of a dispatcher.

use std::sync::Arc;

use super::{RpcLayer, RpcService};
use crate::service::{
    Dispatcher,
    table::{MethodEntry, Target},
};

impl Dispatcher {
    /// Puts a layer around every call: of the methods that are there and that will be, of
    /// `system.*`, of [fallbacks](Self::fallback), and of methods that are not there.
    ///
    /// It gets an [`RpcCall`], whose parameters are not decoded yet. A `system.multicall` is no call
    /// to it, but each of the entries is: a limit on calls counts them, and none waits for itself. The
    /// layer that is added last is called first. [The page of layers](crate::service#layers) shows
    /// some, and says what becomes of their errors.
    ///
    /// [`method_layer`](Self::method_layer) is for one method, and the `layer` of a generated
    /// `…Server` for one service; both are within those of the dispatcher.
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

    /// Puts a layer around one method that is there by now, under all of its names.
    ///
    /// Another one on the same method goes around this one. A method `system.*` can have none: it is
    /// [taken away](Self::without) where it is not wanted.
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
    /// Where there is no such method: a name that is misspelt must not leave open what was to be
    /// closed.
    #[must_use]
    pub fn method_layer(mut self, method: &str, layer: impl RpcLayer) -> Self {
        let methods = &mut self.inner_mut().methods;
        let Some(MethodEntry {
            target: Target::Method(handler),
            ..
        }) = methods.get(method)
        else {
            panic!("there is no method `{method}` to put a layer around");
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
