//! Whole documents: calls, answers, faults, and multicalls of them.
//!
//! This is the layer below services and clients, for those who move documents themselves. A call
//! and a single answer are written into one buffer from the envelope on, and parameters are
//! decoded only when somebody asks for a type.
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
//! let answer = message::read_response::<i64>(Bytes::from(document), None, &Limits::default())?;
//! assert_eq!(answer, Ok(3));
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

#[cfg(feature = "server")]
mod absent;
mod call;
mod fault;
mod incoming;
mod multicall;
mod multicall_answer;
mod multicall_entries;
// Only generated code reads parameters by name.
#[cfg_attr(not(feature = "macros"), allow(dead_code, unreachable_pub))]
pub(crate) mod named;
mod params;
mod reply;
mod response;
mod scanned;

pub use call::{CallWriter, EncodedCall};
pub(crate) use fault::deserialize_fault;
pub use incoming::IncomingCall;
pub use multicall::{MulticallResponseWriter, MulticallWriter};
pub use multicall_answer::MulticallResponse;
#[cfg(feature = "macros")]
pub(crate) use params::missing;
pub use params::{Params, ParamsReader};
pub use reply::{EncodedResponse, fault_response};
pub use response::read_response;
