//! An error type with each kind of variant.

use xmlrpc_core::{Fault, TypedFault};

mod codes {
    pub(super) const CLOSED: i32 = 410;
}

#[derive(Debug, TypedFault)]
pub enum StoreError {
    #[fault(code = 404, message = "there is no {path}")]
    NotFound { path: String },
    #[fault(code = 409, message = "{0} is there already, since {1}")]
    Exists(String, i64),
    #[fault(code = codes::CLOSED, message = "closed {{for ever}}")]
    Closed,
    #[fault(internal)]
    Io(std::io::Error),
    #[fault(code = 503, internal, message = "the pool is exhausted")]
    Busy,
    #[fault(other)]
    Other(Fault),
}
