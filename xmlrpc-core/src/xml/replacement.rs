//! Replaces the characters that XML forbids, for users who prefer a damaged text to an error.

use bytes::Bytes;

use super::{
    encoding::decode,
    lenient::is_before_document,
    syntax::{FORBIDDEN_LEAD, character_reference, is_forbidden},
};
use crate::Limits;

const REPLACEMENT: &str = "\u{FFFD}";

/// The document in UTF-8 with U+FFFD instead of every forbidden character, and limits that allow its
/// additional bytes. `None` if it has no such character, or if it is invalid in its encoding.
///
/// A character is forbidden whether it is written itself or as a reference. References to numbers that
/// are not characters, such as a lone surrogate, are replaced as well.
pub(crate) fn replace_forbidden(
    body: &Bytes,
    charset: Option<&str>,
    limits: &Limits,
) -> Option<(Bytes, Limits)> {
    let text = decode(body.clone(), charset, limits).ok()?;
    let replaced = replaced(&text)?;
    let limits = limits.bytes(limits.bytes.max(replaced.len()));
    Some((replaced.into(), limits))
}

/// Whether a byte may begin a forbidden character.
fn is_odd(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == FORBIDDEN_LEAD
}

fn replaced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let may_be_needed =
        bytes.iter().any(|byte| is_odd(*byte)) || memchr::memmem::find(bytes, b"&#").is_some();
    if !may_be_needed {
        return None;
    }
    let mut written = String::new();
    let mut copied = 0;
    // Bytes before the document are ignored anyway.
    let mut at = text.len() - text.trim_start_matches(is_before_document).len();
    // The end of a comment or a section, which has no references.
    let mut section = 0;
    while let Some(rest) = bytes.get(at..)
        && let Some(found) = rest
            .iter()
            .position(|byte| is_odd(*byte) || matches!(byte, b'&' | b'<'))
    {
        at += found;
        let found = match bytes[at] {
            b'<' if at >= section => {
                section = section_end(bytes, at);
                Found::Allowed(at + 1)
            }
            b'&' if at >= section => reference(bytes, at),
            b'<' | b'&' => Found::Allowed(at + 1),
            _ => character(text, at),
        };
        at = match found {
            Found::Allowed(end) => end,
            Found::Forbidden(end) => {
                written.push_str(&text[copied..at]);
                written.push_str(REPLACEMENT);
                copied = end;
                end
            }
        };
    }
    if copied == 0 {
        return None;
    }
    written.push_str(&text[copied..]);
    Some(written)
}

/// A character or a reference that ends at an offset.
enum Found {
    Allowed(usize),
    Forbidden(usize),
}

fn character(text: &str, at: usize) -> Found {
    match text[at..].chars().next() {
        Some(c) if is_forbidden(c) => Found::Forbidden(at + c.len_utf8()),
        c => Found::Allowed(at + c.map_or(1, char::len_utf8)),
    }
}

fn reference(bytes: &[u8], at: usize) -> Found {
    let Some((number, end)) = character_reference(bytes, at) else {
        return Found::Allowed(at + 1);
    };
    match char::from_u32(number) {
        Some(c) if is_forbidden(c) => Found::Forbidden(end),
        Some(_) => Found::Allowed(end),
        // Two references to the surrogates of a character are one character.
        None => match character_reference(bytes, end) {
            Some((0xDC00..0xE000, end)) if (0xD800..0xDC00).contains(&number) => {
                Found::Allowed(end)
            }
            _ => Found::Forbidden(end),
        },
    }
}

/// The end of the comment, section or instruction that begins at `at`; `at` if none does.
fn section_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let end: &[u8] = if rest.starts_with(b"<!--") {
        b"-->"
    } else if rest.starts_with(b"<![CDATA[") {
        b"]]>"
    } else if rest.starts_with(b"<?") {
        b"?>"
    } else {
        return at;
    };
    memchr::memmem::find(rest, end).map_or(bytes.len(), |found| at + found + end.len())
}
