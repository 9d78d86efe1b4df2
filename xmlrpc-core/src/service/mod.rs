//! The server's side: method tables, the [`Dispatcher`] that merges them, what a method learns of
//! its request.

mod call;
mod context;
mod description;
mod dispatch;
mod dispatcher;
mod duplicate;
mod guard;
mod introspection;
mod method;
mod system;

pub use call::{Answer, MethodFuture, RpcCall};
pub use context::Context;
pub use dispatch::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate::DuplicateMethod;
pub use method::{Method, Service};
