//! Invalid qualifiers and parameters of methods, and items that are not methods.

use xmlrpc_core::{Context, xmlrpc_service};

macro_rules! methods {
    () => {};
}

#[xmlrpc_service]
pub trait Signatures {
    const fn constant(&self);
    extern "C" fn foreign(&self);
    unsafe extern "C" fn variadic(&self, a: i64, _: ...);
    async fn mutable_context(&self, #[xmlrpc(context)] cx: &mut Context);
    methods!();
    async fn fine(&self, a: i64) -> i64;
}

fn main() {}
