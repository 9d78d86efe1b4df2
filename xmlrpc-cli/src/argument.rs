//! Arguments of the command line, as values.

use std::{fmt::Write as _, fs, io::Read, path::Path};

use xmlrpc_core::{DateTime, Value};

use crate::{
    failure::Failure,
    json,
    signature::{Signature, Type},
    zone,
};

/// An argument before its type is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// Text that does not look like JSON.
    Text(String),
    /// Text that is JSON. A signature may want the text.
    Json { text: String, value: Value },
    /// Text that begins like JSON, with what is wrong. A signature may want the text.
    Broken { text: String, error: String },
    /// A value whose type was chosen: by a prefix, or in a document.
    Typed(Value),
}

impl Argument {
    /// Reads an argument: `date:…`, `base64:…`, `nil:`, `i8:…`, `text:…`, `json:…`, JSON, or any other text.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::usage(format!("invalid argument `{text}`: {what}"));
        if let Some(rest) = text.strip_prefix("text:") {
            return Ok(Self::Typed(Value::from(rest)));
        }
        if let Some(rest) = text.strip_prefix("date:") {
            let date = rest.parse::<DateTime>();
            let date =
                date.map_err(|error| wrong(format!("{error}; write date:2026-11-27T10:00:00")))?;
            return Ok(Self::Typed(Value::DateTime(date)));
        }
        if let Some(rest) = text.strip_prefix("base64:") {
            return bytes(rest)
                .map_err(|failure| wrong(failure.message))
                .map(|it| Self::Typed(Value::Base64(it)));
        }
        if let Some(rest) = text.strip_prefix("i8:") {
            let number = rest
                .parse()
                .map_err(|_| wrong("expected an integer of 64 bits after `i8:`".into()))?;
            return Ok(Self::Typed(Value::I8(number)));
        }
        if let Some(rest) = text.strip_prefix("nil:") {
            return match rest {
                "" => Ok(Self::Typed(Value::Nil)),
                _ => Err(wrong(
                    "nothing may follow `nil:`; write text:nil:… for text".into(),
                )),
            };
        }
        if let Some(rest) = text.strip_prefix("json:") {
            return json::read(rest).map(Self::Typed).map_err(wrong);
        }
        let looks_like_json = text.trim_start().starts_with(['{', '[', '"'])
            || matches!(text, "true" | "false" | "null")
            || json::is_number(text);
        if !looks_like_json {
            return Ok(Self::Text(text.to_owned()));
        }
        let text = text.to_owned();
        Ok(match json::read(&text) {
            Ok(value) => Self::Json { text, value },
            Err(error) => Self::Broken { text, error },
        })
    }

    /// The value if no signature decides.
    fn value(self) -> Result<Value, String> {
        match self {
            Self::Text(text) => Ok(Value::String(text)),
            Self::Json { value, .. } | Self::Typed(value) => Ok(value),
            Self::Broken { error, .. } => {
                Err(format!("invalid JSON: {error}; for text, write text:…"))
            }
        }
    }

    /// The value for a type, with 0 if it has this type by itself and 1 if it was converted.
    fn fitted(&self, expected: Type) -> Result<(Value, u32), String> {
        if expected == Type::Any {
            return self.clone().value().map(|value| (value, 0));
        }
        let (given, text) = match self {
            Self::Typed(value) => (value.clone(), None),
            Self::Text(text) => (Value::from(text.as_str()), Some(text)),
            Self::Json { text, value } => (value.clone(), Some(text)),
            Self::Broken { text, .. } if expected == Type::String => {
                return Ok((Value::from(text.as_str()), 1));
            }
            Self::Broken { .. } => return self.clone().value().map(|value| (value, 1)),
        };
        match (expected, &given, text) {
            // Servers that do not know i8 in signatures say int.
            (Type::String, Value::String(_), _)
            | (Type::Int, Value::Int(_) | Value::I8(_), _)
            | (Type::I8, Value::I8(_), _) => Ok((given, 0)),
            // `5` and `true` are texts as well.
            (Type::String, _, Some(text)) => Ok((Value::from(text.as_str()), 1)),
            (Type::I8, Value::Int(number), _) => Ok((Value::I8(i64::from(*number)), 0)),
            (Type::Double, Value::Int(number), _) => Ok((Value::Double(f64::from(*number)), 1)),
            (Type::Double, Value::I8(number), Some(_)) => {
                #[allow(clippy::cast_precision_loss)] // the server wants a double
                let double = *number as f64;
                Ok((Value::Double(double), 1))
            }
            (Type::Boolean, Value::Int(number @ (0 | 1)), Some(_)) => {
                Ok((Value::Bool(*number == 1), 1))
            }
            (Type::DateTime, Value::String(text), _) => match text.parse() {
                Ok(date) => Ok((Value::DateTime(date), 1)),
                Err(_) => Err(wrong(expected, &given, "write 2026-11-27T10:00:00")),
            },
            (Type::Base64, Value::String(text), _) => match json::bytes(text) {
                Some(bytes) => Ok((Value::Base64(bytes), 1)),
                None => Err(wrong(
                    expected,
                    &given,
                    "write base64:@FILE for the contents of a file",
                )),
            },
            (_, Value::Nil, _) => Ok((Value::Nil, u32::from(expected != Type::Nil))),
            (_, value, _) if Type::of(value) == expected => Ok((given, 0)),
            (Type::Array, ..) => Err(wrong(expected, &given, "write JSON: '[1, \"two\"]'")),
            (Type::Struct, ..) => Err(wrong(expected, &given, "write JSON: '{\"name\": 1}'")),
            _ => Err(wrong(expected, &given, "")),
        }
    }
}

