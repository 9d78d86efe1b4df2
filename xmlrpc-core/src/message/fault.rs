//! Reads faults, in all the forms that peers send.

use core::fmt;
use std::borrow::Cow;

use serde_core::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Error, Fault, Value,
    de::{Reader, read_value, type_of},
    xml::{Cursor, Document, EventIndex, Tag},
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

/// Reads the content of a `<fault>`, with as much of its text as there is.
///
/// Peers send other things than a struct here, or a struct with members that cannot be read. A fault it
/// is all the same. So this accepts everything that is one element.
pub(super) fn read(document: &Document, value: EventIndex) -> Result<Fault, Error> {
    let mut events = document.cursor()?.at(value);
    if type_of(&events, value) != Some(Tag::Struct) {
        return Ok(match any(&mut events) {
            Some(Value::Int(code)) => Fault::new(code, ""),
            Some(value @ (Value::I8(_) | Value::Double(_))) => FaultMembers::number(value),
            Some(Value::String(text)) => Fault::new(Fault::APPLICATION_ERROR, text),
            _ => Fault::new(Fault::APPLICATION_ERROR, joined(&events, value)),
        });
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
                    others.map(|(name, value)| format!("{name}: {}", joined(&events, value)));
                others.collect::<Vec<_>>().join(", ")
            }
            Err(_) => joined(&events, value),
        }));
    }
    Ok(members.into_fault())
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
        let mut content =
            || Some(any(events).unwrap_or_else(|| Value::String(joined(events, value))));
        if name.trim_ascii().eq_ignore_ascii_case("faultCode") {
            members.code = content();
        } else if name.trim_ascii().eq_ignore_ascii_case("faultString") {
            members.string = content();
        } else {
            others.push((name, value));
        }
        events.leave_value(value);
        events.end_member(member)?;
    }
    Ok(())
}

/// Reads the next value of any type. `None` if it cannot be read.
fn any(events: &mut Cursor<'_, '_>) -> Option<Value> {
    read_value(events).ok()
}

/// The texts of an element.
fn joined(events: &Cursor<'_, '_>, element: EventIndex) -> String {
    let texts = events.texts(element);
    let texts = texts.iter().map(|text| text.trim_ascii());
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

/// Reads the next value, a struct. Returns a fault if the struct has both members of one.
pub(super) fn read_if_fault<'de, R: Reader<'de>>(reader: &mut R) -> Result<Option<Fault>, Error> {
    let members: FaultMembers = read_value(reader)?;
    let is_fault = members.code.is_some() && members.string.is_some();
    Ok(is_fault.then(|| members.into_fault()))
}
