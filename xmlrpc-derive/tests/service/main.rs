//! What `#[xmlrpc_service]` and `#[derive(TypedFault)]` generate, tested through the public API.

// The traits are public, as in a library.
#![allow(unreachable_pub)]
// One of the cases has explicit lifetimes.
#![allow(clippy::elidable_lifetime_names)]

mod named;
mod only_client;
mod params;
mod service;
mod traits;
mod typed_fault;
mod wire;
