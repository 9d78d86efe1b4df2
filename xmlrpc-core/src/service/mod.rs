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
mod fault_log;
mod from_fn;
mod function;
mod guard;
mod introspection;
mod layer;
mod layer_error;
mod layered;
#[doc = include_str!("layers.md")]
pub mod layers {}
mod method;
mod nest;
mod run;
pub(crate) mod runs;
mod system;
mod trace;

pub use call::{MethodFuture, ResponseEncoder, RpcCall};
pub use context::Context;
pub use dispatch::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate::DuplicateMethod;
pub use from_fn::{FromFn, FromFnService, Next, from_fn};
pub use function::{MethodFn, MethodOutput};
pub use layer::{RpcFuture, RpcLayer, RpcService};
pub use layered::Layered;
pub use method::{Method, Service};
pub use trace::{TraceFuture, TraceLayer, TraceService};
