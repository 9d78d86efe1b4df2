use std::sync::Arc;

use metrics::{Label, Unit};
use xmlrpc_core::observe::{CallObserver, CallReport, MetricAttributes};

const NAME: &str = "rpc.client.call.duration";

/// Records the histogram `rpc.client.call.duration`, in seconds, through the facade [`metrics`].
///
/// Pass it to [`ClientBuilder::observe`](crate::ClientBuilder::observe), or for another transport to
/// [`xmlrpc_core::Client::observe`]. Its labels follow the OpenTelemetry conventions for RPC:
/// `rpc.system.name`, `rpc.method`, `server.address`, `server.port`, and if the call failed `error.type`
/// and `rpc.status_code`. Their number is bounded, whatever the server sends: see
/// [`MetricAttributes`](xmlrpc_core::observe::MetricAttributes).
///
/// The facade records nothing until the program installs a recorder, so install it first. The conventions
/// specify the buckets [`DURATION_BUCKETS`](xmlrpc_core::observe::DURATION_BUCKETS), which the exporter has
/// to know.
///
/// ```
/// use xmlrpc_client::{Client, Metrics};
///
/// let client = Client::builder("http://localhost:8000/RPC2")
///     .observe(Metrics::new())
///     .build()?;
/// # let _ = client;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Metrics {
    attributes: Arc<MetricAttributes>,
}

impl Metrics {
    /// Describes the histogram to the recorder of the program.
    pub fn new() -> Self {
        metrics::describe_histogram!(NAME, Unit::Seconds, "Duration of outgoing calls.");
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
