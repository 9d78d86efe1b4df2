//! Reads faults, in all the forms that peers send.

use core::fmt;
use std::borrow::Cow;

use serde_core::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Error, Fault, Value,
    de::{Reader, at_value, close, read_value, type_of},
    xml::{Cursor, EventIndex, Tag},
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
    /// A fault that is only a number: its code, or the text if it has no such code.
    fn number(value: Value) -> Fault {
        let text = text(value);
        match text.parse() {
            Ok(code) => Fault::new(code, ""),
            Err(_) => Fault::new(Fault::APPLICATION_ERROR, text),
        }
    }

    fn into_fault(self) -> Fault {
        let string = self.string.map(text).unwrap_or_default();
        match self.code {
            Some(Value::Int(code)) => Fault::new(code, string),
            None => Fault::new(Fault::APPLICATION_ERROR, string),
            Some(other) => {
                let code = text(other);
                match code.trim_ascii().parse() {
                    Ok(code) => Fault::new(code, string),
                    Err(_) if code.trim_ascii().is_empty() => {
                        Fault::new(Fault::APPLICATION_ERROR, string)
                    }
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
        Value::DateTime(date) => date.full_text(),
        Value::Base64(bytes) => String::from_utf8(bytes).unwrap_or_else(|error| {
            let size = error.as_bytes().len();
            format!("{size} {}", if size == 1 { "byte" } else { "bytes" })
        }),
        Value::Array(elements) => joined(elements.into_iter().map(text)),
        Value::Struct(members) => {
            let members = members.into_iter();
            joined(members.flat_map(|(name, value)| [name, text(value)]))
        }
        Value::Nil => String::new(),
    }
}

/// Texts, joined by spaces.
fn joined(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

/// Reads the struct that a fault is on the wire. Other members are ignored.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FaultMembers::deserialize(deserializer).map(FaultMembers::into_fault)
    }
}

/// Reads a `<fault>`, with as much of its text as there is.
///
/// Peers send other things than a struct here, or a struct with members that cannot be read. A fault it
/// is all the same. So this accepts everything; what has no structure becomes a text.
pub(super) fn read(mut events: Cursor<'_, '_>) -> Fault {
    let fault = events.here();
    events.next();
    let value = events.here();
    if !is_one_value(events.clone(), fault) {
        return Fault::new(Fault::APPLICATION_ERROR, events.all_text(fault));
    }
    if type_of(&events, value) != Some(Tag::Struct) {
        return match content(&mut events) {
            Value::Int(code) => Fault::new(code, ""),
            value @ (Value::I8(_) | Value::Double(_)) => FaultMembers::number(value),
            value => Fault::new(Fault::APPLICATION_ERROR, text(value)),
        };
    }
    let mut members = FaultMembers {
        code: None,
        string: None,
    };
    let mut others = Vec::new();
    let read = read_members(&mut events, value, &mut members, &mut others);
    if members.string.is_none() {
        members.string = Some(Value::String(match read {
            Ok(()) => {
                let others = others.into_iter();
                let others =
                    others.map(|(name, value)| format!("{name}: {}", events.all_text(value)));
                others.collect::<Vec<_>>().join(", ")
            }
            Err(_) => events.all_text(value),
        }));
    }
    members.into_fault()
}

/// Whether the only element in a `<fault>`, whose content is next, is a value.
fn is_one_value(mut events: Cursor<'_, '_>, fault: EventIndex) -> bool {
    let begins = at_value(&events);
    events.skip();
    begins && close(&mut events, fault).is_ok()
}

/// Reads the members of the fault, and the places of other members.
fn read_members<'de>(
    events: &mut Cursor<'_, 'de>,
    structure: EventIndex,
    members: &mut FaultMembers,
    others: &mut Vec<(Cow<'de, str>, EventIndex)>,
) -> Result<(), Error> {
    events.item()?;
    while let Some((name, member)) = events.member(structure)? {
        let value = events.here();
        if name.trim_ascii().eq_ignore_ascii_case("faultCode") {
            members.code = Some(content(events));
        } else if name.trim_ascii().eq_ignore_ascii_case("faultString") {
            members.string = Some(content(events));
        } else {
            others.push((name, value));
        }
        events.leave_value(value);
        events.end_member(member)?;
    }
    Ok(())
}

/// Reads the next value. A date becomes its text, and so does a value that is not a scalar or cannot be read.
fn content(events: &mut Cursor<'_, '_>) -> Value {
    let value = events.here();
    match read_value(events) {
        Ok(Value::Array(_) | Value::Struct(_) | Value::DateTime(_)) | Err(_) => {
            Value::String(events.all_text(value))
        }
        Ok(value) => value,
    }
}

/// Reads the next value, a struct. Returns a fault if the struct has both members of one.
pub(super) fn read_if_fault<'de, R: Reader<'de>>(reader: &mut R) -> Result<Option<Fault>, Error> {
    let members: FaultMembers = read_value(reader)?;
    let is_fault = members.code.is_some() && members.string.is_some();
    Ok(is_fault.then(|| members.into_fault()))
}
