//! Serves the suites that XML-RPC implementations test each other with: `validator1`,
//! `interopEchoTests`, the demo of Python's modules, and an echo of every type.
//!
//! `cargo run --example interop_server [ADDR]`, by default on 127.0.0.1:8000. `unix:` is followed by the path of a
//! socket. Responses are compressed if the client accepts that. `/auth` serves the same for the user `moe` with the
//! password `secret`.

use std::{error::Error, sync::Arc};

use axum::{Router, middleware};
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate as _},
    metrics::InFlightRequestsLayer,
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Limits, service::ConcurrencyLimit};
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
        // Its result is not part of the bytes in flight, only the response is.
        .method_layer("peer.letters", ConcurrencyLimit::new(1))
        // 10 MB become 14 MB in base64.
        .limits(Limits::REQUEST.bytes(32 << 20))
}

/// Responses are compressed only while at most this many requests are in flight. The memory of a compressor, about
/// 350 KB, is not part of the bytes in flight, and is in use until the client has read the response.
const COMPRESSED: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr()?;
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8000".to_owned());

    // Both share the bytes in flight.
    let endpoint = Endpoint::new(dispatcher());
    let closed = Router::new()
        .route_service("/auth", endpoint.clone())
        .layer(middleware::from_fn(only_moe));
    let (requests, in_flight) = InFlightRequestsLayer::pair();
    let few = move |_, _, _: &_, _: &_| in_flight.get() <= COMPRESSED;
    let app = endpoint
        .into_router()
        .merge(closed)
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(few)))
        .layer(requests);

    serve(&address, app).await
}
