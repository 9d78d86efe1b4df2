//! The known facts about the parts of a type.

use crate::schema::Schema;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) usize);

/// A part of a type: the type itself, a field, an element, …
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) parent: Option<NodeId>,
    /// The index of the made-up value that a scalar offers.
    pub(super) attempt: usize,
    /// No value satisfies it, so it is left out where possible.
    pub(super) failed: bool,
}

impl Node {
    pub(super) fn new(parent: Option<NodeId>) -> Self {
        Self {
            kind: Kind::Unknown,
            parent,
            attempt: 0,
            failed: false,
        }
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    /// The type has not asked for anything yet.
    Unknown,
    Scalar(ScalarKind),
    Any,
    Option(NodeId),
    Seq(NodeId),
    Tuple(Vec<NodeId>),
    Map {
        key: NodeId,
        value: NodeId,
    },
    /// A struct that does not name its fields, because some of them are flattened.
    Open,
    Struct(Fields),
    Enum(Variants),
    /// The struct or enum at this node, inside itself.
    Again(NodeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarKind {
    Int,
    I8,
    Boolean,
    Double,
    Text,
    /// A name of a field or variant.
    Identifier,
    DateTime,
    Base64,
    Nil,
}

/// Made-up texts. The usual types that are read from text accept at least one of them.
pub(super) const TEXTS: [&str; 10] = [
    "1",
    "",
    "a",
    "127.0.0.1",
    "::1",
    "127.0.0.1:80",
    "2000-01-01T00:00:00Z",
    "2000-01-01",
    "00000000-0000-0000-0000-000000000000",
    "http://localhost/",
];
pub(super) const NUMBERS: [u8; 3] = [1, 0, 100];

impl ScalarKind {
    /// The number of made-up values.
    pub(super) fn attempts(self) -> usize {
        match self {
            Self::Text => TEXTS.len(),
            Self::Int | Self::I8 | Self::Double => NUMBERS.len(),
            Self::Boolean => 2,
            Self::Identifier | Self::DateTime | Self::Base64 | Self::Nil => 1,
        }
    }

    pub(super) fn schema(self) -> Schema {
        match self {
            Self::Int => Schema::Int,
            Self::I8 => Schema::I8,
            Self::Boolean => Schema::Boolean,
            Self::Double => Schema::Double,
            Self::Text | Self::Identifier => Schema::String,
            Self::DateTime => Schema::DateTime,
            Self::Base64 => Schema::Base64,
            Self::Nil => Schema::Nil,
        }
    }
}

/// The fields of a struct.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) type_name: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) list: Vec<Field>,
    /// The field that is offered before all others.
    pub(super) first: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) node: NodeId,
    pub(super) presence: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// The struct has not reported it as missing so far.
    NotMissed,
    Required,
    Optional,
    /// The struct did not report anything.
    Unknown,
    /// Another name of another field.
    Alias,
}

impl Fields {
    /// Whether the next passes still find out which fields are required.
    fn asking(&self) -> bool {
        let mut fields = self.list.iter();
        fields.any(|field| field.presence == Presence::NotMissed)
    }

    /// The fields to offer, failed ones included.
    pub(super) fn offered(&self) -> Vec<usize> {
        let asking = self.asking();
        let mut offered: Vec<_> = (0..self.list.len())
            .filter(|index| match self.list[*index].presence {
                Presence::Required => true,
                Presence::Alias => false,
                _ => !asking,
            })
            .collect();
        offered.sort_by_key(|index| Some(*index) != self.first);
        offered
    }

    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| *other == name)
    }
}

/// The variants of an enum.
#[derive(Debug)]
pub(super) struct Variants {
    pub(super) type_name: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) content: Vec<VariantKind>,
    /// The variant that is being examined. The variants before it are done.
    pub(super) current: usize,
}

impl Variants {
    pub(super) fn new(type_name: &'static str, names: &'static [&'static str]) -> Self {
        Self {
            type_name,
            names,
            content: vec![VariantKind::Unseen; names.len()],
            current: 0,
        }
    }
}

/// What is known about a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VariantKind {
    /// It has not been tried yet.
    Unseen,
    Unit,
    Data(NodeId),
    /// The enum does not accept this variant.
    Refused,
}
