use crate::{box_error::BoxError, message::EncodedResponse, service::RpcCall};

/// A service of calls: every tower service from [`RpcCall`] to [`EncodedResponse`] that can be
/// cloned and shared between threads.
///
/// You do not implement it: every service that fits is one. A [layer of calls](super::RpcLayer)
/// turns one such service into another.
///
/// ```
/// use tower::{Layer, util::MapRequest};
/// use xmlrpc_core::service::{CallService, RpcCall};
///
/// /// Prints the name of each method that is called.
/// #[derive(Clone)]
/// struct Print;
///
/// impl<S: CallService> Layer<S> for Print {
///     type Service = MapRequest<S, fn(RpcCall) -> RpcCall>;
///
///     fn layer(&self, inner: S) -> Self::Service {
///         MapRequest::new(inner, |call| {
///             println!("{}", call.method());
///             call
///         })
///     }
/// }
/// # let _ = xmlrpc_core::Dispatcher::new().layer(Print);
/// ```
pub trait CallService:
    tower_service::Service<RpcCall, Response = EncodedResponse, Error: Into<BoxError>, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

// A blanket implementation has to repeat the bounds.
impl<S> CallService for S where
    S: tower_service::Service<
            RpcCall,
            Response = EncodedResponse,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + Sync
        + 'static
{
}
