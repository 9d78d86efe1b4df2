use std::sync::Arc;

use tower::ServiceExt;

use super::{CallService, error::fault_of};
use crate::{
    schema::MethodDescription,
    service::{MethodFuture, RpcCall, catch_panic::Guarded, handler::Handler},
};

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
