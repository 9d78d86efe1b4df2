//! From documents to Rust values.

mod access;
mod deserializer;
mod grammar;
mod key;
mod reader;
mod scalar;

use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};

pub(crate) use deserializer::Deserializer;
pub(crate) use grammar::{close, leaf_text, unexpected};
pub(crate) use reader::{Item, Member, Reader};
pub(crate) use scalar::Scalar;

use crate::{
    Error, Limits,
    xml::{Document, Events, Mark, Tag},
};

/// Reads a Rust value from a document whose root is `<value>`, with the default [`Limits`].
///
/// The encoding is that of a byte order mark or of the XML declaration, else UTF-8.
///
/// # Errors
///
/// See [`Category`](crate::Category).
///
/// ```
/// let sum: i64 = xmlrpc_core::from_slice(b"<value><int>7</int></value>")?;
/// assert_eq!(sum, 7);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    from_slice_with(bytes, &Limits::default())
}

/// Reads a Rust value from a document whose root is `<value>`, with the default [`Limits`].
///
/// # Errors
///
/// See [`Category`](crate::Category).
///
/// ```
/// let words: Vec<String> = xmlrpc_core::from_str(
///     "<value><array><data><value>untyped</value><value/></data></array></value>",
/// )?;
/// assert_eq!(words, ["untyped", ""]);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    read(
        Bytes::copy_from_slice(text.as_bytes()),
        Some("utf-8"),
        &Limits::default(),
    )
}

/// Reads a Rust value from a document whose root is `<value>`, with limits of one's own.
///
/// # Errors
///
/// See [`Category`](crate::Category).
///
/// ```
/// use xmlrpc_core::{Limits, from_slice_with};
///
/// let limits = Limits::default().depth(1);
/// assert!(from_slice_with::<Vec<i32>>(b"<value><array/></value>", &limits).is_ok());
/// assert!(from_slice_with::<Vec<i32>>(b"<value><array/></value>", &limits.depth(0)).is_err());
/// ```
pub fn from_slice_with<T: DeserializeOwned>(bytes: &[u8], limits: &Limits) -> Result<T, Error> {
    read(Bytes::copy_from_slice(bytes), None, limits)
}

fn read<T: DeserializeOwned>(
    bytes: Bytes,
    charset: Option<&str>,
    limits: &Limits,
) -> Result<T, Error> {
    let document = Document::read(bytes, charset, limits)?;
    let root = document.cursor();
    if root.peek_open() != Some(Tag::Value) {
        return Err(grammar::unexpected(&root, "<value>"));
    }
    decode_at(&document, root.mark())
}

/// Reads the value that is opened at `mark`.
pub(crate) fn decode_at<'de, T: Deserialize<'de>>(
    document: &'de Document,
    mark: Mark,
) -> Result<T, Error> {
    let mut reader = document.cursor_at(mark);
    let value = T::deserialize(Deserializer::new(&mut reader));
    reader.check()?;
    value
}
