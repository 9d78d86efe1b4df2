//! The smallest pieces of XML, found in the bytes of a document from an offset on.

/// The name of elements that mean nothing by themselves.
pub(super) const ELEMENT: &str = "a";

/// The number of the character reference at `at`, and where it ends.
pub(super) fn character_reference(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"&#")?;
    let (radix, digits, before) = match rest.strip_prefix(b"x") {
        Some(digits) => (16, digits, 3),
        None => (10, rest, 2),
    };
    let length = digits.iter().position(|byte| !byte.is_ascii_hexdigit())?;
    if length == 0 || digits[length] != b';' {
        return None;
    }
    let number = digits[..length].iter().try_fold(0u32, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        Some(number.saturating_mul(radix).saturating_add(digit))
    })?;
    Some((number, at + before + length + 1))
}

/// Where the name that begins at `at` ends.
pub(super) fn name_end(bytes: &[u8], at: usize) -> usize {
    let is_end = |byte: &u8| {
        matches!(
            byte,
            b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' | b'<' | b'=' | b'"' | b'\''
        )
    };
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(is_end).unwrap_or(rest.len())
}

/// Where the name that begins at `at` ends, as far as it is made of what names mostly are.
#[inline]
pub(super) fn plain_name_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_other = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'.';
    at + rest.iter().position(is_other).unwrap_or(rest.len())
}

/// Where the white space that begins at `at` ends.
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_other = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    at + rest.iter().position(is_other).unwrap_or(rest.len())
}
