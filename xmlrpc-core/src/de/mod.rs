//! From documents to Rust values.

mod array;
mod deserializer;
mod extension_access;
mod from;
mod grammar;
mod key;
mod lenient;
mod located;
mod number;
mod reader;
mod scalar;
mod scanned;
mod serde_impl;
mod structure;
mod value;
mod variant;

pub use from::{
    from_reader, from_reader_with, from_slice, from_slice_with, from_str, from_str_with,
};
pub use value::from_value;

pub(crate) use deserializer::Deserializer;
pub(crate) use from::{cursor_at, decode_at, read_value};
pub(crate) use grammar::{at_value, close, leaf_text, type_of, unexpected};
pub(crate) use located::LocatedScanner;
pub(crate) use reader::{Item, Reader};
pub(crate) use scalar::Scalar;
pub(crate) use value::ValueReader;
