//! Only the server.

use xmlrpc_core::{Context, Fault, xmlrpc_service};

#[xmlrpc_service(server)]
pub trait Feed {
    async fn entries(&self, since: Option<i64>) -> Result<Vec<String>, Fault>;
    #[xmlrpc(run_to_completion)]
    async fn publish(&self, entry: &str) -> u32;
    #[xmlrpc(blocking)]
    fn archive(&self, #[xmlrpc(context)] cx: &Context) -> bool;
}
