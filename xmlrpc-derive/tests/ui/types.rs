//! Types that cannot be lent, decoded or sent.

use std::borrow::Cow;

use xmlrpc_core::{Fault, xmlrpc_service};

#[xmlrpc_service]
pub trait Types {
    async fn nested(&self, a: &[&str]);
    async fn pair(&self, a: (&str, i64));
    async fn mutable(&self, a: &mut i64);
    async fn opaque(&self, a: impl Into<String>);
    async fn object(&self, a: Box<dyn Fn()>);
    async fn function(&self, a: fn());
    async fn this(&self, a: Self);
    async fn borrowed(&self) -> &str;
    async fn cow(&self) -> Cow<'_, str>;
    async fn own(&self) -> Self;
    async fn never(&self) -> !;
    async fn pointer(&self, a: *const i64);
    async fn inferred(&self, a: Vec<_>);
    async fn maybe_mutable(&self, a: Option<&mut i64>);
    async fn borrowed_or_fault(&self) -> Result<&str, Fault>;
    async fn opaque_result(&self) -> impl Into<String>;
}

fn main() {}
