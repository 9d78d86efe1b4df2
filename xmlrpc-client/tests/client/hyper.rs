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
mod tls;
mod unix;
mod uploads;

const WIRE: xmlrpc_client::Wire = xmlrpc_client::Wire::Hyper;
