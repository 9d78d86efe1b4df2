//! Serves the same methods as `python3 -m xmlrpc.server`. `python3 -m xmlrpc.client` calls them.
//!
//! `cargo run --example demo_server [ADDR]`, by default on 127.0.0.1:8000. The log goes to stderr; `RUST_LOG=debug`
//! shows more of it.

use std::{error::Error, sync::Arc};

use tokio::net::TcpListener;
use xmlrpc_core::Dispatcher;
use xmlrpc_examples::{
    demo::{CurrentTimeServer, DemoServer, Example},
    logs,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr()?;
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8000".to_owned());

    let example = Arc::new(Example);
    let rpc = Dispatcher::new()
        .service(DemoServer::new(example.clone()))
        .service(CurrentTimeServer::new(example));

    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    logs::announce(&format_args!(
        "Serving XML-RPC on http://{}",
        listener.local_addr()?
    ));
    xmlrpc_axum::serve(listener, xmlrpc_axum::router(rpc))
        .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
        .await?;
    Ok(())
}
