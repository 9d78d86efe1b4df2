//! Traces and metrics of clients and servers over HTTP.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod common;
mod measured;
mod traces;
