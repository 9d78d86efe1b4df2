//! Return types that are aliases of `Result`.

use xmlrpc_core::{Fault, xmlrpc_service};

type Result<T = (), E = Fault> = std::result::Result<T, E>;

#[xmlrpc_service(client)]
pub trait Shop {
    /// Sells an article.
    ///
    /// Returns what is left.
    async fn sell(&self, article: &str) -> Result<u32>;
    async fn close(&self) -> Result;
}
