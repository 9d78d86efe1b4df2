//! Tests of clients with several endpoints. The servers are small, count every call, and can be told to
//! misbehave. `client_hyper` has no such tests: those that depend on the wire run over both here.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod addresses;
mod black_holes;
mod choice;
mod dropped;
mod errors;
mod failover;
mod hedged_endings;
mod hedging;
mod ledger;
mod look_ups;
mod observation;
mod scenarios;
mod script;
mod server;
mod set_aside;
mod settings;

use std::time::Duration;

use xmlrpc_client::{Client, ClientBuilder, Http, Wire};
use xmlrpc_core::{Call, xmlrpc_service};

use server::Server;

#[xmlrpc_service(client)]
pub(crate) trait Shop {
    #[xmlrpc(idempotent)]
    async fn price(&self, call: i64) -> i64;
    async fn buy(&self, call: i64) -> i64;
}

/// A client of these servers, with pauses that suit tests.
pub(crate) fn builder(servers: &[&Server]) -> ClientBuilder {
    let (first, others) = servers.split_first().unwrap();
    Client::builder(first.url())
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .probe_backoff(Duration::from_millis(20), Duration::from_millis(200))
        .endpoints(others.iter().map(|server| server.url()))
}

pub(crate) fn client(servers: &[&Server]) -> Client {
    builder(servers).build().unwrap()
}

pub(crate) const WIRES: [Wire; 2] = [Wire::Reqwest, Wire::Hyper];

/// A call of either method.
pub(crate) fn call(shop: &ShopClient<Http>, idempotent: bool, number: i64) -> Call<Http, i64> {
    if idempotent {
        shop.price(number)
    } else {
        shop.buy(number)
    }
}
