//! From documents to Rust values.

mod access;
mod deserializer;
mod explaining;
mod fast;
mod grammar;
mod key;
mod number;
mod reader;
mod scalar;

use bytes::Bytes;
use serde::Deserialize;

pub(crate) use deserializer::Deserializer;
pub(crate) use explaining::Explaining;
pub(crate) use grammar::{close, leaf_text, unexpected};
pub(crate) use reader::{Item, Member, Named, Number, Reader};
pub(crate) use scalar::Scalar;

use crate::{
    Error, Limits,
    xml::{
        Cursor, Document, Events, Mark, Scanner, Tag, Tree, check_bytes, decode, plain_text,
        resolve,
    },
};

/// Reads a Rust value from a document whose root is `<value>`, with the default [`Limits`].
///
/// The encoding is that of a byte order mark or of the XML declaration, else UTF-8. Text of UTF-8
/// without references in it can be borrowed.
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
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Error> {
    from_slice_with(bytes, &Limits::default())
}

/// Reads a Rust value from a document whose root is `<value>`, with the default [`Limits`].
///
/// Text without references in it can be borrowed.
///
/// # Errors
///
/// See [`Category`](crate::Category).
///
/// ```
/// let words: Vec<&str> = xmlrpc_core::from_str(
///     "<value><array><data><value>untyped</value><value/></data></array></value>",
/// )?;
/// assert_eq!(words, ["untyped", ""]);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let limits = Limits::default();
    check_bytes(text.len(), &limits)?;
    read_text(text, &limits)
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
pub fn from_slice_with<'de, T: Deserialize<'de>>(
    bytes: &'de [u8],
    limits: &Limits,
) -> Result<T, Error> {
    check_bytes(bytes.len(), limits)?;
    match plain_text(bytes, None, limits) {
        Some(text) => read_text(text, limits),
        None => read_transcoded(bytes, limits),
    }
}

fn read_text<'de, T: Deserialize<'de>>(text: &'de str, limits: &Limits) -> Result<T, Error> {
    let mut scanner = Scanner::of(text, limits);
    if scanner.prolog()
        && let Ok(value) = read_value(&mut scanner)
        && scanner.is_at_end()
    {
        return Ok(value);
    }
    let tree = Tree::read(text, limits)?;
    read_root(&mut tree.short_cursor(text)).map_err(|error| resolve(error, text))
}

/// What is no text yet, or none at all, is copied, and nothing in it can be borrowed.
fn read_transcoded<'de, T: Deserialize<'de>>(bytes: &[u8], limits: &Limits) -> Result<T, Error> {
    let text = decode(Bytes::copy_from_slice(bytes), None, limits)?;
    let tree = Tree::read(&text, limits)?;
    let mut root = tree.owning_cursor(&text);
    read_root(&mut root).map_err(|error| resolve(error, &text))
}

fn read_root<'de, T: Deserialize<'de>>(root: &mut Cursor<'_, 'de>) -> Result<T, Error> {
    if root.peek_open() != Some(Tag::Value) {
        return Err(grammar::unexpected(root, "<value>"));
    }
    read_value(root)
}

/// Reads the value that comes next; errors that somebody has swallowed count.
pub(crate) fn read_value<'de, R: Reader<'de>, T: Deserialize<'de>>(
    reader: &mut R,
) -> Result<T, Error> {
    let value = T::deserialize(Deserializer::new(reader));
    reader.check()?;
    value
}

/// Reads the value at a place in the tree of a document; the error has an offset and no line yet.
pub(crate) fn decode_at<'de, T: Deserialize<'de>>(
    document: &'de Document,
    value: Mark,
) -> Result<T, Error> {
    read_value(&mut cursor_at(document, value)?)
}

/// A cursor before the value at a place in the tree.
pub(crate) fn cursor_at(document: &Document, value: Mark) -> Result<Cursor<'_, '_>, Error> {
    Ok(document.tree()?.cursor(document.text()).at(value))
}
