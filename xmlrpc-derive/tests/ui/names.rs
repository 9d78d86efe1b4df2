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
    #[xmlrpc(name = "no\u{A0}break", aliases = ["\u{85}", "\u{FFFF}"])]
    async fn unusual(&self);
    async fn größe(&self);
    #[xmlrpc(name = "têšt", aliases = ["größe"])]
    async fn letters(&self);
}

fn main() {}
