//! Finds the bytes of a text that are special, in bulk.

use multiversion::multiversion;

/// What XML 1.0 forbids, or may: control characters but line feeds and tabs, and 0xEF, with which
/// U+FFFE and U+FFFF begin; and `<`, `>` and `&`.
fn is_special(byte: u8) -> u8 {
    // Without a branch, so that loops of it become vector instructions.
    let control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
    control | is_markup(byte)
}

/// Without the control characters.
#[inline]
fn is_markup(byte: u8) -> u8 {
    // `<` and `>` differ in one bit.
    let angle = u8::from(byte | 2 == b'>');
    angle | u8::from(byte == b'&') | u8::from(byte == 0xEF)
}

/// The index of the first special byte from `at` on, or the length.
#[inline]
pub(super) fn find(bytes: &[u8], mut at: usize) -> usize {
    // Most texts are short; what is long goes by in larger pieces.
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

/// How much of `bytes` is text that stands for itself.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    // Between most tags there is none.
    if bytes.first() == Some(&b'<') {
        return 0;
    }
    let mut at = find(bytes, 0);
    while stands_for_itself(bytes, at) {
        at = find(bytes, at + 1);
    }
    at
}

/// Whether the special byte at `at` is nothing special after all: three bytes that XML forbids in a
/// row, and the two characters that it forbids.
pub(super) fn stands_for_itself(text: &[u8], at: usize) -> bool {
    match text.get(at..).unwrap_or_default() {
        [b'>', ..] => !text[..at].ends_with(b"]]"),
        [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xEF, ..] => true,
        _ => false,
    }
}

#[inline(never)]
fn find_far(bytes: &[u8], at: usize) -> usize {
    find_bytes(bytes, skip_blocks(bytes, at))
}

/// Whether certainly nothing has to be escaped in a short text: it is ASCII, with no control
/// character and no markup in it.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "nothing is left of it where the text is a constant"
)]
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let odd = if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk()) {
        // What the first and the last of them share is looked at twice.
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

/// Sets the highest bit of the first byte of a word that is not plain, and perhaps of others behind
/// it.
#[inline]
fn odd(word: u64) -> u64 {
    let control = word.wrapping_sub(SPACES);
    // `<` and `>` differ in one bit.
    let angle = ((word | (ONES * 2)) ^ (ONES * u64::from(b'>'))).wrapping_sub(ONES);
    let ampersand = (word ^ (ONES * u64::from(b'&'))).wrapping_sub(ONES);
    word | control | angle | ampersand
}

/// The index of the first of sixteen bytes that is special, a line feed or a tab; 16 if there is
/// none.
#[inline(never)]
pub(super) fn first_of_sixteen(bytes: &[u8; 16]) -> usize {
    first_at_once(bytes)
}

/// The same for where there is mostly one such search.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a handful of instructions, a call of which costs a tenth of a multicall; within a loop they are no longer those of vectors"
)]
pub(super) fn first_at_once(bytes: &[u8; 16]) -> usize {
    let mut marks = *bytes;
    // In place, without a branch: a handful of vector instructions.
    for byte in &mut marks {
        let special = u8::from(*byte < b' ') | is_markup(*byte);
        *byte = special.wrapping_neg();
    }
    u128::from_le_bytes(marks).trailing_zeros() as usize / 8
}

/// Goes past blocks in which there is nothing special.
fn skip_blocks(bytes: &[u8], at: usize) -> usize {
    let far = at + skip_plain(bytes.get(at..).unwrap_or_default());
    far + skip_ordinary(bytes.get(far..).unwrap_or_default())
}

const BLOCK: usize = 128;

/// Goes past blocks of ASCII without control characters and markup.
///
/// With AVX2 it takes half the time; `multiversion` asks the processor, since a library cannot take it
/// for granted.
#[multiversion(targets("x86_64+avx2"))]
fn skip_plain(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let is_plain = |block: &&[u8; BLOCK]| {
        let hits = block.iter().fold(0, |hits, &byte| {
            // What is beyond ASCII is negative.
            let control = u8::from(byte.cast_signed() < 32);
            hits | control | u8::from(byte | 2 == b'>') | u8::from(byte == b'&')
        });
        hits == 0
    };
    blocks.iter().take_while(is_plain).count() * BLOCK
}

/// The same where there may be line feeds, tabs, and what is beyond ASCII.
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

#[cfg(test)]
mod tests {
    use super::{find, is_plain};

    #[test]
    fn every_byte_at_every_place() {
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
    fn short_texts_that_are_plain() {
        for length in 0..=64 {
            assert!(is_plain(&vec![b'x'; length]), "{length}");
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = byte;
                    let expected = matches!(byte, b' '..=0x7F) && !b"<>&".contains(&byte);
                    assert_eq!(is_plain(&bytes), expected, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
