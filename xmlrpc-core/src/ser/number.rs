use crate::{Dialect, Error};

/// Writes a double without an exponent, with a period, and such that it reads back the same.
pub(super) fn write_double<F: zmij::Float + Into<f64> + Copy>(
    number: F,
    dialect: Dialect,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let wide: f64 = number.into();
    if wide.is_finite() {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number);
        // Between these it has a period and no exponent.
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
    if !dialect.non_finite {
        return Err(Error::data(format_args!(
            "XML-RPC has no {text}; `Dialect::non_finite` writes it all the same"
        )));
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

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
        // The first digit may stand further behind the period than the exponent alone says.
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
