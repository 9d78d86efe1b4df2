//! Faults as peers really send them.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Error, Fault, Value,
    de::{Reader, decode_at, read_value},
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

impl Members {
    fn into_fault(self) -> Fault {
        let string = self.string.map(text).unwrap_or_default();
        match self.code {
            Some(Value::Int(code)) => Fault::new(code, string),
            None => Fault::new(Fault::APPLICATION_ERROR, string),
            Some(other) => {
                let code = text(other);
                match code.trim_ascii().parse() {
                    Ok(code) => Fault::new(code, string),
                    Err(_) => Fault::new(Fault::APPLICATION_ERROR, format!("{code}: {string}")),
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

/// Reads a fault from the struct that it is, in any format.
pub(crate) fn deserialize_fault<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Fault, D::Error> {
    Members::deserialize(deserializer).map(Members::into_fault)
}

/// Reads the `<value>` of a `<fault>`.
pub(super) fn read(document: &Document, value: Mark) -> Result<Fault, Error> {
    decode_at::<Members>(document, value).map(Members::into_fault)
}

/// Reads the struct that comes next, and says which fault it is if it has both members of one.
pub(super) fn read_if_fault<'de, R: Reader<'de>>(reader: &mut R) -> Result<Option<Fault>, Error> {
    let members: Members = read_value(reader)?;
    let is_fault = members.code.is_some() && members.string.is_some();
    Ok(is_fault.then(|| members.into_fault()))
}
