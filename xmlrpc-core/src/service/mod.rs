//! The server: a [`Dispatcher`] with its services and methods, the [`Context`] of a request, and
//! layers around calls.
//!
//! # Layers
//!
#![doc = include_str!("layers.md")]

#[cfg_attr(
    not(feature = "macros"),
    allow(
        dead_code,
        unreachable_pub,
        reason = "only the macro makes methods that block, but a dispatcher always has their settings"
    )
)]
pub(crate) mod blocking_queue;
mod call;
mod catch_panic;
mod configured_bounds;
mod context;
mod describe_methods;
mod description;
mod dispatch_future;
mod dispatcher;
mod document_settings;
mod duplicate_method;
mod fallback;
mod fault_log;
mod function;
mod function_method;
mod handler;
mod introspection;
mod large_response;
mod layer;
#[cfg(feature = "macros")]
pub(crate) mod method;
mod method_doc;
mod method_table;
mod multicall;
mod multicall_bounds;
mod multicall_budget;
mod multicall_response;
mod nest;
mod no_room;
mod offload;
mod pace;
mod processor;
mod raw_method;
mod replaceable_dispatcher;
pub(crate) mod response_encoder;
mod response_headers;
mod route;
#[allow(clippy::module_inception)] // the file holds `Service`
pub(crate) mod service;
mod size_bounds;
#[cfg(feature = "macros")]
pub(crate) mod spawn;
mod system_methods;
mod time_bounds;
mod transport_fault;

pub use call::{MethodFuture, RpcCall};
pub use configured_bounds::ConfiguredBounds;
pub use context::Context;
pub use dispatch_future::Dispatch;
pub use dispatcher::Dispatcher;
pub use duplicate_method::DuplicateMethod;
pub use function::{MethodFn, MethodOutput};
pub use layer::{
    CallService, ConcurrencyLimit, ConcurrencyLimitService, FromFn, FromFnService, Layered, Next,
    RpcFuture, RpcLayer, RpcService, TraceFuture, TraceLayer, TraceService, from_fn,
};
pub use method_doc::MethodDoc;
pub use replaceable_dispatcher::ReplaceableDispatcher;
pub use response_headers::{ResponseHeaderError, ResponseHeaders};
pub use service::Service;

pub use crate::box_error::BoxError;
