//! The server: a [`Dispatcher`] with its services and methods, the [`Context`] of a request, and
//! layers around calls.
//!
//! # Layers
//!
#![doc = include_str!("layers.md")]

mod call;
mod catch_panic;
mod context;
mod description;
mod dispatch_future;
mod dispatcher;
mod duplicate_method;
mod dynamic;
mod fallback;
mod fault_log;
mod function;
mod introspection;
mod layer;
mod method;
mod method_table;
mod multicall;
mod nest;
mod route;
#[cfg(feature = "macros")]
pub(crate) mod spawn;

pub use call::{MethodFuture, ResponseEncoder, RpcCall};
pub use context::Context;
pub use dispatch_future::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate_method::DuplicateMethod;
pub use function::{MethodFn, MethodOutput};
pub use layer::{
    CallService, FromFn, FromFnService, Layered, Next, RpcFuture, RpcLayer, RpcService,
    TraceFuture, TraceLayer, TraceService, from_fn,
};
pub use method::{Method, Methods, Service};

pub use crate::box_error::BoxError;
