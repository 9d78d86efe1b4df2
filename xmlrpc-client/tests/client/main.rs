//! Tests of the client over HTTP, unix sockets and SCGI. Most peers are scripted; where a test
//! needs a real server, it is ours.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod common;
mod cookies;
mod failures;
mod http_connections;
mod http_keep_alive;
mod http_requests;
mod http_responses;
mod http_retries;
mod pools;
mod progress;
mod proxies;
mod scgi;
mod scgi_responses;
mod sleeping_runtime;
mod tls;
mod unix;
mod uploads;

const WIRE: xmlrpc_client::Wire = xmlrpc_client::Wire::Reqwest;
