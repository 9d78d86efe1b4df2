//! A default of another type than its parameter's.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service]
pub trait Defaults {
    async fn owned(&self, #[xmlrpc(default = "text")] a: String);
    async fn lent(&self, #[xmlrpc(default = 1)] a: &str);
    async fn none(&self, #[xmlrpc(default)] a: Unknown);
    async fn hidden(&self, a: i64, #[xmlrpc(default = a + 1)] b: i64);
}

#[derive(serde::Serialize, serde::Deserialize)]
pub struct Unknown;

fn main() {}
