//! The client: a [`Client`] sends [`Call`]s over a [`Transport`].

mod asking;
mod blocking;
mod call;
mod call_response;
mod call_span;
#[allow(clippy::module_inception)] // the file holds `Client`
mod client;
pub(crate) mod decoder;
mod described_methods;
mod envelope;
mod error;
pub(crate) mod error_note;
mod idempotent;
mod introspect;
mod leading;
mod leading_members;
mod leading_params;
mod multicall;
#[cfg(feature = "macros")]
pub(crate) mod named_params;
mod observation;
mod options;
pub(crate) mod params;
mod progress;
pub(crate) mod retry;
mod round_trip;
mod signatures;
mod transport;

pub use crate::box_error::BoxError;
pub use blocking::BlockingTransport;
pub use call::{Call, CallFuture};
pub use call_response::CallResponse;
pub use client::{Client, IntoClient};
pub use envelope::Envelope;
pub use error::{ClientError, ClientErrorKind};
pub use idempotent::Idempotent;
pub use introspect::{Introspect, Introspection};
pub use leading_members::IntoMembers;
pub use multicall::{Multicall, MulticallCalls};
pub use params::IntoParams;
pub use progress::{OnProgress, Progress, ProgressReporter};
pub use retry::{RetryPolicy, Retrying};
#[cfg(feature = "server")]
pub(crate) use transport::TransportErrorKind;
pub use transport::{BoxTransport, Transport, TransportError};
