//! Serves a router on an address or a unix socket, for authenticated users only.

use std::error::Error;

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;
use xmlrpc_axum::shutdown_signal;

use crate::logs::announce;

/// A layer that admits only the user `moe` with the password `secret`.
pub async fn only_moe(request: Request, next: Next) -> Response {
    const MOE: &str = "Basic bW9lOnNlY3JldA=="; // moe:secret
    let credentials = request.headers().get(header::AUTHORIZATION);
    // `==` would return earlier the earlier the first difference is, and a client can measure that.
    if credentials.is_some_and(|it| it.as_bytes().ct_eq(MOE.as_bytes()).into()) {
        return next.run(request).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"stooges\"")];
    (StatusCode::UNAUTHORIZED, challenge).into_response()
}

/// Serves on an address until SIGTERM or Ctrl-C. `unix:` is followed by the path of a socket.
///
/// # Errors
///
/// If it cannot listen on the address.
pub async fn serve(address: &str, app: Router) -> Result<(), Box<dyn Error>> {
    if let Some(path) = address.strip_prefix("unix:") {
        return serve_unix(path, app).await;
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    announce(&format_args!(
        "Serving XML-RPC on http://{}",
        listener.local_addr()?
    ));
    xmlrpc_axum::serve(listener, app)
        .with_graceful_shutdown(shutdown_signal())
        .await?;
    Ok(())
}

#[cfg(unix)]
async fn serve_unix(path: &str, app: Router) -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::UnixListener::bind(path)
        .map_err(|error| format!("cannot listen on {path}: {error}"))?;
    announce(&format_args!("Serving XML-RPC on unix:{path}"));
    xmlrpc_axum::serve(listener, app)
        .with_graceful_shutdown(shutdown_signal())
        .await?;
    Ok(())
}

#[cfg(not(unix))]
async fn serve_unix(_: &str, _: Router) -> Result<(), Box<dyn Error>> {
    Err("this system has no unix sockets".into())
}
