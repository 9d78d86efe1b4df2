//! Fast searches through the bytes of a document.
//!
//! Several of them look at eight bytes of a word at once ("SIMD within a register"), by the methods of
//! <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord> and `#HasLessInWord`: subtracting
//! `n` from each byte of a word sets the highest bit of the bytes below `n`. A borrow may set it in
//! later bytes as well, but never in an earlier one.

use multiversion::multiversion;
use wide::u8x16;

use super::syntax::{FORBIDDEN_LEAD, begins_with_noncharacter};

/// Whether XML may treat a byte specially, as 0 or 1.
///
/// The special bytes are control characters except line feed and tab, `<`, `>`, `&`, and the first
/// byte of U+FFFE and U+FFFF.
fn is_special(byte: u8) -> u8 {
    // Without a branch, so that the compiler turns loops over it into vector instructions.
    let control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
    control | is_markup(byte)
}

/// The same without the control characters.
#[inline]
fn is_markup(byte: u8) -> u8 {
    // `<` (0x3C) and `>` (0x3E) differ in the bit of value 2.
    let angle = u8::from(byte | 2 == b'>');
    angle | u8::from(byte == b'&') | u8::from(byte == FORBIDDEN_LEAD)
}

/// The index of the first special byte from `at` on, or the length.
#[inline]
pub(super) fn find(bytes: &[u8], mut at: usize) -> usize {
    // Most texts are short; long ones are searched in larger pieces.
    for _ in 0..3 {
        let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            break;
        };
        let index = first_at_once(chunk);
        at += index;
        if index < 16 {
            if !matches!(bytes[at], b'\n' | b'\t') {
                return at;
            }
            at += 1;
        }
    }
    find_far(bytes, at)
}

/// The length of the text at the beginning of `bytes` that needs no interpretation.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    // Most tags follow each other without text.
    if bytes.first() == Some(&b'<') {
        return 0;
    }
    let mut at = find(bytes, 0);
    while stands_for_itself(bytes, at) {
        at = find(bytes, at + 1);
    }
    at
}

/// Whether the special byte at `at` is ordinary after all: a `>` that does not end `]]>`, or a
/// character that begins like the forbidden ones.
pub(super) fn stands_for_itself(text: &[u8], at: usize) -> bool {
    match text.get(at..).unwrap_or_default() {
        [b'>', ..] => !text[..at].ends_with(b"]]"),
        rest @ [FORBIDDEN_LEAD, ..] => !begins_with_noncharacter(rest),
        _ => false,
    }
}

#[inline(never)]
fn find_far(bytes: &[u8], at: usize) -> usize {
    find_bytes(bytes, skip_blocks(bytes, at))
}

/// Whether a short text is ASCII without control characters and markup: nothing has to be escaped.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "the compiler evaluates it where the text is a constant"
)]
pub(super) fn needs_no_escape(bytes: &[u8]) -> bool {
    let odd = if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk()) {
        // The first and the last word may overlap.
        odd(u64::from_le_bytes(*first)) | odd(u64::from_le_bytes(*last)) | {
            let (words, _) = bytes[..bytes.len() - 1].as_chunks();
            let words = words.iter().skip(1);
            words.fold(0, |seen, word| seen | odd(u64::from_le_bytes(*word)))
        }
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        odd(u64::from(first) << 32 | u64::from(last))
    } else {
        let word = bytes
            .iter()
            .fold(SPACES, |word, byte| word << 8 | u64::from(*byte));
        odd(word)
    };
    odd & HIGH == 0
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;
const SPACES: u64 = 0x2020_2020_2020_2020;

/// Sets the highest bit of the first byte that may need an escape, and perhaps of bytes behind it.
#[inline]
fn odd(word: u64) -> u64 {
    // Bytes below the space. Bytes from 0x80 on have the bit already, through `word`.
    let control = word.wrapping_sub(SPACES);
    // Bytes that are 0 after the XOR are below 1. `<` and `>` differ in the bit of value 2.
    let angle = ((word | (ONES * 2)) ^ (ONES * u64::from(b'>'))).wrapping_sub(ONES);
    let ampersand = (word ^ (ONES * u64::from(b'&'))).wrapping_sub(ONES);
    word | control | angle | ampersand
}

