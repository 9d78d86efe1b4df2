//! Layers of calls: tower layers around methods instead of documents.

mod dispatcher;
mod error;
mod from_fn;
mod layered;
mod rpc_layer;
mod service;
mod stack;
mod trace;

pub use from_fn::{FromFn, FromFnService, Next, from_fn};
pub use layered::Layered;
pub use rpc_layer::RpcLayer;
pub use service::{RpcFuture, RpcService};
pub use stack::CallService;
pub use trace::{TraceFuture, TraceLayer, TraceService};

pub(super) use stack::Stack;
