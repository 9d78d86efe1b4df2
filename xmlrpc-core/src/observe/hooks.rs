use http::HeaderMap;
use tracing::Span;

use super::CallReport;

/// Is told when a call ends, for example to record a metric. Closures implement it.
///
/// On the server, [`TraceLayer::observe`](crate::service::TraceLayer::observe) takes one; on the client,
/// [`Client::observe`](crate::Client::observe). It runs in the task of the call, so it must not block.
///
/// A call whose future is dropped has also ended; its error type is `cancelled`.
pub trait CallObserver: Send + Sync + 'static {
    /// A call has ended.
    fn call_ended(&self, report: &CallReport<'_>);
}

impl<F> CallObserver for F
where
    F: Fn(&CallReport<'_>) + Send + Sync + 'static,
{
    fn call_ended(&self, report: &CallReport<'_>) {
        self(report);
    }
}

/// Reads the trace context of a request and connects the span of a call with it. Closures implement
/// it.
///
/// [`TraceLayer::extract`](crate::service::TraceLayer::extract) takes one. With its feature
/// `opentelemetry`, `xmlrpc_axum` has one for the headers `traceparent` and `tracestate`.
///
/// The headers come from the caller. An implementation ignores what it cannot read.
///
/// ```
/// use xmlrpc_core::{http::HeaderMap, observe::Relation, service::TraceLayer, tracing::Span};
///
/// let layer = TraceLayer::new().extract(|headers: &HeaderMap, span: &Span, _: Relation| {
///     let id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
///     println!("{span:?} belongs to the request {:?}", id.unwrap_or_default());
/// });
/// # drop(layer);
/// ```
#[cfg(feature = "server")]
pub trait ExtractContext: Send + Sync + 'static {
    /// Connects the span of a call with the span that the headers of its request name.
    ///
    /// It is called for each call, and so for each entry of a multicall, before the span is entered. The
    /// span may be [disabled](Span::is_disabled).
    fn extract(&self, headers: &HeaderMap, span: &Span, relation: Relation);
}

#[cfg(feature = "server")]
impl<F> ExtractContext for F
where
    F: Fn(&HeaderMap, &Span, Relation) + Send + Sync + 'static,
{
    fn extract(&self, headers: &HeaderMap, span: &Span, relation: Relation) {
        self(headers, span, relation);
    }
}

/// How the span of a call is connected with the span of its caller.
#[cfg(feature = "server")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relation {
    /// The call has its own trace, with a link to the span of the caller. This is the default: a caller
    /// then decides neither the identifier of the trace nor whether it is sampled.
    #[default]
    Link,
    /// The call belongs to the trace of the caller: the span of the caller is its parent.
    Parent,
}

/// Adds the trace context of a call to the headers of its request. Closures implement it.
///
/// [`Client::inject`](crate::Client::inject) takes one. With its feature `opentelemetry`,
/// `xmlrpc_client` has one for the headers `traceparent` and `tracestate`.
///
/// ```
/// use xmlrpc_core::{Client, Dispatcher, http::{HeaderMap, HeaderValue}, tracing::Span};
///
/// let client = Client::new(Dispatcher::new()).inject(|_: &Span, headers: &mut HeaderMap| {
///     headers.insert("x-request-id", HeaderValue::from_static("7"));
/// });
/// # drop(client);
/// ```
#[cfg(feature = "client")]
pub trait InjectContext: Send + Sync + 'static {
    /// Adds headers to a request. `span` is the span of the call, which may be
    /// [disabled](Span::is_disabled); the current span is the one around the call.
    fn inject(&self, span: &Span, headers: &mut HeaderMap);
}

#[cfg(feature = "client")]
impl<F> InjectContext for F
where
    F: Fn(&Span, &mut HeaderMap) + Send + Sync + 'static,
{
    fn inject(&self, span: &Span, headers: &mut HeaderMap) {
        self(span, headers);
    }
}
