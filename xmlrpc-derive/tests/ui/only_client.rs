//! What a trait for a client alone cannot have either.

use xmlrpc_core::{Fault, xmlrpc_service};

#[xmlrpc_service(client)]
pub trait OnlyClient {
    async fn mutable(&self, a: &[&mut i64]);
    async fn function(&self, a: fn());
    async fn this(&self, a: Self);
    async fn pointer(&self, a: &[*const i64]);
    async fn inferred(&self, a: Vec<_>);
    async fn borrowed(&self) -> &str;
    async fn borrowed_or_fault(&self) -> Result<Vec<&str>, Fault>;
    async fn opaque_result(&self) -> impl Into<String>;
    async fn fine(&self, a: &[&str]) -> String;
}

fn main() {}
