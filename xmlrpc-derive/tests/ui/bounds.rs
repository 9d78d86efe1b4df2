//! Types without the required traits of serde or `Into<Fault>`. The error points at the type.

use xmlrpc_core::xmlrpc_service;

pub struct Unknown;

#[xmlrpc_service(server)]
pub trait Server {
    async fn by_value(&self, a: Unknown);
    async fn by_reference(&self, a: &Unknown);
    async fn result(&self) -> Unknown;
    async fn error(&self) -> Result<i64, Unknown>;
}

#[xmlrpc_service(client)]
pub trait Client {
    async fn by_value(&self, a: Unknown);
    async fn result(&self) -> Unknown;
}

fn main() {}
