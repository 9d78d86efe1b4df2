use std::{
    fmt,
    sync::Arc,
    task::{self, Poll},
};

use tower_layer::Layer;
use tracing::{Instrument, Level, Span, field::Empty};

use super::{
    error::fault_of,
    trace_future::{TraceFuture, Watch},
};
use crate::{
    Fault,
    box_error::BoxError,
    message::EncodedResponse,
    observe::{CallObserver, ExtractContext, OTHER, Relation, SYSTEM, original_method},
    service::RpcCall,
};

/// A layer that opens a [`tracing`] span for each call, and writes an event when it ends.
///
/// [`observe`](crate::observe) describes the fields of both. They follow the OpenTelemetry conventions
/// for RPC. The span closes when the call ends or is cancelled.
///
/// Add it last, so that it is the outermost layer: it then also sees the calls that other layers refuse.
///
/// | setting | default | method |
/// |---|---|---|
/// | level of the event | `INFO` | [`level`](Self::level) |
/// | trace context of the caller | ignored | [`extract`](Self::extract) |
/// | how the span is connected with this context | by a link | [`trust_parent`](Self::trust_parent) |
/// | who is told when a call ends | nobody | [`observe`](Self::observe) |
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::TraceLayer, tracing::Level};
///
/// let dispatcher = Dispatcher::new()
///     .method("three", || 3)
///     .layer(TraceLayer::new().level(Level::DEBUG));
/// # drop(dispatcher);
/// ```
#[derive(Clone)]
pub struct TraceLayer {
    settings: Settings,
}

#[derive(Clone)]
struct Settings {
    level: Level,
    extract: Option<Arc<dyn ExtractContext>>,
    relation: Relation,
    observer: Option<Arc<dyn CallObserver>>,
}

impl TraceLayer {
    /// Creates the layer with the default settings.
    pub fn new() -> Self {
        Self {
            settings: Settings {
                level: Level::INFO,
                extract: None,
                relation: Relation::Link,
                observer: None,
            },
        }
    }

    /// The level of the event that each call writes when it ends; `INFO` by default. The level of the
    /// span is always `INFO`.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.settings.level = level;
        self
    }

    /// Connects the span of each call with the trace context in the headers of its request.
    ///
    /// `xmlrpc_axum::TraceContext` (feature `opentelemetry`) reads `traceparent` and `tracestate`. Without
    /// this setting, trace contexts of callers are ignored.
    #[must_use]
    pub fn extract(mut self, hook: impl ExtractContext) -> Self {
        self.settings.extract = Some(Arc::new(hook));
        self
    }

    /// Whether calls belong to the trace of their caller. Off by default: the span of a call then begins its
    /// own trace, with a link to the span of the caller.
    ///
    /// Switch it on only if all callers are yours. A caller that is trusted chooses the identifier of the trace
    /// and whether it is sampled, and can so mix its calls with other traces or make you record everything.
    ///
    /// It has no effect without [`extract`](Self::extract).
    #[must_use]
    pub fn trust_parent(mut self, on: bool) -> Self {
        self.settings.relation = if on { Relation::Parent } else { Relation::Link };
        self
    }

    /// Tells an observer when a call ends, for example `xmlrpc_axum::Metrics` (feature `metrics`) or a closure.
    /// See [`CallReport`](crate::observe::CallReport) for an example.
    #[must_use]
    pub fn observe(mut self, observer: impl CallObserver) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }
}

impl Default for TraceLayer {
    fn default() -> Self {
        Self::new()
    }
}

/// The service that a [`TraceLayer`] creates.
#[derive(Clone)]
pub struct TraceService<S> {
    inner: S,
    settings: Settings,
}

impl<S> Layer<S> for TraceLayer {
    type Service = TraceService<S>;

    fn layer(&self, inner: S) -> TraceService<S> {
        TraceService {
            inner,
            settings: self.settings.clone(),
        }
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
        let Settings {
            level,
            extract,
            relation,
            observer,
        } = &self.settings;
        let span = open(&call);
        if let Some(extract) = extract {
            extract.extract(call.context().headers(), &span, *relation);
        }
        let method = Arc::clone(&call.method);
        let watch = Watch::new(method, call.is_known, *level, &span, observer.as_ref());
        let future = span.in_scope(|| self.inner.call(call));
        TraceFuture::new(future.instrument(span), watch)
    }
}

/// The span of a call. It is named after the method, or after the system if the method is unknown.
fn open(call: &RpcCall) -> Span {
    let method = call.known_method();
    tracing::info_span!(
        target: "xmlrpc_core::service",
        "rpc",
        rpc.system.name = SYSTEM,
        rpc.method = method,
        rpc.method_original = (!call.is_known).then(|| original_method(&call.method)),
        rpc.status_code = Empty,
        "error.type" = Empty,
        otel.kind = "server",
        otel.name = if method == OTHER { SYSTEM } else { method },
        otel.status_code = Empty,
    )
}

impl fmt::Debug for TraceLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceLayer")
            .field("settings", &self.settings)
            .finish()
    }
}

impl<S> fmt::Debug for TraceService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceService")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("level", &self.level)
            .field("extracts", &self.extract.is_some())
            .field("relation", &self.relation)
            .field("is_observed", &self.observer.is_some())
            .finish()
    }
}
