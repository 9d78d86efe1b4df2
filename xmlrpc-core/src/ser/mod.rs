//! From Rust values to documents.

mod bound;
mod compound;
#[cfg(feature = "server")]
mod growth;
mod key;
mod long_text;
mod number;
mod serde_impl;
mod serializer;
mod to;
mod value;

pub use to::{to_string, to_string_with, to_vec, to_vec_with, to_writer, to_writer_with};
pub use value::to_value;

pub(crate) use to::write_value;
#[cfg(feature = "server")]
pub(crate) use to::{Unwritten, write_value_within};
