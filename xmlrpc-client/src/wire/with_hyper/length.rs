//! The header with the length of a request.

use bytes::Bytes;
use http::HeaderValue;

/// The numbers of three digits, one after the other. Small calls have these lengths, and a slice of a static text
/// needs no memory.
static THREE_DIGITS: [u8; 2700] = three_digits();

const fn three_digits() -> [u8; 2700] {
    let mut digits = [0; 2700];
    let (mut hundreds, mut at) = (b'1', 0);
    while hundreds <= b'9' {
        let mut tens = b'0';
        while tens <= b'9' {
            let mut ones = b'0';
            while ones <= b'9' {
                digits[at] = hundreds;
                digits[at + 1] = tens;
                digits[at + 2] = ones;
                ones += 1;
                at += 3;
            }
            tens += 1;
        }
        hundreds += 1;
    }
    digits
}

pub(super) fn header(bytes: usize) -> HeaderValue {
    let start = bytes
        .checked_sub(100)
        .and_then(|after| after.checked_mul(3));
    let digits = start.and_then(|start| THREE_DIGITS.get(start..start.checked_add(3)?));
    let value = digits.map(Bytes::from_static);
    match value.map(HeaderValue::from_maybe_shared) {
        Some(Ok(value)) => value,
        _ => HeaderValue::from(bytes),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_number() {
        for bytes in (0..1_100).chain([usize::MAX / 3 + 100, usize::MAX]) {
            assert_eq!(super::header(bytes), bytes.to_string());
        }
    }
}
