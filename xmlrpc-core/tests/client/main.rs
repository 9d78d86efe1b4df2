//! Tests of the client over transports in memory.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod attempts;
mod calls;
mod common;
mod envelope;
mod introspect;
mod layers;
mod leading;
mod leading_members;
mod map;
mod multicall;
mod multicall_fallback;
mod observed;
mod peers;
mod retries;
mod with_response;
