//! Unknown, duplicate and misplaced options.

use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service]
pub trait Attributes {
    #[xmlrpc(bogus = "x", name = "a", name = "b")]
    async fn unknown(&self);
    #[xmlrpc(namespace = "x")]
    async fn of_the_trait(&self);
    #[xmlrpc(context)]
    async fn of_a_parameter(&self);
    async fn on_a_parameter(&self, #[xmlrpc(bogus)] a: i64, #[xmlrpc(name = "x")] b: i64);
    #[xmlrpc(idempotent, idempotent)]
    async fn twice(&self);
    #[xmlrpc(idempotent = true)]
    #[xmlrpc(idempotent("always"))]
    async fn with_a_value(&self);
    async fn idempotent_parameter(&self, #[xmlrpc(idempotent)] a: i64);
    #[xmlrpc(blocking)]
    async fn blocks_and_waits(&self);
    #[xmlrpc(run_to_completion)]
    fn has_no_end_to_wait_for(&self);
    #[xmlrpc(run_to_completion, blocking)]
    fn finishes_and_blocks(&self);
    async fn blocking_parameter(&self, #[xmlrpc(blocking)] a: i64);
    async fn context_by_value(&self, #[xmlrpc(context)] cx: xmlrpc_core::Context);
}

#[xmlrpc_service(run_to_completion)]
pub trait OfTheTrait {
    async fn method(&self);
}

fn main() {}
