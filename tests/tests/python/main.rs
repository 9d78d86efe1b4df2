//! Python's standard library as the peer: as a client and as a server.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod client;
mod common;
mod dynamic;
mod introspection;
mod server;
