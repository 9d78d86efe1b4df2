//! The service: how many pieces of each article a shop has.
//!
//! The methods wait for a database on a disk. They are therefore `blocking`, so that they run on threads that may
//! block. `main.rs` bounds how many run at once and how many wait.

mod database;

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Fault, TypedFault, xmlrpc_service};

pub(crate) use database::Database;

/// The stock of a shop.
#[xmlrpc_service(namespace = "stock")]
pub(crate) trait Stock {
    /// Returns how many pieces of an article there are.
    #[xmlrpc(blocking, idempotent)]
    fn level(&self, article: &str) -> Result<i64, StockError>;

    /// Takes pieces of an article, and returns how many are left. Takes none if there are too few.
    #[xmlrpc(blocking)]
    fn take(&self, article: &str, pieces: i64) -> Result<i64, StockError>;

    /// Adds articles, or replaces those with the same name, all or none. Returns how many these were.
    #[xmlrpc(blocking, idempotent)]
    fn put(&self, articles: Vec<Article>) -> Result<usize, StockError>;

    /// Returns the articles whose names begin with this text, sorted by name: at most `limit`, by default 100. Fails if
    /// these are more than 20,000, or take more than 24 MiB: the bytes of their texts, and 200 for each article.
    #[xmlrpc(blocking, idempotent)]
    fn find(&self, prefix: &str, limit: Option<u32>) -> Result<Vec<Article>, StockError>;
}

/// An article, and how many pieces of it there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Article {
    /// At most 200 bytes.
    pub(crate) name: String,
    /// Not negative.
    pub(crate) pieces: i64,
    /// For people, at most 10,000 bytes. May be empty.
    #[serde(default)]
    pub(crate) description: String,
}

/// Why a call failed. Callers see the code and the text.
#[derive(Debug, TypedFault)]
pub(crate) enum StockError {
    #[fault(code = 1, message = "unknown article {0}")]
    Unknown(String),
    #[fault(code = 2, message = "only {left} pieces of {article} are left")]
    TooFew { article: String, left: i64 },
    #[fault(code = 3, message = "invalid article {name}: {reason}")]
    Invalid { name: String, reason: String },
    #[fault(
        code = 5,
        message = "the articles take more than {bytes} bytes; ask for fewer"
    )]
    TooLarge { bytes: usize },
    #[fault(
        code = 6,
        message = "there are more than {articles} such articles; ask for fewer"
    )]
    TooMany { articles: usize },
    /// Logged. Callers see "internal error".
    #[fault(code = 4, internal)]
    Storage(rusqlite::Error),
    /// Any other fault, on the side of a client.
    #[fault(other)]
    Other(Fault),
}

impl From<rusqlite::Error> for StockError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error)
    }
}
