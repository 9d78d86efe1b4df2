//! Arguments in the notation of xmlrpc-c's command: `i/5`, `s/text`, `h/00ff`.

use xmlrpc_core::{DateTime, Value};

use crate::{argument::Argument, failure::Failure};

/// Reads an argument. Text without a prefix is a string, as in xmlrpc-c.
pub(crate) fn read(text: &str) -> Result<Argument, Failure> {
    let (prefix, rest) = text.split_once('/').unwrap_or(("", text));
    let value = match prefix {
        "s" => Some(Value::from(rest)),
        "i" => rest.parse().ok().map(Value::Int),
        "I" => rest.parse().ok().map(Value::I8),
        "d" => rest.parse().ok().map(Value::Double),
        "b" => match rest {
            "true" | "t" => Some(Value::Bool(true)),
            "false" | "f" => Some(Value::Bool(false)),
            _ => None,
        },
        "n" => rest.is_empty().then_some(Value::Nil),
        "h" => hex(rest).map(Value::Base64),
        "t" => rest.parse::<DateTime>().ok().map(Value::DateTime),
        _ => Some(Value::from(text)),
    };
    value.map(Argument::Typed).ok_or_else(|| {
        let expected = match prefix {
            "i" => "an integer of 32 bits",
            "I" => "an integer of 64 bits",
            "d" => "a number",
            "b" => "true or false",
            "n" => "nothing",
            "h" => "hexadecimal digits, two for each byte",
            _ => "a date such as 20261127T10:00:00",
        };
        Failure::usage(format!(
            "invalid argument `{text}`: expected {expected} after `{prefix}/`"
        ))
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = pairs.map(|pair| u8::from_str_radix(pair, 16).ok());
    is_hex.then(|| bytes.collect()).flatten()
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{Value, value};

    use super::read;
    use crate::argument::Argument;

    #[test]
    fn prefixes() {
        let cases = [
            ("i/5", value!(5)),
            ("I/5", Value::I8(5)),
            ("s/i/5", value!("i/5")),
            ("plain", value!("plain")),
            ("x/y", value!("x/y")),
            ("d/1.5", value!(1.5)),
            ("b/t", value!(true)),
            ("b/false", value!(false)),
            ("n/", Value::Nil),
            ("h/00ff", Value::Base64(vec![0, 255])),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).unwrap(), Argument::Typed(expected), "{text}");
        }
        for text in [
            "i/",
            "i/x",
            "i/3000000000",
            "b/1",
            "n/x",
            "h/0",
            "h/0g",
            "d/x",
            "t/x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
