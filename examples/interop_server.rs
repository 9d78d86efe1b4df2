//! Serves the suites that XML-RPC implementations test each other with: `validator1`,
//! `interopEchoTests`, the demo of Python's modules, and an echo of every type.
//!
//! `cargo run --example interop_server [ADDR]`, by default on 127.0.0.1:8000. `unix:` is followed by the path of a
//! socket. Responses are compressed if the client accepts that. `/auth` serves the same for the user `moe` with the
//! password `secret`.

use std::{error::Error, sync::Arc};

use axum::{Router, middleware};
use tower_http::compression::CompressionLayer;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Limits};
use xmlrpc_examples::{
    demo::{CurrentTimeServer, DemoServer, Example},
    interop::{InteropEchoTestsServer, PeerServer, Suites, ValidatorServer},
    logs,
    serve::{only_moe, serve},
};

fn dispatcher() -> Dispatcher {
    let (suites, example) = (Arc::new(Suites), Arc::new(Example));
    Dispatcher::new()
        .service(ValidatorServer::new(Arc::clone(&suites)))
        .service(InteropEchoTestsServer::new(Arc::clone(&suites)))
        .service(PeerServer::new(suites))
        .service(DemoServer::new(Arc::clone(&example)))
        .service(CurrentTimeServer::new(example))
        // 10 MB become 14 MB in base64.
        .limits(Limits::REQUEST.bytes(32 << 20))
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

    serve(&address, app).await
}
