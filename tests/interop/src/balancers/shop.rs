//! The interface of `examples/production`, as a client declares it.

use serde::{Deserialize, Serialize};
use xmlrpc_core::xmlrpc_service;

#[xmlrpc_service(client, namespace = "stock")]
pub(crate) trait Stock {
    #[xmlrpc(idempotent)]
    async fn level(&self, article: &str) -> i64;
    async fn take(&self, article: &str, pieces: i64) -> i64;
    #[xmlrpc(idempotent)]
    async fn put(&self, articles: &[Article]) -> usize;
    #[xmlrpc(idempotent)]
    async fn find(&self, prefix: &str, limit: u32) -> Vec<Article>;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Article {
    pub(crate) name: String,
    pub(crate) pieces: i64,
    pub(crate) description: String,
}

impl Article {
    pub(crate) fn new(
        name: impl Into<String>,
        pieces: i64,
        description: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            pieces,
            description: description.into(),
        }
    }
}
