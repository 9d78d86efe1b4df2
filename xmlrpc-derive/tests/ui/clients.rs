//! Clients made from a URL, and clients over another transport than the expected one.

use xmlrpc_core::{BoxTransport, Client, Dispatcher, xmlrpc_service};

#[xmlrpc_service(client)]
pub trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
}

struct App {
    calc: CalcClient,
    backend: Client<BoxTransport>,
}

fn over_urls() {
    let _ = Client::new("http://localhost:8000");
    let _ = CalcClient::new("http://localhost:8000");
}

fn over_another_transport(dispatcher: Dispatcher) -> App {
    let client = Client::new(dispatcher);
    App {
        calc: CalcClient::new(&client),
        backend: client,
    }
}

fn main() {}
