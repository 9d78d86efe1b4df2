//! The server's side: method tables, the [`Dispatcher`] that merges them, what a method learns of
//! its request.

mod call;
mod context;
mod description;
mod dispatch;
mod dispatcher;
mod duplicate;
mod dynamic;
mod entry;
mod fallback;
mod function;
mod guard;
mod introspection;
mod method;
mod nest;
mod system;

pub use call::{Answer, MethodFuture, RpcCall};
pub use context::Context;
pub use dispatch::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate::DuplicateMethod;
pub use function::{MethodFn, MethodOutput};
pub use method::{Method, Service};
