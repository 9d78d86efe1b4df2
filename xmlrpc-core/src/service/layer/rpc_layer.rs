use tower_layer::Layer;

use super::{CallService, RpcService, Stack};

/// A tower layer for calls: around [`RpcService`] it makes a service from [`RpcCall`] to [`EncodedResponse`]
/// that can be cloned and sent. [The page of layers](super#layers) shows some.
///
/// Every `tower::Layer` that fits is one; there is nothing to implement.
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::RpcLayer};
///
/// fn three(layer: impl RpcLayer) -> Dispatcher {
///     Dispatcher::new().method("three", || 3).layer(layer)
/// }
///
/// let dispatcher = three(tower::limit::ConcurrencyLimitLayer::new(8));
/// # drop(dispatcher);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot go around XML-RPC methods",
    label = "not a layer of calls",
    note = "a layer makes a `tower::Service<RpcCall, Response = EncodedResponse>` of an `RpcService`; the service is `Clone + Send + Sync`, its error becomes a `BoxError`, its future is `Send`",
    note = "`tower::limit::RateLimit` is no `Clone`: put a `buffer` around it",
    note = "`xmlrpc_core::service::from_fn` makes a layer of a function"
)]
pub trait RpcLayer: Sized {
    #[doc(hidden)]
    fn stack(self, inner: RpcService) -> Stack;
}

#[diagnostic::do_not_recommend]
impl<L> RpcLayer for L
where
    L: Layer<RpcService, Service: CallService>,
{
    fn stack(self, inner: RpcService) -> Stack {
        Stack::new(self.layer(inner))
    }
}
