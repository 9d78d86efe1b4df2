//! The server's side: method tables, the [`Dispatcher`] that merges them, what a method learns of
//! its request.

mod call;
mod context;
mod dispatcher;
mod guard;
mod method;
mod system;

pub use call::{Answer, MethodFuture, RpcCall};
pub use context::Context;
pub use dispatcher::{Dispatch, Dispatcher, DuplicateMethod};
pub use method::{Method, Service};
