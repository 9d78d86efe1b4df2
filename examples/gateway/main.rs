//! A gateway: it forwards each call to another server, byte for byte, and logs which methods are called.
//!
//! `cargo run --example gateway BACKEND [ADDR]`. `BACKEND` is the URL of the other server: `http`, `https`, `scgi` or
//! `unix`. Calls to any path of the gateway go to this URL. The gateway listens on 127.0.0.1:8000 by default. The
//! environment variables `GATEWAY_BACKEND` and `GATEWAY_LISTEN` replace the arguments, and `GATEWAY_TIMEOUT` sets the
//! time-out of a call in seconds. The log goes to stderr; `RUST_LOG` changes it.
//!
//! * It forwards the documents as they are, in any encoding, even those that are not XML-RPC: the other server decides
//!   about them. It only inflates compressed bodies.
//! * What is too large, too slow, or from a foreign web page never reaches the other server: see [`Endpoint`].
//! * If the other server cannot be reached, or takes too long, the caller gets a fault. Its other responses, such as
//!   401, pass through.

mod calls;

use std::{env, error::Error, time::Duration};

use tokio::net::TcpListener;
use tower::{BoxError, ServiceBuilder, ServiceExt as _, service_fn};
use xmlrpc_axum::{Endpoint, serve, shutdown_signal};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Limits, Request, Response};
use xmlrpc_examples::logs;

/// The limits of a request. The other server has its own.
const REQUEST: Limits = Limits::REQUEST;

/// The maximum number of calls at the same time.
const CALLS: usize = 1_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr_or("warn,gateway=info")?;
    let shutdown = shutdown_signal();
    let settings = Settings::read()?;

    let backend = Client::new(&settings.backend)?.transport().clone();
    let forward = service_fn(move |request| forward(backend.clone(), request));
    let gateway = ServiceBuilder::new()
        .timeout(settings.timeout)
        .service(forward);
    let endpoint = Endpoint::over(gateway)
        .max_body_bytes(REQUEST.bytes)
        .max_requests_in_flight(CALLS);

    let address = &settings.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    logs::announce(&format_args!(
        "Forwarding XML-RPC from http://{}",
        listener.local_addr()?
    ));
    serve(listener, endpoint)
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}

/// Logs a call, and sends it to the other server.
async fn forward(backend: Http, request: Request) -> Result<Response, BoxError> {
    let request = calls::log(request).await?;
    let response = backend.oneshot(request).await?;
    tracing::debug!(
        status = response.status.as_u16(),
        bytes = response.body.len(),
        "responded"
    );
    Ok(response)
}

struct Settings {
    backend: String,
    listen: String,
    timeout: Duration,
}

impl Settings {
    fn read() -> Result<Self, String> {
        let mut arguments = env::args().skip(1);
        let mut setting = |name| arguments.next().or_else(|| variable(name));
        let backend = setting("GATEWAY_BACKEND").ok_or(
            "usage: gateway BACKEND [ADDR], or set GATEWAY_BACKEND to the URL of the server",
        )?;
        let listen = setting("GATEWAY_LISTEN").unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        if let Some(more) = arguments.next() {
            return Err(format!(
                "unknown argument `{more}`; usage: gateway BACKEND [ADDR]"
            ));
        }
        let timeout = match variable("GATEWAY_TIMEOUT") {
            None => Duration::from_secs(60),
            Some(seconds) => seconds
                .parse()
                .map(Duration::from_secs)
                .map_err(|error| format!("invalid setting GATEWAY_TIMEOUT={seconds}: {error}"))?,
        };
        Ok(Self {
            backend,
            listen,
            timeout,
        })
    }
}

/// An environment variable. An empty one counts as unset.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
