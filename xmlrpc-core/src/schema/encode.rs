//! Serializes schemas, for example for generators that read JSON.

use serde_core::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct},
};

use super::{Member, Schema};

/// `{"type": …}` with `elements`, `places`, `members` or `values`, and with `"nil": true` if nil is
/// allowed. The type of [`Schema::I8`] is `i8`.
impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        let mut schema = self;
        if let Self::Optional(inner) = schema {
            members.serialize_entry("nil", &true)?;
            schema = inner;
        }
        // On the wire, an `Option` of an `Option` is the same as one `Option`.
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
