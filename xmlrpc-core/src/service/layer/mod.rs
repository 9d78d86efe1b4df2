//! Layers of calls: tower layers around methods instead of documents.

mod call_service;
mod concurrency;
mod dispatcher;
mod error;
mod from_fn;
mod layered;
mod rpc_layer;
mod rpc_service;
mod stack;
mod trace;
mod trace_future;

pub use call_service::CallService;
pub use concurrency::{ConcurrencyLimit, ConcurrencyLimitService};
pub use from_fn::{FromFn, FromFnService, Next, from_fn};
pub use layered::Layered;
pub use rpc_layer::RpcLayer;
pub use rpc_service::{RpcFuture, RpcService};
pub use trace::{TraceLayer, TraceService};
pub use trace_future::TraceFuture;

pub(super) use stack::Stack;
