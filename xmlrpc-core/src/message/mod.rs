//! Whole documents: calls, responses, faults and multicalls.
//!
//! This is the layer below services and clients, for programs that move documents themselves. A call or
//! a response is written into one buffer, envelope included. Parameters are decoded only when a type is
//! requested.
//!
//! ```
//! use bytes::Bytes;
//! use xmlrpc_core::{Dialect, Limits, message};
//!
//! let mut call = message::CallWriter::new("add", Dialect::EXTENDED);
//! call.param(&1);
//! call.param(&2);
//! let document = call.finish()?.into_document();
//!
//! let call = message::IncomingCall::read(Bytes::from(document), None, &Limits::default())?;
//! let sum = call.params().decode(|params| {
//!     let (a, b): (i64, i64) = (params.required("a")?, params.required("b")?);
//!     params.end()?;
//!     Ok(a + b)
//! })?;
//! let document = message::EncodedResponse::new(&sum, Dialect::EXTENDED)?.into_document();
//!
//! let response = message::read_response::<i64>(Bytes::from(document), None, &Limits::default())?;
//! assert_eq!(response, Ok(3));
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

mod call;
mod encoded_response;
mod envelope;
mod fault;
mod incoming_call;
mod missing_param;
mod multicall_entries;
mod multicall_response;
mod multicall_response_writer;
mod multicall_writer;
#[cfg(feature = "server")]
mod optional_param;
// Only generated code reads parameters by name.
#[cfg_attr(not(feature = "macros"), allow(dead_code, unreachable_pub))]
pub(crate) mod named_slots;
mod params;
mod params_reader;
mod response;
mod scanned_params;

pub use call::{CallWriter, EncodedCall};
#[cfg(feature = "client")]
pub(crate) use call::{Outgoing, Secrets};
#[cfg(feature = "server")]
pub(crate) use encoded_response::fault_response_within;
pub use encoded_response::{EncodedResponse, fault_response};
pub use incoming_call::IncomingCall;
#[cfg(feature = "macros")]
pub(crate) use missing_param::missing;
pub use multicall_response::MulticallResponse;
pub use multicall_response_writer::MulticallResponseWriter;
pub use multicall_writer::MulticallWriter;
#[cfg(any(feature = "server", feature = "client"))]
pub(crate) use multicall_writer::SYSTEM_MULTICALL;
pub use params::Params;
pub use params_reader::ParamsReader;
pub use response::read_response;
