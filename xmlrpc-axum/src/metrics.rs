use std::sync::Arc;

use metrics::{Label, Unit};
use xmlrpc_core::observe::{CallObserver, CallReport, MetricAttributes};

const NAME: &str = "rpc.server.call.duration";

/// Records the histogram `rpc.server.call.duration`, in seconds, through the facade [`metrics`].
///
/// Pass it to [`TraceLayer::observe`](xmlrpc_core::service::TraceLayer::observe). Its labels follow the
/// OpenTelemetry conventions for RPC: `rpc.system.name`, `rpc.method`, and if the call failed `error.type`
/// and `rpc.status_code`. Their number is bounded, whatever callers send: see
/// [`MetricAttributes`](xmlrpc_core::observe::MetricAttributes).
///
/// The facade records nothing until the program installs a recorder, so install it first. The conventions
/// also specify the buckets:
///
/// ```
/// use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
/// use xmlrpc_core::{Client, Dispatcher, observe::DURATION_BUCKETS, service::TraceLayer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let prometheus = PrometheusBuilder::new()
///     .set_buckets_for_metric(Matcher::Suffix("call.duration".to_owned()), &DURATION_BUCKETS)?
///     .install_recorder()?;
///
/// let dispatcher = Dispatcher::new()
///     .method("three", || 3)
///     .layer(TraceLayer::new().observe(xmlrpc_axum::Metrics::new()));
///
/// # Client::new(dispatcher).call::<i32>("three", ()).await?;
/// // Serve this text under `/metrics`, and call `run_upkeep` every few seconds.
/// let text = prometheus.render();
/// assert!(text.contains(
///     "rpc_server_call_duration_bucket{rpc_system_name=\"xmlrpc\",rpc_method=\"three\",le=\"0.005\"}"
/// ));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Metrics {
    attributes: Arc<MetricAttributes>,
}

impl Metrics {
    /// Describes the histogram to the recorder of the program.
    pub fn new() -> Self {
        metrics::describe_histogram!(NAME, Unit::Seconds, "Duration of incoming calls.");
        Self {
            attributes: Arc::default(),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl CallObserver for Metrics {
    fn call_ended(&self, report: &CallReport<'_>) {
        let attributes = self.attributes.of(report);
        let labels: Vec<_> = attributes
            .map(|(name, value)| Label::new(name, value.into_owned()))
            .collect();
        metrics::histogram!(NAME, labels).record(report.duration());
    }
}
