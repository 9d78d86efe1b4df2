//! XML-RPC: a serde codec, a dispatcher for services and a typed client over any transport.

mod base64;
mod datetime;
mod de;
mod dialect;
pub mod error;
mod fault;
mod limits;
pub mod message;
mod ser;
mod value;
mod xml;

pub use base64::Base64;
pub use datetime::DateTime;
pub use de::{from_slice, from_slice_with, from_str};
pub use dialect::Dialect;
pub use error::{Category, Error};
pub use fault::Fault;
pub use limits::Limits;
pub use ser::{to_string, to_vec, to_vec_with};
pub use value::{Struct, Value, from_value, to_value};
