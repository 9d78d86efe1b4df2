//! What a trait cannot be, reported all at once.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service(bogus = 1, rename_all = "kebab-case", namespace = "a", namespace = "b", context, idempotent)]
pub trait Attributes {
    async fn fine(&self);
}

#[xmlrpc_service]
pub trait Items<'a> {
    type Associated;
    const CONSTANT: i64;
}

#[xmlrpc_service]
pub unsafe trait Unsafe {
    async fn fine(&self);
}

#[xmlrpc_service]
pub struct NoTrait;

fn main() {}
