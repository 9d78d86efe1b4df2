//! Only a call through the stub warns about a deprecated method.

#![deny(deprecated)]

use xmlrpc_core::{Transport, xmlrpc_service};

#[xmlrpc_service]
pub trait Versions {
    #[deprecated = "call `new_one`"]
    async fn old_one(&self);
    async fn new_one(&self);
}

pub async fn call<T: Transport>(versions: VersionsClient<T>) {
    let _ = versions.new_one().await;
    let _ = versions.old_one().await;
}

fn main() {}
