//! An alias of `Result` with another name, and another type named `Result`.

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
