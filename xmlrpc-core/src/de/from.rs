//! The functions that read documents.

use std::io::Read;

use bytes::Bytes;
use serde_core::{Deserialize, de::DeserializeOwned};

use super::{deserializer::Deserializer, grammar::unexpected, reader::Reader};
use crate::{
    Error, Limits,
    error::Exceeded,
    xml::{
        Cursor, Document, EventIndex, Scanner, Tag, check_bytes, decode, plain_text, read_events,
        resolve,
    },
};

/// Reads a Rust value from a document whose root is `<value>`, with the default [`Limits`].
///
/// The encoding is that of the byte order mark or of the XML declaration, otherwise UTF-8. Text can be
/// borrowed if it is UTF-8 without references.
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
/// Text can be borrowed if it has no references.
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
    from_str_with(text, &Limits::default())
}

/// Reads a Rust value from a document whose root is `<value>`, with custom limits.
///
/// Text can be borrowed as by [`from_str`].
///
/// # Errors
///
/// See [`Category`](crate::Category).
///
/// ```
/// use xmlrpc_core::{Category, Limits, from_str_with};
///
/// let document = "<value><string>too long</string></value>";
/// let error = from_str_with::<&str>(document, &Limits::default().bytes(20)).unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// ```
pub fn from_str_with<'de, T: Deserialize<'de>>(
    text: &'de str,
    limits: &Limits,
) -> Result<T, Error> {
    check_bytes(text.len(), limits)?;
    read_text(text, limits)
}

/// Reads a Rust value from a document whose root is `<value>`, with custom limits.
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
        None => read_transcoded(Bytes::copy_from_slice(bytes), limits),
    }
}

/// Reads a Rust value from an I/O stream, with the default [`Limits`].
///
/// The function reads the stream to its end, but never more than one byte beyond
/// [`Limits::bytes`]. The document is decoded once it is complete. The stream needs no buffer.
///
/// # Errors
///
/// See [`Category`](crate::Category). If reading fails, the category is
/// [`Category::Io`](crate::Category::Io), and [`source`](std::error::Error::source) returns the
/// [`std::io::Error`].
///
/// ```
/// let stream: &[u8] = b"<value><int>7</int></value>"; // a file or a socket, for example
/// let sum: i64 = xmlrpc_core::from_reader(stream)?;
/// assert_eq!(sum, 7);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_reader<R: Read, T: DeserializeOwned>(reader: R) -> Result<T, Error> {
    from_reader_with(reader, &Limits::default())
}

/// Reads a Rust value from an I/O stream, with custom limits.
///
/// # Errors
///
/// Those of [`from_reader`].
///
/// ```
/// use xmlrpc_core::{Category, Limits, from_reader_with};
///
/// // The stream never ends, but the limit does.
/// let limits = Limits::default().bytes(100);
/// let error = from_reader_with::<_, String>(std::io::repeat(b' '), &limits).unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// ```
pub fn from_reader_with<R: Read, T: DeserializeOwned>(
    reader: R,
    limits: &Limits,
) -> Result<T, Error> {
    let mut bytes = Vec::new();
    let within = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    reader
        .take(within.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("cannot read the document", error))?;
    if bytes.len() > limits.bytes {
        return Err(Error::limit(Exceeded::StreamBytes(limits.bytes)));
    }
    match plain_text(&bytes, None, limits) {
        Some(text) => read_text(text, limits),
        None => read_transcoded(bytes.into(), limits),
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
    let events = read_events(text, limits)?;
    read_root(&mut Cursor::lending_text(&events, text)).map_err(|error| resolve(error, text))
}

/// Reads a document in another encoding, or in none. Nothing in it can be borrowed.
fn read_transcoded<'de, T: Deserialize<'de>>(bytes: Bytes, limits: &Limits) -> Result<T, Error> {
    let text = decode(bytes, None, limits)?;
    let events = read_events(&text, limits)?;
    read_root(&mut Cursor::copying(&events, &text)).map_err(|error| resolve(error, &text))
}

fn read_root<'de, T: Deserialize<'de>>(root: &mut Cursor<'_, 'de>) -> Result<T, Error> {
    if root.peek_open() != Some(Tag::Value) {
        return Err(unexpected(root, "<value>"));
    }
    read_value(root)
}

/// Reads the next value. Fails on an error of the reader even if the value's type swallowed it.
pub(crate) fn read_value<'de, R: Reader<'de>, T: Deserialize<'de>>(
    reader: &mut R,
) -> Result<T, Error> {
    let value = T::deserialize(Deserializer::new(reader));
    reader.check()?;
    value
}

/// Reads the value at an event of a document. An error has an offset, but not a line yet.
pub(crate) fn decode_at<'de, T: Deserialize<'de>>(
    document: &'de Document,
    value: EventIndex,
) -> Result<T, Error> {
    read_value(&mut cursor_at(document, value)?)
}

/// A cursor before an event of a document.
pub(crate) fn cursor_at(document: &Document, value: EventIndex) -> Result<Cursor<'_, '_>, Error> {
    Ok(document.cursor()?.at(value))
}
