use std::sync::Arc;

use tower::ServiceExt;

use super::error::fault_of;
use crate::{
    box_error::BoxError,
    message::EncodedResponse,
    schema::MethodDescription,
    service::{MethodFuture, RpcCall, call::Handler, catch_panic::Guarded},
};

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

/// A stack of layers with its types erased. It is not re-exported, so no other crate can name it:
/// this seals `RpcLayer`.
#[doc(hidden)]
#[derive(Clone)]
pub struct Stack(Arc<dyn Handler>);

impl Stack {
    pub(super) fn new<S: CallService>(service: S) -> Self {
        Self(Arc::new(Erased(service)))
    }

    /// Runs a call. The call carries its method.
    pub(in crate::service) fn run(&self, call: RpcCall) -> Guarded {
        Guarded::run(&*self.0, call)
    }

    /// Wraps a method in these layers.
    pub(in crate::service) fn around(&self, method: Arc<dyn Handler>) -> Arc<dyn Handler> {
        let stack = Arc::clone(&self.0);
        Arc::new(LayeredMethod { stack, method })
    }
}

struct Erased<S>(S);

impl<S: CallService> Handler for Erased<S> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        // The clone becomes ready and takes the call, because readiness belongs to one caller.
        let service = self.0.clone();
        Box::pin(async move {
            service
                .oneshot(call)
                .await
                .map_err(|error| fault_of(error.into()))
        })
    }
}

/// A method with layers around it.
struct LayeredMethod {
    stack: Arc<dyn Handler>,
    method: Arc<dyn Handler>,
}

impl Handler for LayeredMethod {
    fn call(&self, mut call: RpcCall) -> MethodFuture {
        call.handler = Some(Arc::clone(&self.method));
        self.stack.call(call)
    }

    fn description(&self) -> Option<&MethodDescription> {
        self.method.description()
    }
}
