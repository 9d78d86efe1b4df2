//! Our client and our server over HTTP.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod blocking;
mod bodies;
mod common;
mod disconnect;
