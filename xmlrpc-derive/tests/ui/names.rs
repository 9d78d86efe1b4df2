//! Invalid and duplicate names.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service]
pub trait Names {
    #[xmlrpc(name = "same")]
    async fn one(&self);
    #[xmlrpc(name = "same")]
    async fn two(&self);
    #[xmlrpc(aliases = ["one.more", "three"])]
    async fn three(&self);
    #[xmlrpc(name = "")]
    async fn empty(&self);
    #[xmlrpc(name = "with space")]
    async fn space(&self);
    async fn größe(&self);
}

fn main() {}
