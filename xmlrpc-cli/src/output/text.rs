//! Values for people.

use std::{borrow::Cow, fmt::Write as _};

use xmlrpc_core::Value;

use super::table;
use crate::{
    escape,
    json::extended,
    paint::{Ink, Paint},
};

/// Base64 of at most so many bytes is shown itself.
const SHOWN_BYTES: usize = 48;

/// The value as lines. `width` is that of the terminal.
pub(crate) fn write(value: &Value, paint: Paint, width: Option<usize>) -> String {
    let mut out = String::new();
    match value {
        Value::String(text) => {
            out.push_str(&escape::text(text));
            if !text.ends_with('\n') {
                out.push('\n');
            }
        }
        Value::Array(elements) if !elements.is_empty() => {
            if let Some(table) = table::similar(elements, paint, width) {
                return table;
            }
            let are_scalars = elements.iter().all(|it| inside(it).is_none());
            let are_texts = elements.iter().all(|it| it.as_str().is_some());
            for element in elements {
                if are_texts {
                    let _ = writeln!(out, "{}", scalar_text(element, paint));
                } else if are_scalars {
                    // One value on each line, so that other programs can read them.
                    let _ = writeln!(out, "{}", line(element, paint));
                } else {
                    item(&mut out, element, 0, paint);
                }
            }
        }
        Value::Struct(members) if !members.is_empty() => {
            for (name, member) in members {
                entry(&mut out, name, member, 0, paint);
            }
        }
        scalar => {
            let _ = writeln!(out, "{}", scalar_text(scalar, paint));
        }
    }
    out
}

/// What a value contains; `None` for scalars and for empty arrays and structs.
fn inside(value: &Value) -> Option<usize> {
    match value {
        Value::Array(elements) => Some(elements.len()).filter(|count| *count > 0),
        Value::Struct(members) => Some(members.len()).filter(|count| *count > 0),
        _ => None,
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// `name: value`
fn entry(out: &mut String, name: &str, value: &Value, depth: usize, paint: Paint) {
    indent(out, depth);
    let name = escape::line(name);
    let _ = write!(out, "{}:", paint.text(Ink::Name, &name));
    below(out, value, depth, paint);
}

/// `- value`
fn item(out: &mut String, value: &Value, depth: usize, paint: Paint) {
    indent(out, depth);
    out.push_str(&paint.text(Ink::Faint, "-"));
    match value {
        // The first member is on the line of the dash.
        Value::Struct(members) if !members.is_empty() => {
            for (index, (name, member)) in members.iter().enumerate() {
                if index == 0 {
                    let name = escape::line(name);
                    let _ = write!(out, " {}:", paint.text(Ink::Name, &name));
                    below(out, member, depth + 1, paint);
                } else {
                    entry(out, name, member, depth + 1, paint);
                }
            }
        }
        value => below(out, value, depth, paint),
    }
}

/// The value on the same line, or on the lines below.
fn below(out: &mut String, value: &Value, depth: usize, paint: Paint) {
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            out.push('\n');
            for element in elements {
                item(out, element, depth + 1, paint);
            }
        }
        Value::Struct(members) if !members.is_empty() => {
            out.push('\n');
            for (name, member) in members {
                entry(out, name, member, depth + 1, paint);
            }
        }
        Value::String(text) if text.trim_end().contains('\n') => {
            out.push_str(" |\n");
            for line in escape::text(text).lines() {
                indent(out, depth + 1);
                let _ = writeln!(out, "{}", paint.text(Ink::Text, line));
            }
        }
        scalar => {
            let _ = writeln!(out, " {}", line(scalar, paint));
        }
    }
}

/// A value on one line, inside others.
pub(super) fn line(value: &Value, paint: Paint) -> String {
    match value {
        Value::String(text) => {
            let text = quoted(text);
            paint.text(Ink::Text, &text).into_owned()
        }
        scalar => scalar_text(scalar, paint),
    }
}

