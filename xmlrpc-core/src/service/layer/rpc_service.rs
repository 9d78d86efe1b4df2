use std::{
    fmt,
    pin::Pin,
    task::{self, Poll},
};

use super::Stack;
use crate::{
    Fault,
    message::EncodedResponse,
    service::{RpcCall, catch_panic::Guarded, offload},
};

/// The innermost service of a stack of layers. It decodes the parameters of an [`RpcCall`], runs
/// the method and encodes its [`EncodedResponse`].
///
/// It is always ready. It converts a panic of the method into a fault, so layers never see a panic.
///
/// ```
/// use tower::{layer::layer_fn, util::MapRequest};
/// use xmlrpc_core::{Dispatcher, service::{RpcCall, RpcService}};
///
/// let log = layer_fn(|inner: RpcService| {
///     MapRequest::new(inner, |call: RpcCall| {
///         println!("{}", call.method());
///         call
///     })
/// });
/// let dispatcher = Dispatcher::new().method("three", || 3).layer(log);
/// # drop(dispatcher);
/// ```
#[derive(Clone, Default)]
pub struct RpcService {
    /// The inner layers, if other layers wrap them.
    stack: Option<Stack>,
}

/// The future of [`RpcService`]. Dropping it cancels the method.
#[must_use = "a future does nothing until it is polled"]
pub struct RpcFuture(Guarded);

impl RpcService {
    pub(in crate::service) fn around(stack: Stack) -> Self {
        Self { stack: Some(stack) }
    }

    pub(super) fn run(&self, mut call: RpcCall) -> RpcFuture {
        if let Some(stack) = &self.stack {
            return RpcFuture(stack.run(call));
        }
        RpcFuture(match call.handler.take() {
            Some(handler) => offload::decode(&handler, call),
            None => Guarded::failed(Fault::internal(
                "a layer passed on a call that has no method",
            )),
        })
    }
}

impl tower_service::Service<RpcCall> for RpcService {
    type Response = EncodedResponse;
    type Error = Fault;
    type Future = RpcFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: RpcCall) -> RpcFuture {
        self.run(call)
    }
}

impl Future for RpcFuture {
    type Output = Result<EncodedResponse, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl fmt::Debug for RpcService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcService").finish_non_exhaustive()
    }
}

impl fmt::Debug for RpcFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcFuture").finish_non_exhaustive()
    }
}
