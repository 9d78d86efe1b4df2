//! A server as it runs in production: TLS, callers with tokens and limits, time-outs for each method, a database, JSON
//! logs with request identifiers, metrics, health checks, sockets from systemd, and a shutdown that loses no call.
//! It runs on Unix.
//!
//! `cargo run --example production`. Environment variables are the settings: see `settings.rs`. Without any, it serves
//! `stock.…` to everybody on this machine, on 127.0.0.1:8000, and metrics on 127.0.0.1:9000. `examples/deploy` runs it under
//! systemd, in a container, and behind balancers.
//!
//! | file | contains |
//! |---|---|
//! | `main.rs` | how the parts are put together |
//! | `settings.rs` | the settings, from environment variables |
//! | `stock/` | the service and its database |
//! | `callers.rs` | authentication, and the limit on the calls of each caller |
//! | `request_id.rs`, `logs.rs`, `metrics.rs` | what operators see |
//! | `sockets.rs` | where the server listens |

mod callers;
mod logs;
mod metrics;
mod request_id;
mod settings;
mod sockets;
mod stock;

use std::{
    error::Error,
    fmt::Display,
    fs,
    io::{self, Write as _},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use axum::{BoxError, Router, middleware, serve::Listener};
use sd_notify::NotifyState;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    task::spawn_blocking,
};
use tower::ServiceBuilder;
use xmlrpc_axum::{Endpoint, Health, Tls};
use xmlrpc_core::{
    Dispatcher,
    service::{ConcurrencyLimit, TraceLayer, from_fn},
};

use callers::{Callers, Limit};
use settings::Settings;
use sockets::Socket;
use stock::{Database, StockServer};

/// It returns the memory of large documents to the system when they are freed; glibc's allocator keeps much of it. See "The
/// allocator" in `docs/production.md`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// For each method: the time-out in seconds, and how many calls of all callers may run at once. Others wait. When the
/// time is over, the caller gets a fault; a method that blocks still ends on its own, and counts until then.
const BOUNDS: [(&str, u64, usize); 4] = [
    ("stock.level", 5, 32),
    ("stock.take", 10, 16),
    // These have large documents.
    ("stock.find", 30, 2),
    ("stock.put", 60, 4),
];

/// How many health checks may run at once.
const HEALTH_CHECKS: usize = 2;

/// The maximum number of connections to the database: one for each call and each health check.
fn database_connections() -> usize {
    let calls: usize = BOUNDS.iter().map(|(_, _, at_once)| at_once).sum();
    calls + HEALTH_CHECKS
}

/// The file descriptors that connections of clients must leave. Each connection to the database uses two: the file and its
/// journal. The rest is for the metrics port, health checks, the log, sockets and the runtime.
fn reserved_descriptors() -> usize {
    2 * database_connections() + metrics::MAX_CONNECTIONS + 32
}

#[tokio::main]
async fn main() -> ExitCode {
    let _log = match logs::to_stderr() {
        Ok(log) => log,
        Err(error) => {
            // Nothing else can be done if nobody reads it.
            let _ = writeln!(io::stderr(), "{error}");
            return ExitCode::FAILURE;
        }
    };
    match run().await {
        Ok(()) => {
            tracing::info!("the server has ended");
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(error, "the server cannot run");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    // From here on, SIGTERM asks for a shutdown instead of ending the process.
    let shutdown = xmlrpc_axum::shutdown_signal();
    let settings = Settings::from_env()?;
    let metrics = metrics::serve(settings.metrics).await?;
    let socket = match Socket::from_systemd()? {
        Some(socket) => socket,
        None => Socket::bind(&settings.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", settings.listen))?,
    };
    let callers = callers(&settings)?;
    if matches!(callers, Callers::Anybody) && !socket.is_local() {
        return Err(format!(
            "other machines can reach {}: set STOCK_TOKENS, so that not everybody may call",
            socket.url("http")
        )
        .into());
    }
    let path = &settings.database;
    let database = Database::open(path, database_connections())
        .map_err(|error| format!("cannot open the database {}: {error}", path.display()))?;

    let tls = match &settings.tls {
        Some(files) => Some(Tls::from_pem_files(&files.certificate, &files.key)?),
        None => None,
    };
    reload_on_hangup(tls.clone())?;

    let app = app(&settings, callers, database);
    let url = socket.url(if tls.is_some() { "https" } else { "http" });
    announce(&format_args!("Serving XML-RPC on {url}"));
    announce(&format_args!("Serving metrics on http://{metrics}/metrics"));
    tracing::info!(url, %metrics, ?settings, "the server is ready");
    // systemd starts units that depend on this one.
    sd_notify::notify(&[NotifyState::Ready])?;

    let shutdown = async {
        shutdown.await;
        if let Err(error) = sd_notify::notify(&[NotifyState::Stopping]) {
            tracing::warn!(%error, "cannot notify systemd");
        }
    };
    match (socket, tls) {
        (Socket::Tcp(it), None) => serve(it, app, shutdown, &settings).await?,
        (Socket::Unix(it), None) => serve(it, app, shutdown, &settings).await?,
        (Socket::Tcp(it), Some(tls)) => serve(tls.listen(it), app, shutdown, &settings).await?,
        (Socket::Unix(it), Some(tls)) => serve(tls.listen(it), app, shutdown, &settings).await?,
    }
    Ok(())
}

/// Prints a line. `println!` would end the server if nobody reads its output any more.
fn announce(line: &dyn Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}") {
        tracing::warn!(%error, "cannot write to stdout");
    }
}

/// Loads the certificate again on each SIGHUP, which would otherwise end the process. New connections use the new one.
fn reload_on_hangup(tls: Option<Tls>) -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match tls.as_ref().map(Tls::reload) {
                Some(Ok(())) => tracing::info!("loaded the certificate again"),
                Some(Err(error)) => tracing::error!(%error, "kept the old certificate"),
                None => tracing::info!("without TLS, no certificate is loaded"),
            }
        }
    });
    Ok(())
}

