//! Serves the suites that XML-RPC implementations test each other with: `validator1`,
//! `interopEchoTests`, the demo of Python's modules, and an echo of every type.
//!
//! `cargo run --example interop_server [ADDR]`, by default on 127.0.0.1:8000; an address that begins
//! with `unix:` is the path of a socket. Answers are compressed for whoever takes that; `/auth` is
//! the same for the user `moe` with the password `secret`.

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Limits};
use xmlrpc_examples::{
    demo::{CurrentTimeServer, DemoServer, Example},
    interop::{InteropEchoTestsServer, PeerServer, Suites, ValidatorServer},
    logs,
};

fn dispatcher() -> Dispatcher {
    let (suites, example) = (Arc::new(Suites), Arc::new(Example));
    Dispatcher::new()
        .service(ValidatorServer::new(Arc::clone(&suites)))
        .service(InteropEchoTestsServer::new(Arc::clone(&suites)))
        .service(PeerServer::new(suites))
        .service(DemoServer::new(Arc::clone(&example)))
        .service(CurrentTimeServer::new(example))
        // 10 MB of base64 are 14 MB.
        .limits(Limits::REQUEST.bytes(32 << 20))
}

/// Lets nobody in but Moe.
async fn only_moe(request: Request, next: Next) -> Response {
    const MOE: &str = "Basic bW9lOnNlY3JldA=="; // moe:secret
    match request.headers().get(header::AUTHORIZATION) {
        Some(credentials) if credentials == MOE => next.run(request).await,
        _ => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"stooges\"")];
            (StatusCode::UNAUTHORIZED, challenge).into_response()
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr()?;
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8000".to_owned());

    let closed = Router::new()
        .route_service("/auth", Endpoint::new(dispatcher()))
        .layer(middleware::from_fn(only_moe));
    let app = xmlrpc_axum::router(dispatcher())
        .merge(closed)
        .layer(CompressionLayer::new());

    if let Some(path) = address.strip_prefix("unix:") {
        return serve_unix(path, app).await;
    }
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    println!("Serving XML-RPC on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(unix)]
async fn serve_unix(path: &str, app: Router) -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::UnixListener::bind(path)
        .map_err(|error| format!("cannot listen on {path}: {error}"))?;
    println!("Serving XML-RPC on unix:{path}");
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(not(unix))]
async fn serve_unix(_: &str, _: Router) -> Result<(), Box<dyn Error>> {
    Err("this system has no unix sockets".into())
}
