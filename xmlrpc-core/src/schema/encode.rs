//! Schemas for a generator that reads JSON.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct},
};

use super::{Member, Schema};

/// `{"type": …}`, where [`Schema::I8`] is an `i8`, with `elements`, `places`, `members` or `values`
/// beside it, and `"nil": true` where nil is allowed.
impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        let mut schema = self;
        if let Self::Optional(inner) = schema {
            members.serialize_entry("nil", &true)?;
            schema = inner;
        }
        // An `Option` of an `Option` is no more than one on the wire.
        while let Self::Optional(inner) = schema {
            schema = inner;
        }
        let name = match schema {
            Self::I8 => "i8",
            schema => schema.type_name(),
        };
        members.serialize_entry("type", name)?;
        match schema {
            Self::Array(element) => members.serialize_entry("elements", element)?,
            Self::Tuple(places) => members.serialize_entry("places", places)?,
            Self::Struct(list) => members.serialize_entry("members", list)?,
            Self::Map(value) => members.serialize_entry("values", value)?,
            _ => {}
        }
        members.end()
    }
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Member", 3)?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("schema", &self.schema)?;
        members.serialize_field("optional", &self.optional)?;
        members.end()
    }
}
