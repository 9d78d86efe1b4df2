//! Writes a value as JSON.

use std::fmt::Write as _;

use xmlrpc_core::Value;

use crate::{
    escape::is_unsafe,
    paint::{Ink, Paint},
};

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// With tags for types that JSON lacks, so that the command reads the same values again.
    pub(crate) typed: bool,
    /// On one line.
    pub(crate) compact: bool,
    pub(crate) paint: Paint,
}

impl Style {
    /// One line with tags, without colours.
    pub(crate) fn line() -> Self {
        Self {
            typed: true,
            compact: true,
            paint: Paint::none(),
        }
    }
}

/// The value as JSON, without a line break at the end.
///
/// Without tags, dates and base64 become strings, and so do numbers that JSON lacks, such as `"NaN"`.
pub(crate) fn write(value: &Value, style: Style) -> String {
    let mut writer = Writer {
        out: String::new(),
        style,
    };
    writer.value(value, 0);
    writer.out
}

/// A string as JSON. All characters that are unsafe in a terminal are escaped.
pub(crate) fn string(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    safe(&json)
}

/// JSON whose strings contain no character that is unsafe in a terminal. Line breaks between values stay.
pub(crate) fn safe(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if is_unsafe(char) && char != '\n' {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(char);
        }
    }
    out
}

struct Writer {
    out: String,
    style: Style,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) {
        let Style { typed, paint, .. } = self.style;
        match value {
            Value::Nil => self.push(Ink::Word, "null"),
            Value::Bool(value) => self.push(Ink::Word, if *value { "true" } else { "false" }),
            Value::Int(number) => self.push(Ink::Number, &number.to_string()),
            Value::I8(number) => {
                let is_small = i32::try_from(*number).is_ok();
                self.tagged("$i8", typed && is_small, Ink::Number, &number.to_string());
            }
            Value::Double(number) if number.is_finite() => {
                // `{:?}` writes a point or an exponent, so that it stays a double.
                self.push(Ink::Number, &format!("{number:?}"));
            }
            Value::Double(number) => {
                let name = match number {
                    _ if number.is_nan() => "\"NaN\"",
                    _ if *number > 0.0 => "\"Infinity\"",
                    _ => "\"-Infinity\"",
                };
                self.tagged("$double", typed, Ink::Text, name);
            }
            Value::String(text) => self.push(Ink::Text, &string(text)),
            Value::DateTime(date) => {
                let text = if typed {
                    format!("\"{}\"", iso(date))
                } else {
                    format!("\"{}\"", extended(date, 'T'))
                };
                self.tagged("$date", typed, Ink::Text, &text);
            }
            Value::Base64(bytes) => {
                let text = format!("\"{}\"", base64_simd::STANDARD.encode_to_string(bytes));
                self.tagged("$base64", typed, Ink::Text, &text);
            }
            Value::Array(elements) => {
                self.list('[', ']', elements.iter(), depth, |writer, element| {
                    writer.value(element, depth + 1);
                });
            }
            Value::Struct(members) => {
                let is_like_tag =
                    members.len() == 1 && members.keys().all(|name| name.starts_with('$'));
                let tag = typed && is_like_tag;
                if tag {
                    self.out.push_str("{\"$struct\": ");
                }
                self.list('{', '}', members.iter(), depth, |writer, (name, member)| {
                    let name = string(name);
                    let name = paint.text(Ink::Name, &name);
                    let _ = write!(writer.out, "{name}: ");
                    writer.value(member, depth + 1);
                });
                if tag {
                    self.out.push('}');
                }
            }
        }
    }

    fn push(&mut self, ink: Ink, text: &str) {
        let painted = self.style.paint.text(ink, text);
        self.out.push_str(&painted);
    }

    fn tagged(&mut self, tag: &str, is_tagged: bool, ink: Ink, text: &str) {
        if is_tagged {
            let _ = write!(self.out, "{{\"{tag}\": ");
            self.push(ink, text);
            self.out.push('}');
        } else {
            self.push(ink, text);
        }
    }

    fn list<T>(
        &mut self,
        open: char,
        close: char,
        items: impl ExactSizeIterator<Item = T>,
        depth: usize,
        mut item: impl FnMut(&mut Self, T),
    ) {
        let is_empty = items.len() == 0;
        self.out.push(open);
        for (index, each) in items.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            if !self.style.compact {
                self.line(depth + 1);
            } else if index > 0 {
                self.out.push(' ');
            }
            item(self, each);
        }
        if !is_empty && !self.style.compact {
            self.line(depth);
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }
}

/// `20261127T10:00:00`, with what else the server wrote.
fn iso(date: &xmlrpc_core::DateTime) -> String {
    format!("{date}{}", rest(date))
}

/// `2026-11-27T10:00:00` with this separator, and what else the server wrote.
pub(crate) fn extended(date: &xmlrpc_core::DateTime, separator: char) -> String {
    let civil = date.civil();
    format!(
        "{:04}-{:02}-{:02}{separator}{:02}:{:02}:{:02}{}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        rest(date)
    )
}

/// The fraction of the second and the zone, if the server wrote them.
fn rest(date: &xmlrpc_core::DateTime) -> String {
    let mut rest = String::new();
    let nanosecond = date.civil().subsec_nanosecond();
    if nanosecond != 0 {
        let digits = format!("{nanosecond:09}");
        let _ = write!(rest, ".{}", digits.trim_end_matches('0'));
    }
    if let Some(offset) = date.offset() {
        let seconds = offset.seconds();
        if seconds == 0 {
            rest.push('Z');
        } else {
            let minutes = seconds.unsigned_abs() / 60;
            let sign = if seconds < 0 { '-' } else { '+' };
            let _ = write!(rest, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{Value, value};

    use super::{Style, safe, write};
    use crate::{json::read, paint::Paint};

    fn compact(value: &Value, typed: bool) -> String {
        let paint = Paint::none();
        write(
            value,
            Style {
                typed,
                compact: true,
                paint,
            },
        )
    }

    #[test]
    fn typed_json_is_read_back_exactly() {
        let date: xmlrpc_core::DateTime = "20261127T10:00:00".parse().unwrap();
        let bytes = Value::Base64(vec![0, 255]);
        let value = value!({
            "i8": (Value::I8(5)), "big": 9_007_199_254_740_993_i64, "double": 5.0, "tiny": 1e-300,
            "date": date, "bytes": bytes, "nil": nil, "text": "a\u{1b}\u{202e}\"\n🦀",
            "tag": {"$date": 1}, "list": [[], {}, true],
        });
        assert_eq!(read(&compact(&value, true)), Ok(value));
    }

    #[test]
    fn plain_json_is_for_other_programs() {
        let date: xmlrpc_core::DateTime = "20261127T10:00:00.5+0200".parse().unwrap();
        let cases = [
            (Value::I8(5), "5"),
            (Value::Double(5.0), "5.0"),
            (Value::Double(f64::NAN), "\"NaN\""),
            (Value::Double(f64::NEG_INFINITY), "\"-Infinity\""),
            (Value::from(date), "\"2026-11-27T10:00:00.5+02:00\""),
            (Value::Base64(b"Hello".to_vec()), "\"SGVsbG8=\""),
            (value!({"$a": [1, 2]}), "{\"$a\": [1, 2]}"),
        ];
        for (value, expected) in cases {
            assert_eq!(compact(&value, false), expected);
        }
    }

    #[test]
    fn unsafe_characters_are_escaped() {
        assert_eq!(safe("\"\u{9b}\u{e0001}\""), "\"\\u009b\\udb40\\udc01\"");
    }
}
