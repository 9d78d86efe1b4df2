//! Types in the form that the generator works with.

use std::collections::HashSet;

use xmlrpc_core::schema::{Member, Schema};

/// Larger tuples do not implement the usual traits.
const MAX_TUPLE: usize = 12;
/// How deeply types may nest. What is inside is then any value.
const MAX_DEPTH: usize = 32;

/// A type without what Rust cannot express or need not tell apart: all integers have 64 bits, an `Option`
/// is never directly in another one, and a struct has at least one member, each with another name.
pub(super) fn normal(schema: &Schema) -> Schema {
    within(schema, MAX_DEPTH)
}

fn within(schema: &Schema, depth: usize) -> Schema {
    let Some(depth) = depth.checked_sub(1) else {
        return Schema::Any;
    };
    match schema {
        // Servers also send larger integers under the name `int`.
        Schema::Int => Schema::I8,
        Schema::Array(element) => Schema::Array(Box::new(within(element, depth))),
        Schema::Tuple(places) if places.is_empty() || places.len() > MAX_TUPLE => {
            Schema::Array(Box::new(Schema::Any))
        }
        Schema::Tuple(places) => {
            Schema::Tuple(places.iter().map(|place| within(place, depth)).collect())
        }
        Schema::Struct(members) => {
            let mut seen = HashSet::new();
            let members = members.iter().filter(|member| seen.insert(&member.name));
            let members = members.map(|member| {
                let mut normal = Member::new(&member.name, within(&member.schema, depth));
                normal.optional = member.optional;
                normal
            });
            let members: Vec<_> = members.collect();
            if members.is_empty() {
                Schema::Map(Box::new(Schema::Any))
            } else {
                Schema::Struct(members)
            }
        }
        Schema::Map(value) => Schema::Map(Box::new(within(value, depth))),
        Schema::Optional(inner) => match within(inner, depth) {
            inner @ (Schema::Any | Schema::Nil | Schema::Optional(_)) => inner,
            inner => Schema::Optional(Box::new(inner)),
        },
        other => other.clone(),
    }
}
