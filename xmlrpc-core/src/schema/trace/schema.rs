//! Creates the schema of a type from what is known about it.

use super::{
    kind::{Fields, Kind, NodeId, Presence, VariantKind, Variants},
    state::{ROOT, Trace},
};
use crate::schema::{Member, Schema};

impl Trace {
    pub(super) fn schema(&self) -> Schema {
        self.at(ROOT)
    }

    fn at(&self, node: NodeId) -> Schema {
        match self.kind(node) {
            Kind::Unknown | Kind::Any => Schema::Any,
            Kind::Scalar(scalar) => scalar.schema(),
            Kind::Option(inner) => match self.at(*inner) {
                // These can be nil already.
                schema @ (Schema::Optional(_) | Schema::Any) => schema,
                schema => Schema::Optional(Box::new(schema)),
            },
            Kind::Seq(element) => Schema::Array(Box::new(self.at(*element))),
            Kind::Tuple(places) => self.tuple(places),
            Kind::Map { value, .. } => Schema::Map(Box::new(self.at(*value))),
            Kind::Open => unknown_members(),
            Kind::Struct(fields) => self.structure(fields),
            Kind::Enum(variants) => self.variants(variants),
            Kind::Again(outer) => match self.kind(*outer) {
                Kind::Enum(variants) if variants.is_text() => Schema::String,
                Kind::Enum(variants) if !variants.is_data() => Schema::Any,
                _ => unknown_members(),
            },
        }
    }

    fn tuple(&self, places: &[NodeId]) -> Schema {
        let mut places: Vec<_> = places.iter().map(|place| self.at(*place)).collect();
        if places.iter().any(|place| Some(place) != places.first()) {
            return Schema::Tuple(places);
        }
        Schema::Array(Box::new(places.pop().unwrap_or(Schema::Any)))
    }

    fn structure(&self, fields: &Fields) -> Schema {
        let listed = fields.list.iter().zip(fields.names);
        let listed = listed.filter(|(field, _)| field.presence != Presence::Alias);
        let members = listed.map(|(field, name)| {
            let schema = self.at(field.node);
            let optional = match field.presence {
                Presence::Optional => true,
                // This is the rule of serde's derive.
                Presence::Unknown | Presence::NotMissed => matches!(schema, Schema::Optional(_)),
                Presence::Required | Presence::Alias => false,
            };
            Member {
                name: (*name).to_owned(),
                schema,
                optional,
            }
        });
        Schema::Struct(members.collect())
    }

    fn variants(&self, variants: &Variants) -> Schema {
        if variants.is_text() {
            return Schema::String;
        }
        if !variants.is_data() {
            return Schema::Any;
        }
        let members = variants.names.iter().zip(&variants.content);
        let members = members.filter_map(|(name, content)| match content {
            VariantKind::Data(node) => Some(Member {
                name: (*name).to_owned(),
                schema: self.at(*node),
                optional: true,
            }),
            _ => None,
        });
        Schema::Struct(members.collect())
    }
}

fn unknown_members() -> Schema {
    Schema::Map(Box::new(Schema::Any))
}

impl Variants {
    /// Whether all known variants are unit variants.
    fn is_text(&self) -> bool {
        self.all(|content| *content == VariantKind::Unit)
    }

    /// Whether all known variants have content.
    fn is_data(&self) -> bool {
        self.all(|content| matches!(content, VariantKind::Data(_)))
    }

    fn all(&self, is: impl Fn(&VariantKind) -> bool) -> bool {
        let mut known = self
            .content
            .iter()
            .filter(|content| !matches!(content, VariantKind::Unseen | VariantKind::Refused))
            .peekable();
        known.peek().is_some() && known.all(is)
    }
}
