//! Options that do not fit the parameter or its method.

use xmlrpc_core::{Context, xmlrpc_service};

#[xmlrpc_service]
pub trait Defaults {
    async fn before_required(&self, #[xmlrpc(default = 1)] a: i64, b: i64);
    async fn of_an_option(&self, #[xmlrpc(default = Some(1))] a: Option<i64>);
    async fn of_self(&self, #[xmlrpc(default = Self::LIMIT)] a: i64);
    async fn twice(&self, #[xmlrpc(default, default = 1)] a: i64);
    #[xmlrpc(default)]
    async fn on_the_method(&self);
}

#[xmlrpc_service]
pub trait Rest {
    async fn no_list(&self, #[xmlrpc(rest)] a: String);
    async fn not_last(&self, #[xmlrpc(rest)] a: Vec<i64>, b: Option<i64>);
    async fn with_default(&self, #[xmlrpc(rest, default)] a: Vec<i64>);
    async fn of_the_context(&self, #[xmlrpc(context, default)] a: &Context);
    async fn cannot_be_lent(&self, #[xmlrpc(rest)] a: &[&str]);
    #[xmlrpc(rest, rename = "a")]
    async fn on_the_method(&self);
}

#[xmlrpc_service]
pub trait Named {
    async fn positional(&self, #[xmlrpc(rename = "a")] b: i64);
    #[xmlrpc(rename_all = "camelCase")]
    async fn positional_all(&self, a_b: i64);
    #[xmlrpc(params = array, rename_all = "kebab-case")]
    async fn no_struct(&self);
    #[xmlrpc(params)]
    async fn no_value(&self);
    #[xmlrpc(params = struct)]
    async fn rest(&self, #[xmlrpc(rest)] a: Vec<i64>);
    #[xmlrpc(params = struct, rename_all = "lowercase")]
    async fn one_name(&self, a_b: i64, ab: i64, #[xmlrpc(rename = "")] c: i64);
    async fn on_a_parameter(&self, #[xmlrpc(params = struct, name = "x")] a: i64);
}

#[xmlrpc_service]
pub trait Constant {
    const LIMIT: i64 = 10;
    async fn limit(&self) -> i64;
}

// The traits, servers and stubs exist nevertheless.
fn uses<S: Defaults + Rest + Named + Constant>(server: S) {
    let server = ConstantServer::new(server);
    let client = xmlrpc_core::Client::new(xmlrpc_core::Dispatcher::new().service(server));
    let _ = NamedClient::new(&client);
    let _ = ConstantClient::new(&client).limit();
}

fn main() {}
