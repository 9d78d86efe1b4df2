//! Reads JSON into a value.

use std::borrow::Cow;

use xmlrpc_core::{Base64, DateTime, Struct, Value};

/// Arrays and objects inside each other.
const LEVELS: usize = 128;

/// Reads a whole JSON document.
///
/// # Errors
///
/// A text that says what is wrong, and where.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(LEVELS, false).and_then(|value| {
        reader.space();
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err("more text after the value".into()),
        }
    });
    value.map_err(|what| reader.located(&what))
}

/// Whether the whole text is a number as JSON writes it: `5`, `-0.5`, `1e9`, but not `007` or `.5`.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let many = |bytes: &[u8]| {
        bytes
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let whole = many(digits);
    if whole == 0 || (whole > 1 && digits[0] == b'0') {
        return false;
    }
    let mut rest = &digits[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = many(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let signed = exponent
            .strip_prefix(b"-")
            .or_else(|| exponent.strip_prefix(b"+"));
        let exponent = signed.unwrap_or(exponent);
        let count = many(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

type What = Cow<'static, str>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn located(&self, what: &str) -> String {
        let before = &self.text[..self.at];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[start..].chars().count() + 1;
        format!("{what} at line {line}, column {column}")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// A value. `plain`: if it is an object, its members are not a tag.
    fn value(&mut self, levels: usize, plain: bool) -> Result<Value, What> {
        self.space();
        match self.peek() {
            Some(b'{') => self.object(levels, plain),
            Some(b'[') => self.array(levels),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                let words = [
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                    ("null", Value::Nil),
                ];
                let rest = &self.text[self.at..];
                let found = words.into_iter().find(|(word, _)| rest.starts_with(word));
                let (word, value) = found.ok_or("expected a JSON value")?;
                self.at += word.len();
                Ok(value)
            }
            None => Err("the JSON ends too early".into()),
        }
    }

    fn number(&mut self) -> Result<Value, What> {
        let rest = &self.text[self.at..];
        let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
        let end = rest
            .bytes()
            .position(|byte| !is_part(byte))
            .unwrap_or(rest.len());
        let number = &rest[..end];
        if !is_number(number) {
            return Err(format!("`{number}` is not a JSON number").into());
        }
        let value = if number.bytes().any(|byte| b".eE".contains(&byte)) {
            let double: f64 = number.parse().map_err(|_| "invalid number")?;
            if double.is_infinite() {
                return Err(format!("`{number}` is too large for a double").into());
            }
            Value::Double(double)
        } else {
            let integer: i64 = number.parse().map_err(|_| {
                format!("`{number}` does not fit 64 bits; write it as text or as a double")
            })?;
            Value::from(integer)
        };
        self.at += end;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, What> {
        let start = self.at;
        let mut end = start + 1;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err("the text has no closing quote".into()),
            }
        }
        let text = serde_json::from_str(&self.text[start..=end])
            .map_err(|_| "invalid text: control characters and quotes must be escaped")?;
        self.at = end + 1;
        Ok(text)
    }

    fn array(&mut self, levels: usize) -> Result<Value, What> {
        let levels = levels.checked_sub(1).ok_or("more than 128 levels")?;
        self.at += 1;
        let mut elements = Vec::new();
        if self.eat(b']') {
            return Ok(Value::from(elements));
        }
        loop {
            elements.push(self.value(levels, false)?);
            if self.eat(b']') {
                return Ok(Value::from(elements));
            }
            if !self.eat(b',') {
                return Err("expected `,` or `]`".into());
            }
        }
    }

    fn object(&mut self, levels: usize, plain: bool) -> Result<Value, What> {
        let levels = levels.checked_sub(1).ok_or("more than 128 levels")?;
        self.at += 1;
        let mut members = Struct::new();
        if self.eat(b'}') {
            return Ok(Value::Struct(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err("expected the name of a member in double quotes".into());
            }
            let name = self.string()?;
            if !self.eat(b':') {
                return Err("expected `:`".into());
            }
            let is_struct_tag = !plain && members.is_empty() && name == "$struct";
            let value = self.value(levels, is_struct_tag)?;
            if members.insert(name, value).is_some() {
                return Err("the object has two members with the same name".into());
            }
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return Err("expected `,` or `}`".into());
            }
        }
        if plain || members.len() != 1 {
            return Ok(Value::Struct(members));
        }
        untagged(members)
    }
}

