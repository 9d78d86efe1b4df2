use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
};

use super::{CallReport, OTHER, SYSTEM};

/// The attributes of `rpc.server.call.duration` and `rpc.client.call.duration`, with a bounded
/// number of values.
///
/// The features `metrics` of `xmlrpc_axum` and `xmlrpc_client` use it. Use it yourself in a
/// [`CallObserver`](super::CallObserver) that records the histograms in another way.
///
/// Each different list of attributes is a time series, which takes memory until the program ends.
/// The name of an unknown method is therefore `_OTHER`. So are the error types, and the status codes of
/// faults, from the 101st different one on.
///
/// ```
/// use std::sync::Mutex;
/// use xmlrpc_core::{Client, Dispatcher, observe::{CallReport, MetricAttributes}, service::TraceLayer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let attributes = MetricAttributes::new();
/// let layer = TraceLayer::new().observe(move |report: &CallReport<'_>| {
///     let labels: Vec<_> = attributes.of(report).collect();
///     assert_eq!(labels[0], ("rpc.system.name", "xmlrpc".into()));
///     assert_eq!(labels[1], ("rpc.method", "three".into()));
///     println!("{labels:?}: {} s", report.duration().as_secs_f64());
/// });
/// let client = Client::new(Dispatcher::new().method("three", || 3).layer(layer));
/// client.call::<i32>("three", ()).await.unwrap();
/// # }
/// ```
#[derive(Default)]
pub struct MetricAttributes {
    error_types: Mutex<BTreeSet<Box<str>>>,
}

impl MetricAttributes {
    /// The maximum number of different error types.
    const ERROR_TYPES: usize = 100;
    /// The highest number of further attempts that is distinguished.
    const RESENDS: u32 = 10;

    /// Creates a set that has seen no error types.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names and values of the attributes of a call: `rpc.system.name`, `rpc.method`, and if they
    /// exist `rpc.status_code`, `error.type`, `server.address`, `server.port` and
    /// `http.request.resend_count`: how many attempts followed the first, at most 10.
    pub fn of<'a>(
        &self,
        report: &'a CallReport<'_>,
    ) -> impl Iterator<Item = (&'static str, Cow<'a, str>)> + use<'a> {
        let error = report.error_type().map(|error| self.bounded(error));
        let code = report.status_code().and(error);
        let resends = report.attempts().saturating_sub(1).min(Self::RESENDS);
        let resends = (resends > 0).then(|| resends.to_string().into());
        let port = report.server_port().map(|port| port.to_string().into());
        [
            ("rpc.system.name", Some(SYSTEM.into())),
            ("rpc.method", Some(report.method().into())),
            ("rpc.status_code", code.map(Into::into)),
            ("error.type", error.map(Into::into)),
            ("server.address", report.server_address().map(Into::into)),
            ("server.port", port),
            ("http.request.resend_count", resends),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    fn bounded<'a>(&self, error: &'a str) -> &'a str {
        let mut seen = self
            .error_types
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if seen.contains(error) {
            return error;
        }
        if seen.len() >= Self::ERROR_TYPES {
            return OTHER;
        }
        seen.insert(error.into());
        error
    }
}

impl fmt::Debug for MetricAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricAttributes").finish_non_exhaustive()
    }
}
