//! Defaults that do not have the type of their parameter.

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
