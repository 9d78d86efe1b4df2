//! The caller's side: transports, the [`Client`] over one, the [`Call`]s that it makes.

mod call;
#[allow(clippy::module_inception)] // it is what the file holds
mod client;
mod error;
mod multicall;
pub(crate) mod named;
mod params;
mod transport;

pub use call::{Call, CallFuture};
pub use client::{Client, IntoClient};
pub use error::{ClientError, ClientErrorKind};
pub use multicall::{Entries, Multicall};
pub use params::IntoParams;
pub use transport::{BoxError, BoxTransport, Transport, TransportError};

#[doc(hidden)]
pub use params::ParamsWriter;
