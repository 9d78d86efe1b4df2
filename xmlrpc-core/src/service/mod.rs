//! The server: a [`Dispatcher`] with its services and methods, the [`Context`] of a request, and
//! layers around calls.
//!
//! # Layers
//!
#![doc = include_str!("layers.md")]

mod call;
mod context;
mod description;
mod dispatch;
mod dispatcher;
mod duplicate;
mod dynamic;
mod fallback;
mod fault_log;
mod function;
mod guard;
mod introspection;
mod layer;
mod method;
mod multicall;
mod nest;
mod route;
#[cfg(feature = "macros")]
pub(crate) mod spawn;
mod table;

pub use call::{MethodFuture, ResponseEncoder, RpcCall};
pub use context::Context;
pub use dispatch::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate::DuplicateMethod;
pub use function::{MethodFn, MethodOutput};
pub use layer::{
    CallService, FromFn, FromFnService, Layered, Next, RpcFuture, RpcLayer, RpcService,
    TraceFuture, TraceLayer, TraceService, from_fn,
};
pub use method::{Method, Methods, Service};

pub use crate::exchange::BoxError;
