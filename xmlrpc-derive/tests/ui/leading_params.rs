//! Leading parameters and `params = struct`.

use xmlrpc_core::{Client, Dispatcher, xmlrpc_service};

#[xmlrpc_service(client)]
pub trait Bugs {
    async fn version(&self) -> String;
    #[xmlrpc(params = struct)]
    async fn search(&self, product: &str) -> Vec<i64>;
}

#[xmlrpc_service(client)]
pub trait Fine {
    #[xmlrpc(params = struct, no_leading)]
    async fn search(&self, product: &str) -> Vec<i64>;
}

#[xmlrpc_service(client, no_leading)]
pub trait Misplaced {
    async fn search(&self, #[xmlrpc(no_leading)] product: &str) -> Vec<i64>;
    #[xmlrpc(no_leading = true)]
    async fn valued(&self);
    async fn with_leading_params(&self);
}

pub struct Login;

fn main() {
    let client = Client::new(Dispatcher::new());
    let _ = FineClient::new(&client).with_leading_params(("token",));
    let _ = BugsClient::new(&client).with_leading_params(("token",)).version();
    let _ = FineClient::new(&client).with_leading_params("token");
    let _ = BugsClient::new(&client).with_leading_members(Login);
}
