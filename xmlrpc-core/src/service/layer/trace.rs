use std::{
    pin::Pin,
    task::{self, Poll, ready},
};

use pin_project_lite::pin_project;
use tower_layer::Layer;
use tracing::{Instrument, field::Empty, instrument::Instrumented};

use super::error::fault_of;
use crate::{Fault, box_error::BoxError, message::EncodedResponse, service::RpcCall};

/// A layer that opens a [`tracing`] span `rpc` at level `INFO` for each call.
///
/// Its fields follow the OpenTelemetry conventions for RPC: `rpc.system` is `xmlrpc`, `rpc.service`
/// is the trait of the method, and `rpc.method` is its name on the wire. `otel.kind` is `server`,
/// and `otel.name` is the name of the method. If the call ends with a fault,
/// `rpc.xmlrpc.fault_code` is its code. Unknown methods have the name `_OTHER`, so callers cannot
/// create arbitrary names.
///
/// The span closes when the call ends or is cancelled.
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::TraceLayer};
///
/// let dispatcher = Dispatcher::new().method("three", || 3).layer(TraceLayer::new());
/// # drop(dispatcher);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TraceLayer {}

impl TraceLayer {
    /// Creates the layer.
    pub fn new() -> Self {
        Self {}
    }
}

/// The service that a [`TraceLayer`] creates.
#[derive(Clone, Debug)]
pub struct TraceService<S> {
    inner: S,
}

impl<S> Layer<S> for TraceLayer {
    type Service = TraceService<S>;

    fn layer(&self, inner: S) -> TraceService<S> {
        TraceService { inner }
    }
}

impl<S> tower_service::Service<RpcCall> for TraceService<S>
where
    S: tower_service::Service<RpcCall, Response = EncodedResponse, Error: Into<BoxError>>,
{
    type Response = EncodedResponse;
    type Error = Fault;
    type Future = TraceFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Fault>> {
        let ready = self.inner.poll_ready(cx);
        ready.map_err(|error| fault_of(error.into()))
    }

    fn call(&mut self, call: RpcCall) -> TraceFuture<S::Future> {
        let method = call.known_method();
        let span = tracing::info_span!(
            "rpc",
            rpc.system = "xmlrpc",
            rpc.service = call.service(),
            rpc.method = method,
            rpc.xmlrpc.fault_code = Empty,
            otel.kind = "server",
            otel.name = method,
        );
        let future = span.in_scope(|| self.inner.call(call));
        TraceFuture {
            future: future.instrument(span),
        }
    }
}

pin_project! {
    /// The future of a [`TraceService`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct TraceFuture<F> {
        #[pin]
        future: Instrumented<F>,
    }
}

impl<F, E> Future for TraceFuture<F>
where
    F: Future<Output = Result<EncodedResponse, E>>,
    E: Into<BoxError>,
{
    type Output = Result<EncodedResponse, Fault>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut future = self.project().future;
        let result = ready!(future.as_mut().poll(cx));
        let mut result = result.map_err(|error| fault_of(error.into()));
        if let Err(fault) = &mut result {
            future.span().record("rpc.xmlrpc.fault_code", fault.code());
            // Here, so that the log shows the span of the call.
            future.span().in_scope(|| fault.log());
        }
        Poll::Ready(result)
    }
}
