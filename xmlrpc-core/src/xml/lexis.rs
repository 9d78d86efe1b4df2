//! The smallest pieces of XML, found in the bytes of a document from an offset on.

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

/// Where the name that begins at `at` ends, if it is made of what names mostly are; if it is not,
/// some place before its end.
#[inline]
pub(super) fn plain_name_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = find_below_letters(bytes, at);
        match bytes.get(at) {
            Some(b'0'..=b'9' | b'.' | b'-') => at += 1,
            _ => return at,
        }
    }
}

/// Whether a name is one certainly, by its characters, which are ASCII.
pub(super) fn is_simple_name(name: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    match name {
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', rest @ ..] => rest.iter().all(is_inner),
        _ => false,
    }
}

/// Where the white space that begins at `at` ends.
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_other = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    at + rest.iter().position(is_other).unwrap_or(rest.len())
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The index of the first `<` from `at` on.
#[inline]
pub(super) fn find_tag(bytes: &[u8], at: usize) -> Option<usize> {
    // Most texts are short.
    if let Some(word) = word(bytes, at) {
        let index = first_below(word ^ (ONES * u64::from(b'<')), 1);
        if index < 8 {
            return Some(at + index);
        }
    }
    memchr::memchr(b'<', &bytes[at..]).map(|found| at + found)
}

/// The index of the first byte from `at` on that comes before the letters: all that ends a name in
/// a tag does.
#[inline]
fn find_below_letters(bytes: &[u8], mut at: usize) -> usize {
    const BOUND: u8 = b'>' + 1;
    while let Some(word) = word(bytes, at) {
        let index = first_below(word, BOUND);
        at += index;
        if index < 8 {
            return at;
        }
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest.iter().position(|byte| *byte < BOUND);
    at + found.unwrap_or(rest.len())
}

/// Eight bytes at once.
#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// The index of the first byte of a word that is below a bound, of at most 128; 8 if there is none.
#[inline]
fn first_below(word: u64, bound: u8) -> usize {
    // A borrow may mark bytes behind the first that is marked rightly.
    let marks = word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGH;
    marks.trailing_zeros() as usize / 8
}
