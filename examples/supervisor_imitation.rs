//! Imitates Supervisor for `supervisorctl`: serves its interface, with made-up processes.
//!
//! `cargo run --example supervisor_imitation [ADDR]`, by default on 127.0.0.1:9001, for the user `moe` with the
//! password `secret`. `unix:` is followed by the path of a socket, which needs no password.
//! `supervisorctl -s http://127.0.0.1:9001 -u moe -p secret status` calls it.

use std::error::Error;

use axum::middleware;
use xmlrpc_core::Dispatcher;
use xmlrpc_examples::{
    logs,
    serve::{only_moe, serve},
    supervision::{Imitation, SupervisionServer},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logs::to_stderr()?;
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:9001".to_owned());

    let rpc = Dispatcher::new().service(SupervisionServer::new(Imitation::default()));
    let mut app = xmlrpc_axum::router(rpc);
    if !address.starts_with("unix:") {
        app = app.layer(middleware::from_fn(only_moe));
    }
    serve(&address, app).await
}
