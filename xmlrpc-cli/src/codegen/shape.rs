//! What several values have in common.

use std::collections::HashMap;

use xmlrpc_core::{
    Value,
    schema::{Member, Schema},
};

/// Struct members beyond this number belong to a map.
const MAX_MEMBERS: usize = 200;
/// How deeply values are read. What is inside can have any type.
const MAX_DEPTH: usize = 32;
/// The longest array that becomes a tuple.
const MAX_TUPLE: usize = 12;

/// The type of all values that were added, as far as they have one.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    kind: Kind,
    /// One of the values was nil.
    nil: bool,
}

#[derive(Clone, Debug, Default)]
enum Kind {
    /// No value yet, except nil.
    #[default]
    Unknown,
    Scalar(Schema),
    Array(Elements),
    Struct(Fields),
    /// The values have nothing in common.
    Any,
}

/// The elements of all arrays.
#[derive(Clone, Debug, Default)]
struct Elements {
    all: Box<Shape>,
    /// The shape of each place, if all arrays have the same length and contain only scalars.
    places: Option<Vec<Shape>>,
    arrays: usize,
}

#[derive(Clone, Debug, Default)]
struct Fields {
    structs: usize,
    /// In the order of the first struct that has them. With the number of structs that have each.
    list: Vec<(String, Shape, usize)>,
    /// The positions in the list.
    index: HashMap<String, usize>,
}

impl Shape {
    pub(super) fn add(&mut self, value: &Value) {
        self.add_within(value, MAX_DEPTH);
    }

    fn add_within(&mut self, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            self.kind = Kind::Any;
            return;
        };
        match value {
            Value::Nil => self.nil = true,
            Value::Array(elements) => match &mut self.kind {
                Kind::Array(known) => known.add(elements.iter(), depth),
                kind @ Kind::Unknown => {
                    let mut new = Elements::default();
                    new.add(elements.iter(), depth);
                    *kind = Kind::Array(new);
                }
                // PHP sends an empty array for an empty struct.
                Kind::Struct(fields) if elements.is_empty() => fields.structs += 1,
                kind => *kind = Kind::Any,
            },
            Value::Struct(members) => {
                if let Kind::Array(Elements {
                    places: Some(places),
                    arrays,
                    ..
                }) = &self.kind
                    && places.is_empty()
                {
                    self.kind = Kind::Struct(Fields {
                        structs: *arrays,
                        ..Fields::default()
                    });
                }
                match &mut self.kind {
                    Kind::Struct(known) => known.add(members, depth),
                    kind @ Kind::Unknown => {
                        let mut new = Fields::default();
                        new.add(members, depth);
                        *kind = Kind::Struct(new);
                    }
                    kind => *kind = Kind::Any,
                }
            }
            scalar => self.add_scalar(scalar_schema(scalar)),
        }
    }

    fn add_scalar(&mut self, schema: Schema) {
        self.kind = match std::mem::take(&mut self.kind) {
            Kind::Unknown => Kind::Scalar(schema),
            Kind::Scalar(known) if known == schema => Kind::Scalar(known),
            Kind::Scalar(Schema::I8 | Schema::Double)
                if matches!(schema, Schema::I8 | Schema::Double) =>
            {
                Kind::Scalar(Schema::Double)
            }
            _ => Kind::Any,
        };
    }

    /// Adds what another shape knows.
    fn merge(&mut self, other: &Self) {
        self.nil |= other.nil;
        match (&mut self.kind, &other.kind) {
            (_, Kind::Unknown) => {}
            (kind @ Kind::Unknown, other) => *kind = other.clone(),
            (Kind::Scalar(_), Kind::Scalar(schema)) => self.add_scalar(schema.clone()),
            (Kind::Array(one), Kind::Array(other)) => {
                one.arrays += other.arrays;
                one.all.merge(&other.all);
                one.places = match (one.places.take(), &other.places) {
                    (Some(mut places), Some(more)) if places.len() == more.len() => {
                        for (one, other) in places.iter_mut().zip(more) {
                            one.merge(other);
                        }
                        Some(places)
                    }
                    _ => None,
                };
            }
            (Kind::Struct(one), Kind::Struct(other)) => one.merge(other),
            (kind, _) => *kind = Kind::Any,
        }
    }

    pub(super) fn schema(&self) -> Schema {
        let schema = match &self.kind {
            // The next value can have any type. The generated code must not drop it.
            Kind::Unknown if self.nil => Schema::Any,
            Kind::Unknown | Kind::Any => return Schema::Any,
            Kind::Scalar(schema) => schema.clone(),
            Kind::Array(elements) => elements.schema(),
            Kind::Struct(fields) => fields.schema(),
        };
        if self.nil {
            Schema::Optional(Box::new(schema))
        } else {
            schema
        }
    }

    fn is_any(&self) -> bool {
        matches!(self.kind, Kind::Any)
    }
}