/// The value of a tag, or the struct if it has no tag.
fn untagged(members: Struct) -> Result<Value, What> {
    let Some((name, value)) = members.iter().next() else {
        return Ok(Value::Struct(members));
    };
    let wrong = |expected: &str| Err(format!("`{name}` needs {expected}").into());
    match (name, value) {
        ("$date", Value::String(text)) => {
            let date = text.parse::<DateTime>();
            date.map(Value::DateTime).map_err(|error| error.to_string().into())
        }
        ("$base64", Value::String(text)) => match bytes(text) {
            Some(bytes) => Ok(Value::from(Base64(bytes))),
            None => wrong("valid base64"),
        },
        ("$i8", Value::Int(number)) => Ok(Value::I8(i64::from(*number))),
        ("$i8", Value::I8(number)) => Ok(Value::I8(*number)),
        ("$double", Value::Int(number)) => Ok(Value::Double(f64::from(*number))),
        ("$double", Value::Double(number)) => Ok(Value::Double(*number)),
        ("$double", Value::String(text)) => match &**text {
            "NaN" => Ok(Value::Double(f64::NAN)),
            "Infinity" => Ok(Value::Double(f64::INFINITY)),
            "-Infinity" => Ok(Value::Double(f64::NEG_INFINITY)),
            _ => wrong("a number, \"NaN\", \"Infinity\" or \"-Infinity\""),
        },
        ("$struct", Value::Struct(inner)) => Ok(Value::Struct(inner.clone())),
        ("$date", _) => wrong("a text such as \"2026-11-27T10:00:00\""),
        ("$base64", _) => wrong("a text in base64"),
        ("$i8", _) => wrong("an integer"),
        ("$double", _) => wrong("a number"),
        ("$struct", _) => wrong("an object"),
        (name, _) if name.starts_with('$') => Err(format!(
            "unknown tag `{name}`; for a struct with this member, write {{\"$struct\": {{\"{name}\": …}}}}"
        )
        .into()),
        _ => Ok(Value::Struct(members)),
    }
}

/// The bytes of a text in base64. White space does not matter.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.split_ascii_whitespace().collect();
    base64_simd::STANDARD.decode_to_vec(compact).ok()
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{Value, value};

    use super::{is_number, read};

    #[test]
    fn numbers_of_json() {
        for text in ["0", "-1", "10", "1.5", "-0.5", "1e9", "1E-9", "1.5e+3"] {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "", "-", "007", ".5", "5.", "1e", "+1", "1.2.3", "0x10", "1 ", "NaN", "1e5x",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn types_are_exact() {
        let cases = [
            ("5", Value::Int(5)),
            ("2147483647", Value::Int(i32::MAX)),
            ("2147483648", Value::I8(2_147_483_648)),
            ("9007199254740993", Value::I8(9_007_199_254_740_993)),
            ("5.0", Value::Double(5.0)),
            ("1e3", Value::Double(1000.0)),
            (" null ", Value::Nil),
            (r#""a\u00e9\ud83e\udd80""#, Value::from("aé🦀")),
            ("[1, [], {}]", value!([1, [], {}])),
            (r#"{"b": 1, "a": 2}"#, value!({"b": 1, "a": 2})),
            (r#"{"$i8": 5}"#, Value::I8(5)),
            (r#"{"$struct": {"$i8": 5}}"#, value!({"$i8": 5})),
            (
                r#"{"$struct": {"a": {"$i8": 5}}}"#,
                value!({"a": (Value::I8(5))}),
            ),
            (r#"{"$base64": "AAEC"}"#, Value::Base64(vec![0, 1, 2])),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        assert!(
            matches!(read(r#"{"$double": "NaN"}"#), Ok(Value::Double(number)) if number.is_nan())
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        let cases = [
            ("", "the JSON ends too early at line 1, column 1"),
            ("[1,\n 2", "expected `,` or `]` at line 2, column 3"),
            (
                "{a: 1}",
                "expected the name of a member in double quotes at line 1, column 2",
            ),
            ("1 2", "more text after the value at line 1, column 3"),
            ("[007]", "`007` is not a JSON number at line 1, column 2"),
            (
                "9223372036854775808",
                "`9223372036854775808` does not fit 64 bits; write it as text or as a double at line 1, column 1",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
        for (levels, is_ok) in [(128, true), (129, false)] {
            let text = "[".repeat(levels) + &"]".repeat(levels);
            assert_eq!(read(&text).is_ok(), is_ok);
        }
    }
}
