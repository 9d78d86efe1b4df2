use serde_core::{Serialize, Serializer, ser::SerializeMap};

use super::{Array, Struct, Value};
use crate::reserved_names::Extension;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_i32(*number),
            Self::I8(number) => serializer.serialize_newtype_struct(Extension::I8.name(), number),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Double(number) => serializer.serialize_f64(*number),
            Self::DateTime(date) => date.serialize(serializer),
            Self::Base64(bytes) => serializer.serialize_bytes(bytes),
            Self::Struct(members) => members.serialize(serializer),
            Self::Array(elements) => elements.serialize(serializer),
            Self::Nil => serializer.serialize_newtype_struct(Extension::Nil.name(), &()),
        }
    }
}

impl Serialize for Array {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
