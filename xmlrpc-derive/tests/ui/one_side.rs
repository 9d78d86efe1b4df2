//! Types that only one side needs to encode or to decode, in a trait with both sides.

use serde::{Deserialize, Serialize};
use xmlrpc_core::xmlrpc_service;

/// A program that only serves has such results.
#[derive(Serialize)]
pub struct Report {
    lines: &'static [&'static str],
}

/// A program that only calls has such parameters.
#[derive(Serialize)]
pub struct Query {
    text: &'static str,
}

/// A program that only calls has such results.
#[derive(Deserialize)]
pub struct Answer {
    pub text: String,
}

#[xmlrpc_service]
pub trait Both {
    async fn report(&self) -> Report;
    async fn reports(&self) -> Vec<Report>;
    async fn ask(&self, query: Query, again: &Query, more: Option<Query>);
    async fn all(&self, #[xmlrpc(rest)] queries: &[Query]);
    async fn answer(&self) -> Answer;
}

fn main() {}
