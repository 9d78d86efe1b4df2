//! The functions that write documents.

use std::io::Write;
#[cfg(feature = "server")]
use std::sync::Arc;

use serde_core::Serialize;

#[cfg(feature = "server")]
use super::bound::Bound;
use super::serializer::Serializer;
#[cfg(feature = "server")]
use crate::response_budget::{ResponseBudget, ResponseCharge};
use crate::{Category, Dialect, Error};

/// Writes a document whose root is `<value>`, in [`Dialect::EXTENDED`].
///
/// # Errors
///
/// A value cannot be written as XML-RPC: an integer of more than 64 bits, NaN, an infinity, a character
/// that XML 1.0 forbids, or a map with keys that cannot be written as text. Or it nests deeper than 128
/// levels ([`Dialect::depth`]).
///
/// ```
/// let bytes = xmlrpc_core::to_vec(&(true, "a & b"))?;
/// assert_eq!(
///     String::from_utf8_lossy(&bytes),
///     "<value><array><data><value><boolean>1</boolean></value>\
///      <value><string>a &amp; b</string></value></data></array></value>",
/// );
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    to_vec_with(value, Dialect::EXTENDED)
}

/// Writes a document whose root is `<value>`, in [`Dialect::EXTENDED`].
///
/// # Errors
///
/// Those of [`to_vec`].
///
/// ```
/// assert_eq!(xmlrpc_core::to_string(&-1.5)?, "<value><double>-1.5</double></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    to_string_with(value, Dialect::EXTENDED)
}

/// Writes a document whose root is `<value>`, in the given dialect.
///
/// # Errors
///
/// Those of [`to_vec_with`].
///
/// ```
/// use xmlrpc_core::{Dialect, to_string_with};
///
/// let document = to_string_with(&7, Dialect::STANDARD.i4(true))?;
/// assert_eq!(document, "<value><i4>7</i4></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_string_with<T: Serialize + ?Sized>(value: &T, dialect: Dialect) -> Result<String, Error> {
    let bytes = to_vec_with(value, dialect)?;
    String::from_utf8(bytes).map_err(|error| Error::with_category(Category::Data, error))
}

/// Writes a document whose root is `<value>`, in the given dialect.
///
/// # Errors
///
/// Those of [`to_vec`], and in [`Dialect::STANDARD`] values that the specification does not have.
///
/// ```
/// use xmlrpc_core::{Dialect, to_vec_with};
///
/// assert!(to_vec_with(&3_000_000_000_u32, Dialect::STANDARD).is_err());
/// let bytes = to_vec_with(&3_000_000_000_u32, Dialect::EXTENDED)?;
/// assert_eq!(bytes, b"<value><i8>3000000000</i8></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_vec_with<T: Serialize + ?Sized>(value: &T, dialect: Dialect) -> Result<Vec<u8>, Error> {
    const ROOT: usize = b"<value".len();
    let mut out = Vec::new();
    write_value(value, dialect, &mut out)?;
    out.splice(ROOT..ROOT, dialect.declaration().bytes());
    Ok(out)
}

/// Writes a document whose root is `<value>` to an I/O stream, in [`Dialect::EXTENDED`].
///
/// The whole document is encoded first and then written at once. So nothing is written if the value
/// cannot be encoded, and the stream needs no buffer. It is not flushed.
///
/// # Errors
///
/// Those of [`to_vec`]. If writing fails, the category is [`Category::Io`], and
/// [`source`](std::error::Error::source) returns the [`std::io::Error`].
///
/// ```
/// let mut stream = Vec::new(); // a file or a socket, for example
/// xmlrpc_core::to_writer(&mut stream, &7)?;
/// assert_eq!(stream, b"<value><int>7</int></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_writer<W: Write, T: Serialize + ?Sized>(writer: W, value: &T) -> Result<(), Error> {
    to_writer_with(writer, value, Dialect::EXTENDED)
}

/// Writes a document whose root is `<value>` to an I/O stream, in the given dialect.
///
/// # Errors
///
/// Those of [`to_vec_with`] and [`to_writer`].
///
/// ```
/// use xmlrpc_core::{Dialect, to_writer_with};
///
/// let mut stream = Vec::new();
/// to_writer_with(&mut stream, &7, Dialect::STANDARD.i4(true))?;
/// assert_eq!(stream, b"<value><i4>7</i4></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_writer_with<W: Write, T: Serialize + ?Sized>(
    mut writer: W,
    value: &T,
    dialect: Dialect,
) -> Result<(), Error> {
    let document = to_vec_with(value, dialect)?;
    writer
        .write_all(&document)
        .map_err(|error| Error::io("cannot write the document", error))
}

/// Appends one `<value>`. On an error, `out` is unchanged.
#[inline]
pub(crate) fn write_value<T: Serialize + ?Sized>(
    value: &T,
    dialect: Dialect,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    value
        .serialize(Serializer::new(out, dialect))
        .map(drop)
        .inspect_err(|_| out.truncate(start))
}

/// Why a value was not written.
#[cfg(feature = "server")]
pub(crate) enum Unwritten {
    TooLarge,
    /// The budget has no room for it.
    NoRoom,
    Invalid(Error),
}

/// Appends one `<value>`, if `out` then has at most `max_bytes` bytes, and the budget has room for it.
/// On an error, `out` is unchanged.
///
/// Returns the charge for all memory of `out`, if the budget had to be asked.
#[cfg(feature = "server")]
pub(crate) fn write_value_within<T: Serialize + ?Sized>(
    value: &T,
    dialect: Dialect,
    max_bytes: usize,
    budget: Option<Arc<dyn ResponseBudget>>,
    out: &mut Vec<u8>,
) -> Result<Option<Box<ResponseCharge>>, Unwritten> {
    let start = out.len();
    let bound = Bound::set(max_bytes, budget);
    let written = value.serialize(Serializer::new(out, dialect));
    let (refused, charge) = bound.end();
    let too_large = (out.len() > max_bytes).then_some(Unwritten::TooLarge);
    match refused.or(too_large) {
        Some(refused) => Err(refused),
        None => written.map(|_| charge).map_err(Unwritten::Invalid),
    }
    .inspect_err(|_| out.truncate(start))
}
