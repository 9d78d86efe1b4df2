//! Options with an invalid value, or without a required one.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service(namespace = 5, client = true, server("only"), rename_all, crate = "a b", crate = 5, namespace)]
pub trait OfTheTrait {
    async fn fine(&self);
}

#[xmlrpc_service("calc")]
pub trait Text {
    async fn fine(&self);
}

#[xmlrpc_service]
pub trait OfMethods {
    #[xmlrpc(name = five, aliases = "other")]
    async fn no_text(&self);
    #[xmlrpc(name, aliases = ["a", 5], idempotent)]
    async fn no_value(&self);
    #[xmlrpc]
    async fn no_brackets(&self);
    #[xmlrpc = "name"]
    async fn no_list(&self);
    #[xmlrpc(rename_all = 5, params(struct))]
    async fn no_rule(&self);
}

#[xmlrpc_service]
pub trait OfParameters {
    async fn no_expression(&self, #[xmlrpc(default = )] a: i64);
    async fn no_text(&self, #[xmlrpc(rename = 5, rest = 3, bogus)] a: Vec<i64>);
    async fn with_a_value(&self, #[xmlrpc(context = true)] cx: &xmlrpc_core::Context);
}

// The traits, servers and stubs exist nevertheless.
fn uses<S: OfTheTrait + Text + OfMethods + OfParameters>(server: std::sync::Arc<S>) {
    let dispatcher = xmlrpc_core::Dispatcher::new()
        .service(OfTheTraitServer::new(server.clone()))
        .service(TextServer::new(server.clone()))
        .service(OfMethodsServer::new(server.clone()))
        .service(OfParametersServer::new(server));
    let client = xmlrpc_core::Client::new(dispatcher);
    let _ = OfTheTraitClient::new(&client).fine();
    let _ = TextClient::new(&client).fine();
    let _ = OfMethodsClient::new(&client);
    let _ = OfParametersClient::new(&client);
}

fn main() {}
