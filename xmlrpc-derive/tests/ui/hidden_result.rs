//! A `Result` under another name would be sent as a struct.

use xmlrpc_core::{Fault, xmlrpc_service};

type Outcome = Result<i64, Fault>;

mod other {
    pub struct Result<T>(pub T);
}

#[xmlrpc_service]
pub trait Hidden {
    async fn hidden(&self) -> Outcome;
    async fn none(&self) -> other::Result<i64>;
}

fn main() {}
