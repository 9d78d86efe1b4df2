//! `/healthz` and `/readyz`.

use std::{
    fmt,
    future::ready,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    BoxError, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    Extensions, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::service::Serving;

/// For how long the result of the checks is used again.
const FRESH: Duration = Duration::from_secs(1);

type CheckFuture = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// The health of a server for balancers and orchestrators: a router with `/healthz` and `/readyz`,
/// with checks of your own.
///
/// * `/healthz` responds with 200 as long as the process responds at all. Restart the process if it
///   does not.
/// * `/readyz` responds with 200 if all checks succeed, and otherwise with 503. It also responds
///   with 503 as soon as the server shuts down. Send no new requests to a server that is not ready.
///
/// The body is one line of plain text for each check: its name and `ok` or `failed`. The errors go to
/// the log.
///
/// The checks run when `/readyz` is requested, all at once, but not more often than once a second: in between,
/// the last result is used. So clients cannot load a database through them. If the client leaves, the checks
/// continue, and their result is stored. A check that panics, or that takes longer than its
/// [time-out](Self::check_timeout), has failed.
///
/// ```
/// use axum::Router;
/// use xmlrpc_axum::Health;
/// use xmlrpc_core::Dispatcher;
///
/// # async fn ping_database() -> Result<(), std::io::Error> { Ok(()) }
/// let health = Health::new().check("database", || async { ping_database().await });
/// let app: Router = xmlrpc_axum::router(Dispatcher::new()).merge(health.into_router());
/// # let _ = app;
/// ```
///
/// Under [`serve`](crate::serve()), a router in the app learns of the shutdown by itself. If another
/// server serves the router, for example on a port for administration, pass the same `Health` to
/// [`Serve::health`](crate::Serve::health), or call [`shut_down`](Self::shut_down). Cloning is
/// cheap, and clones share the state.
#[derive(Clone)]
pub struct Health {
    checks: Vec<Check>,
    timeout: Duration,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    shut_down: AtomicBool,
    last: Arc<Mutex<Option<Last>>>,
}

#[derive(Clone)]
struct Check {
    name: Arc<str>,
    run: Arc<dyn Fn() -> CheckFuture + Send + Sync>,
}

/// The result of the checks.
#[derive(Clone)]
struct Last {
    at: Instant,
    succeeded: bool,
    report: String,
}

impl Health {
    /// Creates a health without checks: ready until the server shuts down.
    pub fn new() -> Self {
        Self {
            checks: Vec::new(),
            timeout: Duration::from_secs(2),
            shared: Arc::default(),
        }
    }

    /// Adds a check. `/readyz` shows its name.
    ///
    /// Check what this server needs and others may have: its own disk, its license. If all servers need the
    /// same database and it fails, they all become unready at once, and the balancer has no server
    /// left that could respond with a fault.
    #[must_use]
    pub fn check<F, R, E>(mut self, name: &str, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let run = move || -> CheckFuture {
            let check = check();
            Box::pin(async move { check.await.map_err(Into::into) })
        };
        self.checks.push(Check {
            name: name.into(),
            run: Arc::new(run),
        });
        self
    }

    /// The time-out of each check; 2 seconds by default. Choose it shorter than that of the balancer.
    #[must_use]
    pub fn check_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// From now on, `/readyz` responds with 503. [`serve`](crate::serve()) calls this when its
    /// shutdown begins, if you passed this health to [`Serve::health`](crate::Serve::health).
    pub fn shut_down(&self) {
        self.shared.shut_down.store(true, Relaxed);
    }

    /// A router with `/healthz` and `/readyz`, for GET and HEAD requests.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let readiness = move |extensions: Extensions| {
            let health = self.clone();
            async move { health.readiness(&extensions).await }
        };
        Router::new()
            .route("/healthz", get(|| ready(text(StatusCode::OK, "ok\n"))))
            .route("/readyz", get(readiness))
    }

    async fn readiness(&self, extensions: &Extensions) -> Response {
        let served = extensions.get::<Serving>();
        if self.shared.shut_down.load(Relaxed) || served.is_some_and(Serving::is_draining) {
            return text(StatusCode::SERVICE_UNAVAILABLE, "shutting down\n");
        }
        let last = self.last().await;
        if last.succeeded {
            text(StatusCode::OK, last.report)
        } else {
            text(StatusCode::SERVICE_UNAVAILABLE, last.report)
        }
    }

    async fn last(&self) -> Last {
        let mut last = Arc::clone(&self.shared.last).lock_owned().await;
        if let Some(last) = &*last
            && last.at.elapsed() < FRESH
        {
            return last.clone();
        }
        // In a task of its own, which keeps the lock: the client may leave before the result is stored.
        let health = self.clone();
        let running = tokio::spawn(async move {
            let new = health.run_checks().await;
            *last = Some(new.clone());
            new
        });
        running.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the health checks did not end");
            Last {
                at: Instant::now(),
                succeeded: false,
                report: "the checks did not end\n".to_owned(),
            }
        })
    }

    async fn run_checks(&self) -> Last {
        // In tasks of their own: they run at once, and survive a panic.
        let start = |check: &Check| {
            let (run, limit) = (Arc::clone(&check.run), self.timeout);
            tokio::spawn(async move { timeout(limit, run()).await })
        };
        let running: Vec<_> = self.checks.iter().map(start).collect();
        let mut succeeded = true;
        let mut report = String::new();
        for (check, running) in self.checks.iter().zip(running) {
            let name = &*check.name;
            let result = match running.await {
                Ok(Ok(result)) => result,
                Ok(Err(elapsed)) => Err(elapsed.into()),
                Err(panic) => Err(panic.into()),
            };
            if let Err(error) = &result {
                tracing::warn!(check = name, %error, "a health check failed");
                succeeded = false;
            }
            let result = if result.is_ok() { "ok" } else { "failed" };
            report.extend([name, ": ", result, "\n"]);
        }
        if self.checks.is_empty() {
            report.push_str("ok\n");
        }
        Last {
            at: Instant::now(),
            succeeded,
            report,
        }
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.checks.iter().map(|check| &*check.name).collect();
        f.debug_struct("Health")
            .field("checks", &names)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn text(status: StatusCode, text: impl Into<String>) -> Response {
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, text.into()).into_response()
}
