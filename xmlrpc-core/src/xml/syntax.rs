//! The smallest rules of XML: white space, forbidden characters, names and character references.

/// Whether a byte is white space.
///
/// `trim_ascii`, which the codec also uses, removes form feeds as well. This makes no difference:
/// XML forbids form feeds, so a document with one is refused.
#[inline]
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The end of the white space that begins at `at`.
#[inline]
pub(crate) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_other = |byte: &u8| !is_space(*byte);
    at + rest.iter().position(is_other).unwrap_or(rest.len())
}

/// Whether XML 1.0 forbids a character, even as a reference.
///
/// The fast searches of `bytes.rs` and `escape.rs` repeat this rule for bytes; a test below compares
/// them.
pub(super) const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first byte of the two forbidden characters that are not ASCII, in UTF-8.
pub(super) const FORBIDDEN_LEAD: u8 = 0xEF;

/// Whether `bytes` begin with U+FFFE or U+FFFF.
#[inline]
pub(super) const fn begins_with_noncharacter(bytes: &[u8]) -> bool {
    matches!(bytes, [FORBIDDEN_LEAD, 0xBF, 0xBE | 0xBF, ..])
}

/// The number of the character reference at `at`, and the end of the reference.
///
/// The number may be invalid; `u32::MAX` stands for every larger number.
#[inline]
pub(super) fn character_reference(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"&#")?;
    let (radix, digits, before) = match rest.strip_prefix(b"x") {
        Some(digits) => (16, digits, 3),
        None => (10, rest, 2),
    };
    let mut number = 0_u32;
    for (length, byte) in digits.iter().enumerate() {
        if *byte == b';' {
            return (length > 0).then_some((number, at + before + length + 1));
        }
        let digit = char::from(*byte).to_digit(radix)?;
        number = number.saturating_mul(radix).saturating_add(digit);
    }
    None
}

/// The end of the name that begins at `at`.
pub(super) fn name_end(bytes: &[u8], at: usize) -> usize {
    let is_end =
        |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>' | b'<' | b'=' | b'"' | b'\'');
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(is_end).unwrap_or(rest.len())
}

/// Whether a name is valid and consists only of ASCII letters, digits, `_`, `-` and `.`.
pub(super) fn is_simple_name(name: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    match name {
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', rest @ ..] => rest.iter().all(is_inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{FORBIDDEN_LEAD, begins_with_noncharacter, character_reference, is_forbidden};
    use crate::xml::bytes::plain;

    #[test]
    fn every_definition_of_a_forbidden_character_agrees() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let bytes = text.as_bytes();
            let by_bytes = match bytes {
                [byte] => *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'),
                _ => begins_with_noncharacter(bytes),
            };
            assert_eq!(by_bytes, is_forbidden(c), "{c:?}");
            if bytes.len() > 1 && is_forbidden(c) {
                assert_eq!(bytes[0], FORBIDDEN_LEAD);
            }
            // The search also stops at carriage returns and markup.
            let stops = is_forbidden(c) || matches!(c, '\r' | '<' | '&');
            assert_eq!(plain(bytes) == 0, stops, "{c:?}");
        }
    }

    #[test]
    fn references() {
        let read = |text: &str| character_reference(text.as_bytes(), 0);
        assert_eq!(read("&#65;"), Some((65, 5)));
        assert_eq!(read("&#x41;B"), Some((0x41, 6)));
        assert_eq!(read("&#99999999999;"), Some((u32::MAX, 14)));
        assert_eq!(read("&#xD800;"), Some((0xD800, 8)));
        for text in ["&#;", "&#x;", "&#4A;", "&#65", "&# 65;", "&amp;", "65;"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
