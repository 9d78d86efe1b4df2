//! Any XML-RPC value.

mod access;
mod compare;
mod convert;
mod de;
#[cfg(feature = "serde_json")]
mod json;
mod macros;
mod members;
mod reader;
mod ser;
mod serializer;
mod structure;

use serde::{Serialize, de::DeserializeOwned};

pub use access::ValueIndex;
pub use structure::Struct;

use crate::{DateTime, Error};

/// Any XML-RPC value, for those who do not know the type beforehand.
///
/// Integers of up to 32 bits in `<int>` and its kin are [`Int`](Self::Int), all others and those
/// in `<i8>` are [`I8`](Self::I8). An integer beyond 64 bits is a [`String`](Self::String) of its
/// digits, and a `<bigdecimal>` is a [`Double`](Self::Double).
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
/// [`value!`](crate::value!) makes one of what looks like JSON, and [`to_value`] one of any type that implements
/// `Serialize`. With the feature `serde_json`, values of `serde_json` turn into these with `From`, and these
/// into those with `TryFrom`.
#[derive(Clone, Debug, Default, PartialEq)]
// As large as it would be anyway. With a tag of one byte, what follows it is moved in pieces that are
// not those in which it was written, and every such move has to wait: reading numbers took half as long again.
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
    Array(Vec<Value>),
    /// `<nil/>`; an error in [`Dialect::STANDARD`](crate::Dialect::STANDARD)
    #[default]
    Nil,
}

/// Names of newtype structs by which our own types make themselves known to our own formats.
pub(crate) mod reserved {
    pub(crate) const DATE_TIME: &str = "$xmlrpc_core::DateTime";
    pub(crate) const VALUE: &str = "$xmlrpc_core::Value";
    pub(crate) const I8: &str = "$xmlrpc_core::I8";
    pub(crate) const NIL: &str = "$xmlrpc_core::Nil";

    /// Numbers of variants by which a deserializer tells [`Value`](super::Value) what it has.
    pub(crate) const NATIVE_I8: u8 = 0;
    pub(crate) const NATIVE_DATE_TIME: u8 = 1;
}

/// Turns whatever serde can serialise into a [`Value`].
///
/// Members that are `None` are left out, as they are on the wire.
///
/// # Errors
///
/// What has no form on the wire, such as an integer beyond 64 bits.
///
/// ```
/// use xmlrpc_core::{Value, to_value};
///
/// assert_eq!(to_value(&[1, 2])?, Value::from(vec![Value::Int(1), Value::Int(2)]));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(v: &T) -> Result<Value, Error> {
    serializer::to_value(v)
}

/// Reads a Rust value out of a [`Value`].
///
/// # Errors
///
/// The value is not of the type asked for.
///
/// ```
/// use xmlrpc_core::{Value, from_value};
///
/// let pair: (i32, String) = from_value(Value::from(vec![Value::from(1), Value::from("one")]))?;
/// assert_eq!(pair, (1, "one".to_owned()));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_value<T: DeserializeOwned>(v: Value) -> Result<T, Error> {
    T::deserialize(crate::de::Deserializer::new(&mut reader::ValueReader::new(
        v,
    )))
}
