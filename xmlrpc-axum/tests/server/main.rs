//! Tests of the server through raw HTTP requests.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod bodies;
mod common;
mod in_flight;
mod offload;
mod over;
mod pages;
mod property;
mod receiving;
mod replaced;
mod requests;
mod response_bytes;
mod response_limit;
mod slow_bodies;
mod slow_large;
mod waiting;
