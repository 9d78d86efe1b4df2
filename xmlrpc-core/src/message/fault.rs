//! Reads faults, in all the forms that peers send.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Error, Fault, Value,
    de::{Reader, decode_at, read_value},
    xml::{Document, EventIndex},
};

/// The struct of a fault. Its members come in any order, and other members are ignored.
struct FaultMembers {
    code: Option<Value>,
    string: Option<Value>,
}

impl<'de> Deserialize<'de> for FaultMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FaultVisitor)
    }
}

struct FaultVisitor;

impl<'de> Visitor<'de> for FaultVisitor {
    type Value = FaultMembers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FaultMembers, A::Error> {
        let mut members = FaultMembers {
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

impl FaultMembers {
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

/// The text of a value that should be a string or a number.
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

/// Reads the struct that a fault is on the wire. Other members are ignored.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FaultMembers::deserialize(deserializer).map(FaultMembers::into_fault)
    }
}

/// Reads the `<value>` of a `<fault>`.
pub(super) fn read(document: &Document, value: EventIndex) -> Result<Fault, Error> {
    decode_at::<FaultMembers>(document, value).map(FaultMembers::into_fault)
}

/// Reads the next value, a struct. Returns a fault if the struct has both members of one.
pub(super) fn read_if_fault<'de, R: Reader<'de>>(reader: &mut R) -> Result<Option<Fault>, Error> {
    let members: FaultMembers = read_value(reader)?;
    let is_fault = members.code.is_some() && members.string.is_some();
    Ok(is_fault.then(|| members.into_fault()))
}