/// The index of the first of sixteen bytes that is special, a line feed or a tab; 16 without one.
///
/// A loop must not inline it: see the `reason`.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a few vector instructions; calling them costs a tenth of a multicall, and a loop around them would not be vectorised"
)]
pub(super) fn first_at_once(bytes: &[u8; 16]) -> usize {
    let bytes = u8x16::new(*bytes);
    let control = bytes.simd_lt(u8x16::splat(b' '));
    // `<` (0x3C) and `>` (0x3E) differ in the bit of value 2.
    let angle = (bytes | u8x16::splat(2)).simd_eq(u8x16::splat(b'>'));
    let ampersand = bytes.simd_eq(u8x16::splat(b'&'));
    let forbidden = bytes.simd_eq(u8x16::splat(FORBIDDEN_LEAD));
    let marks = (control | angle | ampersand | forbidden).to_bitmask();
    // A bit behind the sixteen says that none of them is set.
    (marks | 1 << 16).trailing_zeros() as usize
}

/// Skips blocks without special bytes.
fn skip_blocks(bytes: &[u8], at: usize) -> usize {
    let far = at + skip_ascii_text(bytes.get(at..).unwrap_or_default());
    far + skip_ordinary(bytes.get(far..).unwrap_or_default())
}

/// Four registers of AVX2, or eight of SSE2. A block is checked as a whole, without a branch.
const BLOCK: usize = 128;

/// Skips blocks of ASCII without control characters and markup.
///
/// AVX2 halves its time. A library cannot assume AVX2, so `multiversion` asks the processor.
#[multiversion(targets("x86_64+avx2"))]
fn skip_ascii_text(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let is_ascii_text = |block: &&[u8; BLOCK]| {
        let hits = block.iter().fold(0, |hits, &byte| {
            // Bytes beyond ASCII are negative.
            let control = u8::from(byte.cast_signed() < 32);
            hits | control | u8::from(byte | 2 == b'>') | u8::from(byte == b'&')
        });
        hits == 0
    };
    blocks.iter().take_while(is_ascii_text).count() * BLOCK
}

/// The same for blocks that may also have line feeds, tabs and bytes beyond ASCII.
#[multiversion(targets("x86_64+avx2"))]
fn skip_ordinary(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let is_ordinary = |block: &&[u8; BLOCK]| {
        let hits = block.iter().fold(0, |hits, &byte| hits | is_special(byte));
        hits == 0
    };
    blocks.iter().take_while(is_ordinary).count() * BLOCK
}

fn find_bytes(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest.iter().position(|&byte| is_special(byte) != 0);
    at + found.unwrap_or(rest.len())
}

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

/// The end of the name that begins at `at`, if it consists of the usual characters of a name;
/// otherwise some index before its end.
#[inline]
pub(super) fn usual_name_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = find_below_letters(bytes, at);
        match bytes.get(at) {
            Some(b'0'..=b'9' | b'.' | b'-') => at += 1,
            _ => return at,
        }
    }
}

/// The index of the first byte from `at` on that sorts before the letters. All bytes that end a name
/// in a tag do so.
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

/// The next eight bytes as a word, if there are as many.
#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// The index of the first byte of a word that is below a bound of at most 128; 8 without one.
#[inline]
fn first_below(word: u64, bound: u8) -> usize {
    let marks = word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGH;
    marks.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::{find, needs_no_escape};

    #[test]
    fn every_byte_at_every_index() {
        for length in [
            0, 1, 7, 8, 9, 31, 32, 33, 40, 41, 64, 65, 100, 140, 200, 400,
        ] {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = byte;
                    let is_special = matches!(byte, b'<' | b'&' | b'>' | 0xEF)
                        || (byte < b' ' && byte != b'\n' && byte != b'\t');
                    let expected = if is_special { at } else { length };
                    assert_eq!(find(&bytes, 0), expected, "{byte} at {at} of {length}");
                    // Marks behind the first must not hide it, nor make another the first.
                    if let Some(next) = bytes.get_mut(at + 1) {
                        *next = b'<';
                        let expected = if is_special { at } else { at + 1 };
                        assert_eq!(find(&bytes, 0), expected, "{byte} at {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn short_texts_that_need_no_escape() {
        for length in 0..=64 {
            assert!(needs_no_escape(&vec![b'x'; length]), "{length}");
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = byte;
                    let expected = matches!(byte, b' '..=0x7F) && !b"<>&".contains(&byte);
                    assert_eq!(
                        needs_no_escape(&bytes),
                        expected,
                        "{byte} at {at} of {length}"
                    );
                }
            }
        }
    }
}
