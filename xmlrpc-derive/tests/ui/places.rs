//! Valid options in the wrong place.

use xmlrpc_core::{Context, Fault, TypedFault, xmlrpc_service};

#[xmlrpc_service(name = "a", aliases = ["b"], params = struct, default, rest, rename = "c", context)]
pub trait OnTheTrait {
    async fn fine(&self);
}

#[xmlrpc_service]
#[xmlrpc(namespace = "a")]
pub trait Second {
    async fn fine(&self);
}

#[xmlrpc_service]
pub trait Within {
    async fn receiver(#[xmlrpc(context)] &self);
    #[xmlrpc(separator = "/", crate = xmlrpc_core, client, server)]
    async fn of_the_trait(&self);
    async fn on_a_parameter(&self, #[xmlrpc(namespace = "a", aliases = ["b"], rename_all = "c")] a: i64);
    async fn unmarked(&self, cx: &Context);
    async fn not_sent(&self, #[xmlrpc(context, rest, rename = "a")] cx: &Context);
}

#[derive(TypedFault)]
#[fault(bogus)]
pub enum Bogus {
    #[fault(code = 1, message = "an open { brace")]
    Open,
    #[fault(code = 2, message = "a closed } brace")]
    Closed,
    #[fault(code = 3u8, message = "a suffix")]
    Suffix,
    #[fault]
    Nothing,
}

// The traits, servers, stubs and faults exist nevertheless.
fn uses<S: OnTheTrait + Second + Within>(server: std::sync::Arc<S>) -> Fault {
    let dispatcher = xmlrpc_core::Dispatcher::new()
        .service(OnTheTraitServer::new(server.clone()))
        .service(SecondServer::new(server.clone()))
        .service(WithinServer::new(server));
    let client = xmlrpc_core::Client::new(dispatcher);
    let _ = OnTheTraitClient::new(&client).fine();
    let _ = SecondClient::new(&client).fine();
    let _ = WithinClient::new(&client);
    Bogus::Open.into()
}

fn main() {}