fn wrong(expected: Type, given: &Value, hint: &str) -> String {
    let mut shown = match given {
        Value::String(text) => format!(" {:?}", crate::escape::short(text, 40)),
        Value::DateTime(date) => format!(" {date}"),
        Value::Bool(value) => format!(" {value}"),
        Value::Int(number) => format!(" {number}"),
        Value::I8(number) => format!(" {number}"),
        Value::Double(number) => format!(" {number:?}"),
        Value::Array(_) | Value::Struct(_) | Value::Base64(_) | Value::Nil => String::new(),
    };
    if !hint.is_empty() {
        shown.push_str("; ");
        shown.push_str(hint);
    }
    format!(
        "expected {}, found {}{shown}",
        expected.name(),
        Type::of(given).name()
    )
}

/// The bytes after `base64:`: base64, or the contents of a file after `@` (`-` is standard input).
fn bytes(text: &str) -> Result<Vec<u8>, Failure> {
    match text.strip_prefix('@') {
        Some(file) => read_file(Path::new(file)),
        None => json::bytes(text).ok_or_else(|| {
            Failure::usage("the text is not base64; for a file, write base64:@FILE")
        }),
    }
}

/// The contents of a file, or of standard input for `-`.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure::file("read", path, &error))
}

/// A text from a file, or from standard input for `-`.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?)
        .map_err(|_| Failure::usage(format!("{} is not UTF-8", path.display())))
}

/// All arguments of a call from a document: a JSON array.
pub(crate) fn read_params(path: &Path) -> Result<Vec<Argument>, Failure> {
    let text = read_text(path)?;
    let value = json::read(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::usage(format!("invalid JSON in {}: {error}", path.display())))?;
    match value {
        Value::Array(values) => Ok(values.into_iter().map(Argument::Typed).collect()),
        _ => Err(Failure::usage(format!(
            "{} must contain a JSON array of all parameters, for example [1, \"two\"]",
            path.display()
        ))),
    }
}

/// The values of all arguments of a call. If the server has signatures, they decide the types.
///
/// # Errors
///
/// An argument has no type that a signature allows, is broken, or has a date with a zone.
pub(crate) fn values(
    method: &str,
    arguments: Vec<Argument>,
    signatures: &[Signature],
) -> Result<Vec<Value>, Failure> {
    let values = typed(method, arguments, signatures)?;
    for (number, value) in (1..).zip(&values) {
        if let Some(date) = zone::first(value) {
            return Err(Failure::usage(format!(
                "argument {number} of `{method}`: {}",
                zone::refusal(date)
            )));
        }
    }
    Ok(values)
}

fn typed(
    method: &str,
    arguments: Vec<Argument>,
    signatures: &[Signature],
) -> Result<Vec<Value>, Failure> {
    let fitting = candidates(arguments.len(), signatures);
    if signatures.is_empty() {
        let values = arguments.into_iter().enumerate().map(|(index, argument)| {
            argument.value().map_err(|what| {
                Failure::usage(format!("argument {} of `{method}`: {what}", index + 1))
            })
        });
        return values.collect();
    }
    let mut best: Option<(u32, Vec<Value>)> = None;
    let mut first_error = None;
    for signature in &fitting {
        match fitted(&arguments, signature) {
            Ok((cost, values)) => {
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, values));
                }
            }
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    if let Some((_, values)) = best {
        return Ok(values);
    }
    let what = first_error.unwrap_or_default();
    let mut text = format!("{what}; nothing was sent\nthe server says:");
    for signature in signatures.iter().take(8) {
        let _ = write!(text, "\n  {method}{signature}");
    }
    text.push_str("\nhint: --no-signatures sends it anyway");
    Err(Failure::usage(text))
}

/// The signatures for so many arguments: those with exactly so many, otherwise the shortest ones with more, because
/// servers rarely say which parameters are optional. Otherwise the longest, because signatures cannot say
/// that a method takes any number.
fn candidates(count: usize, signatures: &[Signature]) -> Vec<&Signature> {
    let lengths = || signatures.iter().map(|it| it.params.len());
    let enough = lengths().filter(|length| *length >= count).min();
    let best = enough.or_else(|| lengths().max());
    let fits = |signature: &&Signature| Some(signature.params.len()) == best;
    signatures.iter().filter(fits).collect()
}

fn fitted(arguments: &[Argument], signature: &Signature) -> Result<(u32, Vec<Value>), String> {
    let mut cost = 0;
    let mut values = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let expected = signature.params.get(index).copied().unwrap_or(Type::Any);
        let (value, step) = argument
            .fitted(expected)
            .map_err(|what| format!("argument {}: {what}", index + 1))?;
        cost += step;
        values.push(value);
    }
    Ok((cost, values))
}

#[cfg(test)]
mod tests;
