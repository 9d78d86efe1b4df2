//! The interface of the example, as a client declares it.

use serde::{Deserialize, Serialize};
use xmlrpc_core::{TypedFault, xmlrpc_service};

#[xmlrpc_service(client, namespace = "stock")]
pub trait Stock {
    async fn level(&self, article: &str) -> Result<i64, StockError>;
    async fn take(&self, article: &str, pieces: i64) -> Result<i64, StockError>;
    async fn put(&self, articles: &[Article]) -> Result<usize, StockError>;
    async fn find(&self, prefix: &str, limit: Option<u32>) -> Result<Vec<Article>, StockError>;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub name: String,
    pub pieces: i64,
    pub description: String,
}

#[derive(Debug, PartialEq, TypedFault)]
pub enum StockError {
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
}

pub fn article(name: &str, pieces: i64) -> Article {
    Article {
        name: name.to_owned(),
        pieces,
        description: String::new(),
    }
}
