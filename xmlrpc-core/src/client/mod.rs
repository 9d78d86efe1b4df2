//! The client: a [`Client`] sends [`Call`]s over a [`Transport`].

mod blocking;
mod call;
mod call_span;
#[allow(clippy::module_inception)] // the file holds `Client`
mod client;
mod described_methods;
mod error;
mod idempotent;
mod introspect;
mod multicall;
#[cfg(feature = "macros")]
pub(crate) mod named_params;
mod observation;
mod options;
pub(crate) mod params;
mod retry;
mod round_trip;
mod signatures;
mod transport;

pub use crate::box_error::BoxError;
pub use blocking::BlockingTransport;
pub use call::{Call, CallFuture};
pub use client::{Client, IntoClient};
pub use error::{ClientError, ClientErrorKind};
pub use idempotent::Idempotent;
pub use introspect::{Introspect, Introspection};
pub use multicall::{Multicall, MulticallCalls};
pub use params::IntoParams;
pub use retry::{RetryPolicy, Retrying};
#[cfg(feature = "server")]
pub(crate) use transport::TransportErrorKind;
pub use transport::{BoxTransport, Transport, TransportError};
