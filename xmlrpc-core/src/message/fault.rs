//! Faults as peers really send them.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Error, Fault, Value,
    de::decode_at,
    xml::{Document, Mark},
};

/// The struct of a fault: its members in any order, and others beside them.
struct Members {
    code: Option<Value>,
    string: Option<Value>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members {
            code: None,
            string: None,
        };
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "faultCode" => members.code = Some(map.next_value()?),
                "faultString" => members.string = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(members)
    }
}

impl From<Members> for Fault {
    fn from(Members { code, string }: Members) -> Self {
        let text = string.map(text).unwrap_or_default();
        match code {
            Some(Value::Int(code)) => Self::new(code, text),
            None => Self::new(Self::APPLICATION_ERROR, text),
            Some(other) => {
                let code = self::text(other);
                match code.trim_ascii().parse() {
                    Ok(code) => Self::new(code, text),
                    Err(_) => Self::new(Self::APPLICATION_ERROR, format!("{code}: {text}")),
                }
            }
        }
    }
}

/// The text of what should be a string or a number.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Int(number) => number.to_string(),
        Value::I8(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Bool(value) => u8::from(value).to_string(),
        Value::Nil => String::new(),
        other => format!("{other:?}"),
    }
}

/// Reads the `<value>` at `mark`, which is that of a `<fault>`.
pub(super) fn read(document: &Document, mark: Mark) -> Result<Fault, Error> {
    decode_at::<Members>(document, mark).map(Fault::from)
}

/// Reads the `<value>` at `mark` if it is a struct with both members of a fault.
pub(super) fn read_if_fault(document: &Document, mark: Mark) -> Option<Fault> {
    match decode_at::<Members>(document, mark) {
        Ok(members) if members.code.is_some() && members.string.is_some() => Some(members.into()),
        _ => None,
    }
}
