//! Any XML-RPC value.

mod array;
mod compare;
mod convert;
mod de;
mod debug;
mod index;
#[cfg(feature = "serde_json")]
mod json;
mod macros;
mod member_map;
mod nesting;
mod ser;
pub mod structure;

pub use array::Array;
pub use index::ValueIndex;
pub(crate) use structure::IntoIter;
pub use structure::Struct;

use crate::DateTime;

/// Any XML-RPC value, for code that does not know the type beforehand.
///
/// An integer of up to 32 bits in `<int>`, `<i4>`, `<i2>` or `<i1>` is an [`Int`](Self::Int). A larger one, and any
/// integer in `<i8>`, is an [`I8`](Self::I8). An integer of more than 64 bits is a
/// [`String`](Self::String) of its digits, and a `<bigdecimal>` is a [`Double`](Self::Double).
///
/// ```
/// use xmlrpc_core::{Value, from_str};
///
/// let value: Value = from_str(
///     "<value><struct><member><name>x</name><value><int>1</int></value></member></struct></value>",
/// )?;
/// assert_eq!(value["x"], 1);
/// assert_eq!(value["y"], Value::Nil);
/// assert_eq!(value["x"].as_str(), None);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
///
/// [`value!`](crate::value!) makes a value from text that looks like JSON, and [`to_value`](crate::to_value) from any type
/// that implements `Serialize`. With the feature `serde_json`, `From` converts values of `serde_json`
/// to these, and `TryFrom` converts back.
///
/// Dropping, cloning and comparing a value needs little stack, however deeply it nests. Writing it is
/// limited by [`Dialect::depth`](crate::Dialect::depth), and [`from_value`](crate::from_value),
/// [`to_value`](crate::to_value) and the conversion to JSON by 128 levels. Other formats of serde, such as
/// `serde_json`, may have no limit when they write a `Value`.
#[derive(Clone, Default, PartialEq)]
// The size is the same without `repr`. But with a tag of one byte, values are moved in other pieces
// than they were written in, and each move waits for the writes: reading numbers took 50 % longer.
#[repr(u64)]
pub enum Value {
    /// `<int>`
    Int(i32),
    /// `<i8>`; in [`Dialect::STANDARD`](crate::Dialect::STANDARD) `<int>` if it fits
    I8(i64),
    /// `<boolean>`
    Bool(bool),
    /// `<string>`
    String(String),
    /// `<double>`
    Double(f64),
    /// `<dateTime.iso8601>`
    DateTime(DateTime),
    /// `<base64>`
    Base64(Vec<u8>),
    /// `<struct>`
    Struct(Struct),
    /// `<array>`
    Array(Array),
    /// `<nil/>`; an error in [`Dialect::STANDARD`](crate::Dialect::STANDARD)
    #[default]
    Nil,
}
