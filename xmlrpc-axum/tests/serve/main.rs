//! Tests of `serve`: time-outs, maximum numbers and the shutdown, through raw connections.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]
#![cfg(feature = "serve")]

mod apps;
mod buffers;
mod common;
mod drain;
mod heads;
mod health;
mod maximum;
#[cfg(unix)]
mod process;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;
