//! What `#[xmlrpc_service]` and `#[derive(TypedFault)]` generate, tested through the public API.

// The traits are public, as they are in a library.
#![allow(unreachable_pub)]
// Explicit lifetimes are one of the cases.
#![allow(clippy::elidable_lifetime_names)]

mod named;
mod params;
mod service;
mod traits;
mod typed_fault;
mod wire;