/// Serves until the shutdown, and then drains.
async fn serve<L>(
    listener: L,
    app: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    settings: &Settings,
) -> io::Result<()>
where
    L: Listener<Addr: Clone + Send + Sync + 'static>,
{
    xmlrpc_axum::serve(listener, app)
        .with_graceful_shutdown(shutdown)
        .reserved_descriptors(reserved_descriptors())
        .drain_delay(settings.drain_delay)
        .drain(settings.drain)
        .await
}

fn callers(settings: &Settings) -> Result<Callers, String> {
    let Some(path) = &settings.tokens else {
        tracing::warn!("everybody on this machine may call: STOCK_TOKENS is not set");
        return Ok(Callers::Anybody);
    };
    let text = fs::read_to_string(path).map_err(|error| error.to_string());
    let callers = text.and_then(|text| Callers::parse(&text));
    callers.map_err(|error| format!("cannot use the tokens in {}: {error}", path.display()))
}

/// The whole app: XML-RPC for known callers, and health for balancers.
fn app(settings: &Settings, callers: Callers, database: Database) -> Router {
    let rpc = Endpoint::new(dispatcher(settings, database.clone()))
        // A quarter less than by default, because `stock.find` holds articles before there is a response.
        .max_bytes_in_flight(192 << 20)
        .into_router()
        .layer(middleware::from_fn_with_state(
            Arc::new(callers),
            callers::authenticate,
        ))
        .layer(middleware::from_fn(request_id::request_id));

    let checks = Arc::new(Semaphore::new(HEALTH_CHECKS));
    let health = Health::new().check("database", move || {
        let (database, checks) = (database.clone(), Arc::clone(&checks));
        async move {
            // The thread keeps the permit until it has ended, which may be after the time-out of the check.
            let permit = checks.acquire_owned().await?;
            let ping = move || {
                let _permit = permit;
                database.ping()
            };
            spawn_blocking(ping).await??;
            Ok::<_, BoxError>(())
        }
    });
    Router::new().merge(rpc).merge(health.into_router())
}

/// The methods and the layers around calls. Of two layers, the one that was added later runs first.
fn dispatcher(settings: &Settings, database: Database) -> Dispatcher {
    let mut dispatcher = Dispatcher::new().service(StockServer::new(database));
    for (method, seconds, at_once) in BOUNDS {
        let bounds = ServiceBuilder::new()
            .timeout(Duration::from_secs(seconds))
            // tower's limit would not count a blocking method whose caller has left.
            .layer(ConcurrencyLimit::new(at_once));
        dispatcher = dispatcher.method_layer(method, bounds);
    }
    let limit = Limit::new(settings.calls_per_second);
    dispatcher
        .layer(TraceLayer::new().observe(xmlrpc_axum::Metrics::new()))
        // Around the log of calls, so that it also bounds what a caller can write there.
        .layer(from_fn(move |call, next| limit.clone().check(call, next)))
}
