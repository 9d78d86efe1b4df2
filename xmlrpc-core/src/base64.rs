use core::ops::Deref;

use memchr::{memchr, memchr3};
use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};

use crate::{Error, xml::skip_space};

/// Bytes that are written as `<base64>`.
///
/// A plain `Vec<u8>` is written as an array of integers, as in every serde format. Reading accepts
/// white space in the text and missing padding.
///
/// ```
/// use xmlrpc_core::{Base64, from_str, to_string};
///
/// let text = to_string(&Base64(b"you can't read this!"))?;
/// assert_eq!(text, "<value><base64>eW91IGNhbid0IHJlYWQgdGhpcyE=</base64></value>");
///
/// let bytes: Base64 = from_str(&text)?;
/// assert_eq!(bytes.0, b"you can't read this!");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64<T = Vec<u8>>(pub T);

impl<T> Base64<T> {
    /// The bytes without the wrapper.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Base64<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: AsRef<[u8]>> AsRef<[u8]> for Base64<T> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl<T> From<T> for Base64<T> {
    fn from(bytes: T) -> Self {
        Self(bytes)
    }
}

impl<T: AsRef<[u8]>> Serialize for Base64<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_ref())
    }
}

impl<'de, T: From<Vec<u8>>> Deserialize<'de> for Base64<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_byte_buf(BytesVisitor)
            .map(|bytes| Self(T::from(bytes)))
    }
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("base64")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}

/// How long so many bytes are as base64.
pub(crate) fn encoded_length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

pub(crate) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    base64_simd::STANDARD.encode_append(bytes, out);
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Error> {
    decode_bytes(text.as_bytes()).ok_or_else(|| {
        Error::protocol(format_args!(
            "invalid base64 {:?}",
            crate::error::Excerpt(text)
        ))
    })
}

/// Decodes a text. White space and missing padding are accepted.
pub(crate) fn decode_bytes(text: &[u8]) -> Option<Vec<u8>> {
    // The strict decoder is several times faster than the forgiving one.
    let strict = base64_simd::STANDARD.decode_to_vec(text).ok();
    strict.or_else(|| decode_lines(text))
}

/// Decodes text with white space: joins the lines into blocks, and decodes the blocks.
fn decode_lines(text: &[u8]) -> Option<Vec<u8>> {
    /// Small, so that it stays in the cache; a multiple of 4, so that each block can be decoded separately.
    const BLOCK: usize = 4096;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut block = [0; BLOCK];
    let mut filled = 0;
    let mut rest = &text[skip_space(text, 0)..];
    while !rest.is_empty() {
        if filled == BLOCK {
            let decoder = base64_simd::STANDARD_NO_PAD;
            decoder.decode_append(block, &mut bytes).ok()?;
            filled = 0;
        }
        // Bounded by the room in the block, so that a long line is not searched again for every block.
        let line = line(&rest[..rest.len().min(BLOCK - filled)]);
        let taken = line.len();
        block[filled..filled + taken].copy_from_slice(line);
        filled += taken;
        rest = &rest[skip_space(rest, taken)..];
    }
    let last = &mut block[..filled];
    // The forgiving decoder accepts form feeds, which XML forbids.
    if memchr(b'\x0C', last).is_some() {
        return None;
    }
    let last = base64_simd::forgiving_decode_inplace(last).ok()?;
    bytes.extend_from_slice(last);
    Some(bytes)
}

/// The text before the next white space.
fn line(text: &[u8]) -> &[u8] {
    let end = memchr3(b'\n', b'\r', b' ', text).unwrap_or(text.len());
    let end = memchr(b'\t', &text[..end]).unwrap_or(end);
    &text[..end]
}