/// All integers have 64 bits, because the next one may not fit into 32.
fn scalar_schema(value: &Value) -> Schema {
    match value {
        Value::Int(_) | Value::I8(_) => Schema::I8,
        Value::Bool(_) => Schema::Boolean,
        Value::String(_) => Schema::String,
        Value::Double(_) => Schema::Double,
        Value::DateTime(_) => Schema::DateTime,
        Value::Base64(_) => Schema::Base64,
        _ => Schema::Any,
    }
}

impl Elements {
    fn add<'a>(&mut self, elements: impl ExactSizeIterator<Item = &'a Value>, depth: usize) {
        let length = elements.len();
        self.arrays += 1;
        if self.arrays == 1 && length <= MAX_TUPLE {
            self.places = Some(vec![Shape::default(); length]);
        }
        if self.places.as_ref().is_some_and(|it| it.len() != length) {
            self.places = None;
        }
        for (index, element) in elements.enumerate() {
            self.all.add_within(element, depth);
            // Nested values would be kept twice on each level.
            if matches!(element, Value::Array(_) | Value::Struct(_)) {
                self.places = None;
            }
            if let Some(place) = self.places.as_mut().and_then(|it| it.get_mut(index)) {
                place.add_within(element, depth);
            }
        }
    }

    /// A tuple, if several arrays have the same length and different types in their places, as the rows of a
    /// table do.
    fn schema(&self) -> Schema {
        if let Some(places) = &self.places
            && self.arrays > 1
            && places.len() > 1
            && self.all.is_any()
        {
            return Schema::Tuple(places.iter().map(Shape::schema).collect());
        }
        Schema::Array(Box::new(self.all.schema()))
    }
}

impl Fields {
    fn add(&mut self, members: &xmlrpc_core::Struct, depth: usize) {
        self.structs += 1;
        for (name, value) in members {
            let mut shape = Shape::default();
            shape.add_within(value, depth);
            self.add_field(name, &shape, 1);
        }
    }

    fn add_field(&mut self, name: &str, shape: &Shape, count: usize) {
        let position = self.index.get(name);
        if let Some((_, known, structs)) =
            position.and_then(|position| self.list.get_mut(*position))
        {
            known.merge(shape);
            *structs += count;
        } else {
            self.index.insert(name.to_owned(), self.list.len());
            self.list.push((name.to_owned(), shape.clone(), count));
        }
    }

    fn merge(&mut self, other: &Self) {
        self.structs += other.structs;
        for (name, shape, count) in &other.list {
            self.add_field(name, shape, *count);
        }
    }

    /// A map, if the names are data: for example numbers, or hashes.
    fn schema(&self) -> Schema {
        let looks_like_data = self.list.iter().any(|(name, ..)| is_data(name));
        if looks_like_data || self.list.len() > MAX_MEMBERS || self.list.is_empty() {
            let mut value = Shape::default();
            for (_, shape, _) in &self.list {
                value.merge(shape);
            }
            if self.list.is_empty() || self.list.len() > MAX_MEMBERS || !value.is_any() {
                return Schema::Map(Box::new(value.schema()));
            }
        }
        let members = self.list.iter().map(|(name, shape, count)| {
            let mut member = Member::new(name, shape.schema());
            member.optional = *count < self.structs;
            member
        });
        Schema::Struct(members.collect())
    }
}

/// Whether a name is hardly the name of a member.
fn is_data(name: &str) -> bool {
    let begins = name.chars().next();
    let is_hash = name.len() >= 16 && name.chars().all(|char| char.is_ascii_hexdigit());
    let is_word = |char: char| char.is_alphanumeric() || "_-.:".contains(char);
    is_hash
        || begins.is_none_or(|char| !char.is_alphabetic() && char != '_')
        || !name.chars().all(is_word)
}
