use tower_layer::Layer;

use super::{CallService, RpcService, Stack};

/// A tower layer that can wrap calls. It turns an [`RpcService`] into a [`CallService`]. See
/// [layers](crate::service#layers) for examples.
///
/// Every `tower::Layer` that fits implements this trait. You cannot implement it yourself.
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
    message = "`{Self}` is not a layer for XML-RPC calls",
    label = "expected a layer of calls",
    note = "a layer turns an `RpcService` into a `tower::Service<RpcCall, Response = EncodedResponse>` that is `Clone + Send + Sync`, with an error that converts into `BoxError` and a future that is `Send`",
    note = "`tower::limit::RateLimit` does not implement `Clone`: add a `buffer` around it",
    note = "`xmlrpc_core::service::from_fn` creates a layer from a function"
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
