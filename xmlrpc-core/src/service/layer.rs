//! Layers around the methods: tower's, over calls instead of documents.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
};

use tower::ServiceExt;
use tower_layer::Layer;

use super::{MethodFuture, RpcCall, guard::Guarded, layer_error::fault_of, method::Handler};
use crate::{Fault, exchange::BoxError, message::EncodedResponse, schema::MethodDescription};

/// The innermost service of a stack of layers: it decodes the parameters of an [`RpcCall`], runs the
/// method and encodes its [`EncodedResponse`].
///
/// It is always ready. A panic of the method is a fault here already, so that no layer has to fear
/// one.
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
    /// The layers within, which are there where others go around them.
    stack: Option<Stack>,
}

/// The future of [`RpcService`]. Dropping it cancels the method.
#[must_use = "a future does nothing until it is polled"]
pub struct RpcFuture(Guarded);

impl RpcService {
    pub(super) fn around(stack: Stack) -> Self {
        Self { stack: Some(stack) }
    }

    pub(super) fn run(&self, mut call: RpcCall) -> RpcFuture {
        if let Some(stack) = &self.stack {
            return RpcFuture(stack.run(call));
        }
        RpcFuture(match call.handler.take() {
            Some(handler) => Guarded::run(&*handler, call),
            None => Guarded::failed(Fault::internal("a call has no method with it")),
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
    L: Layer<RpcService>,
    L::Service: tower_service::Service<
            RpcCall,
            Response = EncodedResponse,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + Sync
        + 'static,
{
    fn stack(self, inner: RpcService) -> Stack {
        Stack::new(self.layer(inner))
    }
}

/// A service of calls, whatever its layers.
#[doc(hidden)]
#[derive(Clone)]
pub struct Stack(Arc<dyn Handler>);

impl Stack {
    pub(super) fn new<S>(service: S) -> Self
    where
        S: tower_service::Service<
                RpcCall,
                Response = EncodedResponse,
                Error: Into<BoxError>,
                Future: Send,
            > + Clone
            + Send
            + Sync
            + 'static,
    {
        Self(Arc::new(Erased(service)))
    }

    /// Runs a method, which the call has with it.
    pub(super) fn run(&self, call: RpcCall) -> Guarded {
        Guarded::run(&*self.0, call)
    }

    /// The method with these layers around it.
    pub(super) fn around(&self, method: Arc<dyn Handler>) -> Arc<dyn Handler> {
        let stack = Arc::clone(&self.0);
        Arc::new(LayeredMethod { stack, method })
    }
}

struct Erased<S>(S);

impl<S> Handler for Erased<S>
where
    S: tower_service::Service<
            RpcCall,
            Response = EncodedResponse,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + Sync
        + 'static,
{
    fn call(&self, call: RpcCall) -> MethodFuture {
        // A clone is what becomes ready, and takes the call: readiness belongs to one caller.
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
