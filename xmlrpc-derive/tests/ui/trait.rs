//! Invalid traits, all errors reported together.

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

// The traits, servers and stubs exist nevertheless.
type All<T> = (ItemsServer<T>, ItemsClient<T>);

fn uses<S: Attributes + Unsafe>(server: std::sync::Arc<S>) {
    let dispatcher = xmlrpc_core::Dispatcher::new()
        .service(AttributesServer::new(server.clone()))
        .service(UnsafeServer::new(server));
    let client = xmlrpc_core::Client::new(dispatcher);
    let _ = AttributesClient::new(&client).fine();
    let _ = UnsafeClient::new(&client).fine();
}

fn main() {}
