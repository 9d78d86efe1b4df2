//! The program of the README, on a free port. A test compares the two, and ends this one under load.
#![allow(
    missing_docs,
    clippy::pedantic,
    reason = "the program is as it is in the README"
)]

use std::sync::Arc;
use xmlrpc_core::{DateTime, Dispatcher, Fault, xmlrpc_service};

/// The demo service of Python's `xmlrpc.server`.
#[xmlrpc_service]
pub trait Demo {
    /// Returns the answer.
    #[xmlrpc(name = "getData")]
    async fn get_data(&self) -> String;
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault>;
    async fn add(&self, a: i64, b: i64) -> i64;
}

#[xmlrpc_service(namespace = "currentTime", rename_all = "camelCase")]
pub trait CurrentTime {
    async fn get_current_time(&self) -> DateTime; // currentTime.getCurrentTime
}

struct Example;

impl Demo for Example {
    async fn get_data(&self) -> String {
        "42".to_owned()
    }
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault> {
        base.checked_pow(exponent)
            .ok_or_else(|| Fault::new(1, "the result exceeds 64 bits"))
    }
    async fn add(&self, a: i64, b: i64) -> i64 {
        a.saturating_add(b)
    }
}

impl CurrentTime for Example {
    async fn get_current_time(&self) -> DateTime {
        jiff::Zoned::now().datetime().into()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // server: one state for both traits, mounted as an axum::Router to merge, nest and layer
    let example = Arc::new(Example);
    let rpc = Dispatcher::new()
        .service(DemoServer::new(example.clone()))
        .service(CurrentTimeServer::new(example));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(async {
        xmlrpc_axum::serve(listener, xmlrpc_axum::router(rpc))
            .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
            .await
    });

    // client: generated from the trait
    let client = xmlrpc_client::Client::new(&url)?;
    let demo = DemoClient::new(client.clone());
    assert_eq!(demo.add(1, 2).await?, 3);

    // multicall: one request, each result with its own type and its own fault
    let (data, pow, sum) = client
        .multicall((demo.get_data(), demo.pow(2, 9), demo.add(1, 2)))
        .await?;
    println!("{} {} {} from {url}", data?, pow?, sum?);

    server.await??; // it serves until SIGTERM or Ctrl-C, and finishes the calls that run then
    Ok(())
}
