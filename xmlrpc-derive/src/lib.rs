//! The `#[xmlrpc_service]` macro of `xmlrpc-core`.
