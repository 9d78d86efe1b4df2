//! The tests of `main.rs` over the wire on hyper-util.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod common;
mod failures;
mod http_connections;
mod http_keep_alive;
mod http_requests;
mod http_responses;
mod http_retries;
mod pools;
mod progress;
mod proxies;
mod sleeping_runtime;
mod tls;
mod unix;
mod uploads;

const WIRE: xmlrpc_client::Wire = xmlrpc_client::Wire::Hyper;

#[test]
fn a_custom_http_client_belongs_to_reqwest() {
    let builder = xmlrpc_client::Client::builder("http://localhost")
        .wire(WIRE)
        .http_client(reqwest::Client::new());
    let text =
        "a custom HTTP client belongs to reqwest: remove `http_client`, or `wire(Wire::Hyper)`";
    assert_eq!(builder.build().unwrap_err().to_string(), text);
}

#[test]
fn the_other_wire_is_the_default() {
    assert_eq!(xmlrpc_client::Wire::default(), xmlrpc_client::Wire::Reqwest);
}
