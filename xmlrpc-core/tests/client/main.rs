//! Tests of the client over transports in memory.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod calls;
mod common;
mod introspect;
mod layers;
mod multicall;
mod multicall_fallback;
mod observed;
mod peers;
mod retries;
