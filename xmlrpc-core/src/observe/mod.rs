//! Spans, events and metrics of calls, on both sides.
//!
#![doc = include_str!("observe.md")]

#[cfg(feature = "client")]
mod attempts;
mod attributes;
pub(crate) mod document;
mod error_type;
mod hooks;
mod report;

#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use attempts::{Attempts, ServerAddress};
pub use attributes::MetricAttributes;
pub use hooks::CallObserver;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use hooks::InjectContext;
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub use hooks::{ExtractContext, Relation};
pub use report::CallReport;

pub(crate) use error_type::ErrorType;

/// The bounds of the buckets, in seconds, that the OpenTelemetry conventions specify for the histograms
/// `rpc.server.call.duration` and `rpc.client.call.duration`.
///
/// The `metrics` facade leaves the buckets to the exporter, so pass them to it. The documentation of
/// `xmlrpc_axum::Metrics` shows how.
///
/// ```
/// use xmlrpc_core::observe::DURATION_BUCKETS;
///
/// assert_eq!(DURATION_BUCKETS[0], 0.005);
/// assert!(DURATION_BUCKETS.is_sorted());
/// ```
pub const DURATION_BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// The value of `rpc.system.name`.
pub(crate) const SYSTEM: &str = "xmlrpc";

/// Replaces names and codes that are not in a known, bounded set.
pub(crate) const OTHER: &str = "_OTHER";

/// The value of `rpc.method_original`: the name that was called, on one line, and at most 100
/// characters of it.
pub(crate) fn original_method(name: &str) -> String {
    crate::error::OneLine::up_to(100, name).to_string()
}

/// Marks a span as failed.
pub(crate) fn record_error(span: &tracing::Span, error: &ErrorType) {
    if let Some(code) = error.status_code() {
        span.record("rpc.status_code", code);
    }
    span.record("error.type", error.as_str());
    span.record("otel.status_code", "ERROR");
}
