use crate::{Dialect, Error};

/// Writes an integer between two tags.
///
/// The text is made in place, in stores of fixed lengths; the surplus is cut off.
#[inline]
pub(super) fn write_int<const N: usize, const M: usize>(
    number: i32,
    open: &[u8; N],
    close: &[u8; M],
    out: &mut Vec<u8>,
) {
    /// At least the length of all stores: `<value><int>` has 12 bytes, the sign 1, the digits 8 and
    /// `</int></value>` 14. These are 35 bytes, which need three stores of 16.
    const ROOM: usize = 48;
    const EIGHT: usize = 8;
    let magnitude = number.unsigned_abs();
    if magnitude >= 100_000_000 {
        return write_long_int(number, open, close, out);
    }
    let (digits, length) = digits(magnitude);
    out.extend_from_slice(&[b'-'; ROOM]);
    let Some(room) = out.last_chunk_mut::<ROOM>() else {
        return;
    };
    room[..N].copy_from_slice(open);
    let at = N + usize::from(number < 0);
    room[at..at + EIGHT].copy_from_slice(&digits);
    let end = at + length;
    room[end..end + M].copy_from_slice(close);
    let surplus = ROOM - (end + M);
    out.truncate(out.len() - surplus);
}

#[inline(never)]
fn write_long_int(number: i32, open: &[u8], close: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(open);
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    out.extend_from_slice(close);
}

/// The digits of a number below 100,000,000, computed all at once, and how many they are.
///
/// Each step halves the groups of digits in all lanes of a word. It divides by multiplying with a
/// rounded-up reciprocal (Hacker's Delight, chapter 10; Paul Khuong, "How to print integers really
/// fast", 2017).
#[inline]
fn digits(number: u32) -> ([u8; 8], usize) {
    let number = u64::from(number);
    // Two numbers of four digits, then four of two, then eight of one. The first is in the lowest bits.
    // 10_486 / 2^20 is 1 / 100 rounded up: exact for numbers below 10,000. The quotients are below 100,
    // so that a mask of seven bits removes what the shift brings from the lane above.
    let fours = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    // 103 / 2^10 is 1 / 10 rounded up: exact for numbers below 100. The quotients are below 10.
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let ones = tens | (twos - tens * 10) << 8;
    // Counts leading zeros; the bit 56 keeps the last digit of 0.
    let zeros = (ones | 1 << 56).trailing_zeros() & !7;
    let digits = (ones | 0x3030_3030_3030_3030) >> zeros;
    (digits.to_le_bytes(), 8 - zeros as usize / 8)
}

/// Writes a double with a period and without an exponent, in the shortest form that reads back equal.
pub(super) fn write_double<F: zmij::Float + Into<f64> + Copy>(
    number: F,
    dialect: Dialect,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let wide: f64 = number.into();
    if wide.is_finite() {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number);
        // Between these bounds the text has a period and no exponent.
        if (1e-3..1e15).contains(&wide.abs()) {
            out.extend_from_slice(text.as_bytes());
        } else {
            positional(text, out);
        }
        return Ok(());
    }
    let text = if wide.is_nan() {
        "nan"
    } else if wide > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    if !dialect.has_non_finite() {
        return Err(Error::data(format_args!(
            "XML-RPC has no {text}; to write it anyway, use `Dialect::non_finite(true)`"
        )));
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes the text of a double without its exponent.
fn positional(text: &str, out: &mut Vec<u8>) {
    let Some((mantissa, exponent)) = text.split_once('e') else {
        out.extend_from_slice(text.as_bytes());
        if !text.contains('.') {
            out.extend_from_slice(b".0");
        }
        return;
    };
    let mantissa = match mantissa.strip_prefix('-') {
        Some(mantissa) => {
            out.push(b'-');
            mantissa
        }
        None => mantissa,
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = whole.len() + fraction.len();
    let exponent: isize = exponent.parse().unwrap_or_default();
    let point = whole.len().saturating_add_signed(exponent);
    if point == 0 {
        // The zeros between the period and the first digit.
        let zeros = exponent.unsigned_abs() - whole.len();
        out.extend_from_slice(b"0.");
        out.resize(out.len() + zeros, b'0');
    }
    for (index, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if index == point && index > 0 {
            out.push(b'.');
        }
        out.push(digit);
    }
    if point >= digits {
        out.resize(out.len() + point - digits, b'0');
        out.extend_from_slice(b".0");
    }
}

#[cfg(test)]
mod tests {
    use super::write_int;

    #[test]
    fn integers_as_the_standard_library_writes_them() {
        let mut numbers = vec![0, 1, -1, i32::MAX, i32::MIN];
        for power in 1..10 {
            let power = 10_i32.pow(power);
            numbers.extend([power - 1, power, power + 1, -power, 1 - power, -1 - power]);
        }
        let mut number = 1_u32;
        for _ in 0..100_000 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            numbers.push(number.cast_signed() >> (number % 31));
        }
        for number in numbers {
            let mut out = b"before".to_vec();
            write_int(number, b"<value><int>", b"</int></value>", &mut out);
            let expected = format!("before<value><int>{number}</int></value>");
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}
