//! Types of the caller's choice that cannot be sent or decoded.

use std::fmt::Display;

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service(client)]
pub trait Open {
    async fn sent(&self, a: impl Display);
    async fn decoded<R>(&self) -> Vec<R>;
    async fn any<R>(&self) -> R;
    async fn sent_back<R: Send + 'static>(&self) -> Result<R, xmlrpc_core::Fault>;
    async fn fine<R>(&self) -> R
    where
        R: serde::de::DeserializeOwned;
}

fn main() {}
