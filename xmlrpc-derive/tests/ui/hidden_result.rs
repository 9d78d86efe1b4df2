//! An alias of `Result` with another name, and another type named `Result`.

use xmlrpc_core::{Fault, xmlrpc_service};

type Outcome = Result<i64, Fault>;

mod of_an_error {
    pub type Result<E> = core::result::Result<i64, E>;
}

mod other {
    pub struct Result<T>(pub T);
}

#[xmlrpc_service]
pub trait Hidden {
    async fn hidden(&self) -> Outcome;
    async fn none(&self) -> other::Result<i64>;
    async fn error(&self) -> of_an_error::Result<Fault>;
}

fn main() {}
