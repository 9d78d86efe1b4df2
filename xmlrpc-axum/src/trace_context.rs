use http::{HeaderMap, HeaderName};
use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use xmlrpc_core::{
    observe::{ExtractContext, Relation},
    tracing::Span,
};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The maximum size of `tracestate` that the specification asks servers to accept.
const TRACESTATE_BYTES: usize = 512;

/// Reads the trace context of callers from the headers `traceparent` and `tracestate`, as the W3C
/// specifies them, for [`tracing_opentelemetry`].
///
/// Pass it to [`TraceLayer::extract`](xmlrpc_core::service::TraceLayer::extract). The span of a call then
/// has a link to the span of its caller. With
/// [`trust_parent`](xmlrpc_core::service::TraceLayer::trust_parent), it belongs to the trace of its caller.
///
/// The program needs a layer of `tracing-opentelemetry` 0.34, which belongs to `opentelemetry` 0.33. Another
/// version of it does not see what this type does.
///
/// An invalid `traceparent` is ignored. An invalid `tracestate` is ignored, and so is one of more than 512
/// bytes.
///
/// ```
/// use xmlrpc_axum::TraceContext;
/// use xmlrpc_core::{Dispatcher, service::TraceLayer};
///
/// let layer = TraceLayer::new().extract(TraceContext::new());
/// let open_to_all = Dispatcher::new().layer(layer.clone());
/// let behind_our_own_servers = Dispatcher::new().layer(layer.trust_parent(true));
/// # drop((open_to_all, behind_our_own_servers));
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

impl ExtractContext for TraceContext {
    fn extract(&self, headers: &HeaderMap, span: &Span, relation: Relation) {
        if span.is_disabled() {
            return;
        }
        let Some(caller) = remote_span(headers) else {
            return;
        };
        match relation {
            Relation::Parent => {
                // This fails if the program has no such layer. Then nothing is traced.
                let _ = span.set_parent(Context::new().with_remote_span_context(caller));
            }
            _ => span.add_link(caller),
        }
    }
}

/// The span of the caller, if the headers name one.
fn remote_span(headers: &HeaderMap) -> Option<SpanContext> {
    let mut parents = headers.get_all(TRACEPARENT).iter();
    let parent = parents.next()?.to_str().ok()?;
    if parents.next().is_some() {
        return None;
    }
    let (trace, span, flags) = parse(parent)?;
    let state = trace_state(headers).unwrap_or_default();
    let caller = SpanContext::new(trace, span, flags, true, state);
    caller.is_valid().then_some(caller)
}

/// Parses `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
fn parse(parent: &str) -> Option<(TraceId, SpanId, TraceFlags)> {
    let mut parts = parent.splitn(5, '-');
    let version = hex(parts.next()?, 2)?;
    let trace = hex(parts.next()?, 32)?;
    let span = hex(parts.next()?, 16)?;
    let flags = hex(parts.next()?, 2)?;
    // A later version may have more fields.
    match (version, parts.next()) {
        ("ff", _) | ("00", Some(_)) => return None,
        _ => {}
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    Some((
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        // A later version may give the other bits a meaning that is not ours to pass on.
        flags & TraceFlags::SAMPLED,
    ))
}

/// A number of this many hexadecimal digits, which must be in lower case.
fn hex(text: &str, digits: usize) -> Option<&str> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == digits && text.bytes().all(is_digit)).then_some(text)
}

fn trace_state(headers: &HeaderMap) -> Option<TraceState> {
    let values = headers.get_all(TRACESTATE).iter();
    let values: Option<Vec<_>> = values.map(|value| value.to_str().ok()).collect();
    let values = values?;
    let bytes: usize = values.iter().map(|value| value.len() + 1).sum();
    if bytes > TRACESTATE_BYTES + 1 {
        return None;
    }
    values.join(",").parse().ok()
}
