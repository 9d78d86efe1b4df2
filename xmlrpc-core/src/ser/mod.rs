//! From Rust values to documents.

mod compound;
mod key;
mod number;
mod serializer;

use serde::Serialize;

pub(crate) use serializer::Serializer;

use crate::{Category, Dialect, Error};

/// Writes a document whose root is `<value>`, in [`Dialect::EXTENDED`].
///
/// # Errors
///
/// What has no form on the wire: an integer beyond 64 bits, NaN and the infinities, a character that
/// XML 1.0 cannot carry, a map whose keys are no text.
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
    String::from_utf8(to_vec(value)?).map_err(|error| Error::custom(Category::Data, error))
}

/// Writes a document whose root is `<value>`, in a dialect of one's own.
///
/// # Errors
///
/// Those of [`to_vec`], and in [`Dialect::STANDARD`] what the specification has nothing for.
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

/// Appends one `<value>`; on an error `out` is as it was.
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

/// The text that the key of a map has as the name of a member.
pub(crate) fn write_name<T: Serialize + ?Sized>(key: &T) -> Result<String, Error> {
    let mut out = Vec::new();
    key.serialize(key::KeySerializer {
        out: &mut out,
        charset: None,
    })?;
    String::from_utf8(out).map_err(|error| Error::custom(Category::Data, error))
}
