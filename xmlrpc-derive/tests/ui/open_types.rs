//! Types of the caller's choice that cannot be sent or decoded.

use std::fmt::Display;

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service(client)]
pub trait Open {
    async fn sent(&self, a: impl Display);
    async fn decoded<R>(&self) -> Vec<R>;
}

fn main() {}
