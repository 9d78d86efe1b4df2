use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{TraceContextExt, TraceFlags};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use xmlrpc_core::{observe::InjectContext, tracing::Span};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Sends the trace context of calls in the headers `traceparent` and `tracestate`, as the W3C specifies
/// them, from [`tracing_opentelemetry`].
///
/// Pass it to [`ClientBuilder::inject`](crate::ClientBuilder::inject), or for another transport to
/// [`xmlrpc_core::Client::inject`]. Use it for servers that may know your traces: the headers tell them
/// which of your calls belong together, and `tracestate` has whatever your tracing system puts there.
///
/// The program needs a layer of `tracing-opentelemetry` 0.34, which belongs to `opentelemetry` 0.33. Without
/// one, no header is sent. If a filter disables the span of the call, the server sees the span around it as
/// its caller. A `traceparent` that was set with `Call::header` stays.
///
/// ```
/// use xmlrpc_client::{Client, TraceContext};
///
/// let client = Client::builder("http://localhost:8000/RPC2")
///     .inject(TraceContext::new())
///     .build()?;
/// # let _ = client;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TraceContext {}

impl TraceContext {
    /// Creates the hook.
    pub fn new() -> Self {
        Self {}
    }
}

impl InjectContext for TraceContext {
    fn inject(&self, span: &Span, headers: &mut HeaderMap) {
        if headers.contains_key(TRACEPARENT) {
            return;
        }
        let context = if span.is_disabled() {
            Span::current().context()
        } else {
            span.context()
        };
        let span = context.span();
        let span = span.span_context();
        if !span.is_valid() {
            return;
        }
        let parent = format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags() & TraceFlags::SAMPLED
        );
        if let Ok(parent) = HeaderValue::try_from(parent) {
            headers.insert(TRACEPARENT, parent);
        }
        let state = span.trace_state().header();
        if !state.is_empty()
            && let Ok(state) = HeaderValue::try_from(state)
        {
            headers.insert(TRACESTATE, state);
        }
    }
}