/// The text, in quotes if it could be taken for something else.
fn quoted(text: &str) -> Cow<'_, str> {
    let looks_different = text.is_empty()
        || text.trim() != text
        || matches!(
            text,
            "true" | "false" | "nil" | "null" | "[]" | "{}" | "-" | "|"
        )
        || text.parse::<f64>().is_ok();
    let escaped = escape::line(text);
    if looks_different {
        format!("\"{escaped}\"").into()
    } else {
        escaped.into()
    }
}

fn scalar_text(value: &Value, paint: Paint) -> String {
    let (ink, text) = match value {
        Value::Nil => (Ink::Word, "nil".to_owned()),
        Value::Bool(value) => (Ink::Word, value.to_string()),
        Value::Int(number) => (Ink::Number, number.to_string()),
        Value::I8(number) => (Ink::Number, number.to_string()),
        Value::Double(number) => (Ink::Number, format!("{number:?}")),
        Value::String(text) => (Ink::Text, escape::line(text)),
        Value::DateTime(date) => (Ink::Word, extended(date, ' ')),
        Value::Base64(bytes) => (Ink::Word, bytes_text(bytes)),
        Value::Array(elements) if elements.is_empty() => (Ink::Faint, "[]".to_owned()),
        Value::Array(elements) => (
            Ink::Faint,
            format!("[{}]", count(elements.len(), "element")),
        ),
        Value::Struct(members) if members.is_empty() => (Ink::Faint, "{}".to_owned()),
        Value::Struct(members) => (
            Ink::Faint,
            format!("{{{}}}", count(members.len(), "member")),
        ),
    };
    paint.text(ink, &text).into_owned()
}

/// `1 element`, `2 elements`
fn count(count: usize, what: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {what}{end}")
}

/// The bytes if they are few, and their size.
fn bytes_text(bytes: &[u8]) -> String {
    let size = size(bytes.len());
    if bytes.len() > SHOWN_BYTES {
        return format!("base64 ({size})");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.chars().any(escape::is_unsafe) => {
            format!("base64 ({size}): \"{text}\"")
        }
        _ => format!(
            "base64 ({size}): {}",
            base64_simd::STANDARD.encode_to_string(bytes)
        ),
    }
}

/// `1.2 KiB`
pub(crate) fn size(bytes: usize) -> String {
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    if bytes < 1_024 {
        return format!("{bytes} bytes");
    }
    #[allow(clippy::cast_precision_loss)] // it is rounded anyway
    let mut size = bytes as f64 / 1_024.0;
    for unit in ["KiB", "MiB"] {
        if size < 1_023.95 {
            return format!("{size:.1} {unit}");
        }
        size /= 1_024.0;
    }
    format!("{size:.1} GiB")
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{DateTime, Value, value};

    use super::{size, write};
    use crate::paint::Paint;

    #[test]
    fn values_for_people() {
        let date: DateTime = "20261127T10:00:00".parse().unwrap();
        let long = Value::Base64(vec![0; 2_000]);
        let cases = [
            (value!(512), "512\n"),
            (value!("two\nlines\u{1b}"), "two\nlines\\u{1b}\n"),
            (Value::Nil, "nil\n"),
            (value!([]), "[]\n"),
            (value!(["a", "b c", "5"]), "a\nb c\n5\n"),
            (value!(["a", 5, "5"]), "a\n5\n\"5\"\n"),
            (
                value!({"name": "web", "since": date, "data": long, "list": [1, [2]], "none": {}, "log": "a\nb"}),
                "name: web\nsince: 2026-11-27 10:00:00\ndata: base64 (2.0 KiB)\nlist:\n  - 1\n  -\n    - 2\nnone: {}\nlog: |\n  a\n  b\n",
            ),
            (
                value!([{"a": 1, "b": {"c": 2}}, 5]),
                "- a: 1\n  b:\n    c: 2\n- 5\n",
            ),
            (
                value!([{"pid": 1, "name": "a"}, {"pid": 20, "name": "b"}]),
                "PID  NAME\n  1  a\n 20  b\n",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(write(&value, Paint::none(), None), expected);
        }
    }

    #[test]
    fn sizes_are_readable() {
        let cases = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1_023, "1023 bytes"),
            (1_024, "1.0 KiB"),
            (1_048_575, "1.0 MiB"),
            (1 << 30, "1.0 GiB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }
}
