//! Integers from the bytes of a document, eight digits at a time.

use core::hint::select_unpredictable;

const POWERS: [i64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];

/// The length of the longest [`short`] integer: a sign and eight digits.
pub(super) const SHORT: usize = 9;

/// Reads an integer of up to eight digits at the beginning of `bytes`; returns it and its length.
///
/// If there are more digits, the result is the number of the first eight.
#[inline]
pub(super) fn short(bytes: &[u8; SHORT]) -> Option<(i64, usize)> {
    let [sign, digits @ ..] = bytes;
    // Both words are loaded before the sign is known, so that neither load waits for the sign.
    let (unsigned, signed) = (word(bytes)?, u64::from_le_bytes(*digits));
    let negative = *sign == b'-';
    let (number, length) = eight(select_unpredictable(negative, signed, unsigned));
    if length == 0 {
        return None;
    }
    let number = if negative { -number } else { number };
    Some((number, usize::from(negative) + length))
}

/// Reads an integer of up to 18 digits at the beginning of `bytes`; returns it and its length.
///
/// An integer of more digits may not fit, so it is read in another way.
pub(super) fn integer(bytes: &[u8]) -> Option<(i64, usize)> {
    let (negative, digits) = match bytes.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, bytes),
    };
    let (mut number, mut length) = eight(word(digits)?);
    if length == 8 {
        (number, length) = more(digits, number)?;
    }
    if length == 0 {
        return None;
    }
    let number = if negative { -number } else { number };
    Some((number, usize::from(negative) + length))
}

/// Continues after the first eight digits.
fn more(digits: &[u8], first: i64) -> Option<(i64, usize)> {
    let (second, count) = eight(word(digits.get(8..)?)?);
    if count == 0 {
        return Some((first, 8));
    }
    let number = first * POWERS[count] + second;
    if count < 8 {
        return Some((number, 8 + count));
    }
    match eight(word(digits.get(16..)?)?) {
        (_, 0) => Some((number, 16)),
        (third, count @ 1..=2) => Some((number * POWERS[count] + third, 16 + count)),
        _ => None,
    }
}

/// The first eight bytes as a word, if there are as many.
#[inline]
fn word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().copied().map(u64::from_le_bytes)
}

/// Reads up to eight digits at once, without a branch; returns their number and how many they are.
///
/// Without any digit, the number has no meaning. The method is that of Daniel Lemire, "Quickly parsing
/// eight digits" (2018, <https://lemire.me/blog/2018/10/03/quickly-parsing-eight-digits/>): each
/// multiplication joins neighbouring digits, then neighbouring pairs.
#[inline]
fn eight(word: u64) -> (i64, usize) {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    // Digits become 0 to 9.
    let word = word ^ ZEROS;
    // 0x76 is 0x80 - 10: the addition sets the highest bit of each byte above 9. Bytes from 0x80 on have
    // it already. A carry can only reach bytes behind the first of these.
    let others = (word.wrapping_add(0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080;
    let bits = others.trailing_zeros() & !7;
    // Shifts out what follows the digits, and so puts zeros before them.
    let word = word.wrapping_shl(64 - bits);
    // The bytes 0, 2, 4 and 6 become the pairs a, b, c and d of digits.
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8);
    // With a in the bits from 0 on and c in those from 32 on, the multiplication by 100 + (1_000_000 << 32)
    // yields a * 1_000_000 + c * 100 in the upper half. 0x64 is 100, 0xF4240 is 1_000_000.
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    // In the same way b * 10_000 + d: 0x2710 is 10_000.
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    let number = low.wrapping_add(high) >> 32;
    (number.cast_signed(), bits as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::{integer, short};

    #[test]
    fn as_the_standard_library_reads_them() {
        let mut number: i64 = 1;
        for _ in 0..2_000 {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            for shift in 0..64 {
                let expected = number >> shift;
                let text = format!("{expected}</int></value>");
                let digits = expected.unsigned_abs().to_string().len();
                let read = integer(text.as_bytes());
                let first = short(text.as_bytes().first_chunk().unwrap());
                if digits <= 8 {
                    assert_eq!(first, read, "{text}");
                }
                if digits > 18 {
                    assert!(read.is_none_or(|(_, length)| length < text.len()));
                } else {
                    assert_eq!(read, Some((expected, text.len() - 14)), "{text}");
                }
            }
        }
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "",
            "-",
            "<12345678",
            "-<1234567",
            "+1</int></value>",
            " 1</int></value>",
            "1",
        ] {
            assert_eq!(integer(text.as_bytes()), None, "{text}");
            if let Some(first) = text.as_bytes().first_chunk() {
                assert_eq!(short(first), None, "{text}");
            }
        }
        for byte in 0..=u8::MAX {
            let text = [b'1', byte, b'2', b'3', b'4', b'5', b'6', b'7', b'8'];
            let expected = if byte.is_ascii_digit() {
                None
            } else {
                Some((1, 1))
            };
            if let Some(expected) = expected {
                assert_eq!(integer(&text), Some(expected), "{byte}");
            }
        }
    }
}
