//! Tests of the client over HTTP, unix sockets and SCGI. Its peer is a script; where it has to be a server, it is ours.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod common;
mod http_answers;
mod http_connections;
mod http_requests;
mod http_retries;
mod scgi;
mod scgi_answers;
mod unix;
