//! Decodes the bytes of a document to text.

use bytes::Bytes;
use bytestring::ByteString;
use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::position::position;
use crate::{
    Category, Error, Limits,
    error::{Exceeded, Excerpt, Position},
};

/// The text of a document.
///
/// The byte order mark decides the encoding, because no document in another encoding can begin with
/// these bytes. Without one, the HTTP header decides, then the XML declaration; the default is UTF-8.
/// An unknown charset in the header counts as none. The declaration wins if it says UTF-8 and the header
/// a single-byte charset, and the bytes are valid UTF-8: few texts in another charset are.
pub(crate) fn decode(
    body: Bytes,
    charset: Option<&str>,
    limits: &Limits,
) -> Result<ByteString, Error> {
    check_bytes(body.len(), limits)?;
    if claims_utf_8(&body, charset) {
        return utf_8(body);
    }
    let (encoding, bom) = encoding(&body, charset)?;
    if encoding == UTF_8 {
        return utf_8(body);
    }
    transcode(&body[bom..], encoding).map(ByteString::from)
}

/// The text of a document that claims to be UTF-8 and is valid UTF-8, within the limit of bytes.
pub(crate) fn plain_text<'a>(
    body: &'a [u8],
    charset: Option<&str>,
    limits: &Limits,
) -> Option<&'a str> {
    if claims_utf_8(body, charset) && body.len() <= limits.bytes {
        simdutf8::basic::from_utf8(body).ok()
    } else {
        None
    }
}

/// Whether a document is UTF-8 by its header, or without one by its declaration, which may be missing.
///
/// Returns false for a document with a byte order mark.
fn claims_utf_8(body: &[u8], charset: Option<&str>) -> bool {
    let is_utf_8 = |label: &[u8]| label.eq_ignore_ascii_case(b"utf-8");
    // A `<` with a zero behind it is UTF-16 without a byte order mark.
    matches!(body.trim_ascii_start(), [b'<', next, ..] if *next != 0)
        && match unquoted(charset) {
            Some(charset) => is_utf_8(charset.as_bytes()),
            None => declared(body).is_none_or(is_utf_8),
        }
}

/// A charset without quotes and white space. An empty charset counts as none.
fn unquoted(charset: Option<&str>) -> Option<&str> {
    let charset = charset?.trim().trim_matches('"');
    (!charset.is_empty()).then_some(charset)
}

pub(crate) fn check_bytes(bytes: usize, limits: &Limits) -> Result<(), Error> {
    if bytes <= limits.bytes {
        return Ok(());
    }
    Err(Error::limit(Exceeded::Bytes {
        found: bytes,
        max: limits.bytes,
    }))
}

/// The encoding, and the length of the byte order mark.
fn encoding(body: &[u8], charset: Option<&str>) -> Result<(&'static Encoding, usize), Error> {
    if body.starts_with(&[0xFF, 0xFE, 0, 0]) || body.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(unknown("UTF-32"));
    }
    if let Some((encoding, bom)) = Encoding::for_bom(body) {
        return Ok((encoding, bom));
    }
    let wide = match body {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    let charset = unquoted(charset);
    let in_header = charset.and_then(|charset| for_label(charset.as_bytes()).ok());
    let label = match in_header {
        Some(encoding) if encoding.is_single_byte() && is_declared_utf_8(body) => Some(UTF_8),
        Some(encoding) => Some(encoding),
        None => match declared(body) {
            Some(label) => Some(for_label(label)?),
            None => None,
        },
    };
    let encoding = match (label, wide) {
        (None, Some(wide)) => wide,
        (Some(label), Some(wide)) if is_wide(label) => wide,
        // The declaration was readable as ASCII, so the document cannot be UTF-16.
        (Some(label), None) if is_wide(label) && in_header.is_none() => UTF_8,
        (Some(label), _) => label,
        (None, None) => UTF_8,
    };
    Ok((encoding, 0))
}

/// Whether a document declares UTF-8 and is valid UTF-8.
fn is_declared_utf_8(body: &[u8]) -> bool {
    declared(body).and_then(Encoding::for_label) == Some(UTF_8)
        && simdutf8::basic::from_utf8(body).is_ok()
}

fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn for_label(label: &[u8]) -> Result<&'static Encoding, Error> {
    match Encoding::for_label(label) {
        Some(encoding) if encoding != REPLACEMENT => Ok(encoding),
        _ => Err(unknown(&String::from_utf8_lossy(label))),
    }
}

fn unknown(label: &str) -> Error {
    Error::with_category(
        Category::UnknownEncoding,
        format_args!("the encoding {:?} is not known", Excerpt(label)),
    )
}

/// The encoding that the XML declaration names.
fn declared(body: &[u8]) -> Option<&[u8]> {
    const LONGEST: usize = 512;
    let body = body.trim_ascii_start();
    let declaration = body.strip_prefix(b"<?xml")?;
    // Most declarations have only a version.
    if declaration.starts_with(b" version=\"1.0\"?>")
        || declaration.starts_with(b" version='1.0'?>")
    {
        return None;
    }
    let declaration = &declaration[..declaration.len().min(LONGEST)];
    let declaration = &declaration[..memchr::memmem::find(declaration, b"?>")?];
    let after = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let value = declaration[after..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (quote, value) = value.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    Some(&value[..memchr::memchr(*quote, value)?])
}

fn utf_8(body: Bytes) -> Result<ByteString, Error> {
    // Checked here, because `try_from` does not return an invalid body, and a clone would allocate.
    if simdutf8::basic::from_utf8(&body).is_err() {
        let offset = str::from_utf8(&body).map_or_else(|error| error.valid_up_to(), str::len);
        let valid = String::from_utf8_lossy(&body[..offset]);
        let byte = body.get(offset).copied().unwrap_or_default();
        return Err(invalid(byte, UTF_8).at(|| position(&valid, offset)));
    }
    ByteString::try_from(body)
        .map_err(|error| Error::with_category(Category::InvalidCharacter, error))
}

fn transcode(body: &[u8], encoding: &'static Encoding) -> Result<String, Error> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::new();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(body.len())
        .unwrap_or(body.len());
    text.reserve(room);
    let (result, read) = decoder.decode_to_string_without_replacement(body, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::OutputFull => Err(Error::with_category(
            Category::Limit,
            "the document is too large to be converted to UTF-8",
        )),
        DecoderResult::Malformed(bad, after) => {
            let offset = read.saturating_sub(usize::from(bad) + usize::from(after));
            let Position { line, column, .. } = position(&text, text.len());
            let byte = body.get(offset).copied().unwrap_or_default();
            Err(invalid(byte, encoding).at(|| Position {
                offset,
                line,
                column,
            }))
        }
    }
}

fn invalid(byte: u8, encoding: &'static Encoding) -> Error {
    Error::with_category(
        Category::InvalidCharacter,
        format_args!(
            "the byte 0x{byte:02X} is invalid here in {}",
            encoding.name()
        ),
    )
}
