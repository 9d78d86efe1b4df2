//! Metrics for Prometheus, on their own port.

use std::{error::Error, future::IntoFuture as _, net::SocketAddr, time::Duration};

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tokio::{net::TcpListener, time::interval};
use xmlrpc_core::observe::DURATION_BUCKETS;

/// How often the recorder merges what was recorded. Otherwise its memory grows until somebody asks for the metrics.
const UPKEEP: Duration = Duration::from_secs(5);

/// Few programs ask for metrics. This many connections leave the file descriptors to the callers of methods.
pub(crate) const MAX_CONNECTIONS: usize = 16;

/// Records the metrics of this process, and serves them under `/metrics` until the process ends. Returns the address.
///
/// Call it before the dispatcher is built, which describes its metrics to the recorder.
pub(crate) async fn serve(address: SocketAddr) -> Result<SocketAddr, Box<dyn Error>> {
    let durations = Matcher::Suffix("call.duration".to_owned());
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, &DURATION_BUCKETS)?
        .install_recorder()?;

    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address} for metrics: {error}"))?;
    let address = listener.local_addr()?;

    let upkeep = recorder.clone();
    tokio::spawn(async move {
        let mut interval = interval(UPKEEP);
        loop {
            interval.tick().await;
            upkeep.run_upkeep();
        }
    });

    let metrics = move || {
        let text = recorder.render();
        async { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text) }
    };
    let router: Router = Router::new().route("/metrics", get(metrics));
    let server = xmlrpc_axum::serve(listener, router).max_connections(MAX_CONNECTIONS);
    tokio::spawn(server.into_future());
    Ok(address)
}
