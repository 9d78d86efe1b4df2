//! Invalid methods, all reported together.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service]
pub trait Methods {
    async fn generic<T>(&self, value: T);
    async fn constant<const N: usize>(&self);
    async fn no_receiver(value: i64);
    async fn mutable(&mut self);
    async fn owned(self);
    async fn typed(self: std::sync::Arc<Self>);
    async unsafe fn dangerous(&self);
    async fn pattern(&self, (a, b): (i64, i64));
    async fn new(&self);
    async fn client(&self);
    async fn describe(&self);
    async fn clone(&self);
    async fn fine(&self, a: i64) -> i64;
}

fn main() {}
