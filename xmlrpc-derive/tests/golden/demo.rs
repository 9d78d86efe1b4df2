//! The trait of the README.

use xmlrpc_core::{Fault, xmlrpc_service};

/// The demo service of Python's `xmlrpc.server`.
#[xmlrpc_service]
pub trait Demo {
    /// Returns the answer.
    #[xmlrpc(name = "getData")]
    async fn get_data(&self) -> String;
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault>;
    async fn add(&self, a: i64, b: i64) -> i64;
}
