//! Types from real results.

use std::collections::BTreeMap;

use xmlrpc_core::{Value, schema::Schema};

use super::shape::Shape;

/// Results that a server has sent, from which the generator learns types.
///
/// Several results of one method are merged: a member that is missing in one of them is optional, nil makes
/// an `Option`, and integers beside doubles are doubles. Types that do not fit together become `Value`, and so
/// does what was only nil. If the signatures of a method have different results, a sample says more about those
/// of its kind.
///
/// ```
/// use xmlrpc_cli::codegen::Samples;
/// use xmlrpc_core::value;
///
/// let mut samples = Samples::new();
/// samples.add("posts", &value!([{ "id": 1, "title": "a" }]));
/// samples.add("posts", &value!([{ "id": 2 }]));
/// let schema = samples.schema("posts").unwrap();
/// assert_eq!(format!("{schema:#}"), "array of struct {id: i8, title?: string}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Samples {
    shapes: BTreeMap<String, Shape>,
    /// The results of each method by their kinds, for methods whose signatures have different results.
    kinds: BTreeMap<String, BTreeMap<&'static str, Shape>>,
}

impl Samples {
    /// No results.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a result of the method.
    pub fn add(&mut self, method: impl Into<String>, result: &Value) {
        let method = method.into();
        if let Some(kind) = kind(result) {
            let kinds = self.kinds.entry(method.clone()).or_default();
            kinds.entry(kind).or_default().add(result);
        }
        self.shapes.entry(method).or_default().add(result);
    }

    /// The type of all results of the method so far; `None` without results.
    pub fn schema(&self, method: &str) -> Option<Schema> {
        self.shapes.get(method).map(Shape::schema)
    }

    /// The methods with results, sorted by name.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.shapes.keys().map(String::as_str)
    }

    /// The type of the results of a method for which the server says `described`.
    pub(super) fn refine(&self, method: &str, described: &Schema) -> Schema {
        match self.schema(method) {
            Some(sampled) => refined(described, &sampled),
            None => described.clone(),
        }
    }

    /// The types of a method whose signatures have these different results. A sample says more only about a
    /// result of its kind. If a sample has none of these types, the results can be any value.
    pub(super) fn refine_each(&self, method: &str, described: &[Schema]) -> Vec<Schema> {
        let known = self.kinds.get(method);
        let sampled: Vec<Schema> = known
            .into_iter()
            .flat_map(|kinds| kinds.values().map(Shape::schema))
            .collect();
        if !sampled
            .iter()
            .all(|it| described.iter().any(|known| fits(known, it)))
        {
            return vec![Schema::Any; described.len()];
        }
        let may_be_nil = matches!(self.schema(method), Some(Schema::Optional(_)));
        let refined = described.iter().map(|described| {
            let mut fitting = sampled.iter().filter(|it| fits(described, it));
            let schema = match (fitting.next(), fitting.next()) {
                (Some(only), None) => refined(described, only),
                _ => described.clone(),
            };
            if may_be_nil {
                Schema::Optional(Box::new(schema))
            } else {
                schema
            }
        });
        refined.collect()
    }
}

/// The kind of a value; `None` for nil. All numbers have the same kind.
fn kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Nil => return None,
        Value::Int(_) | Value::I8(_) | Value::Double(_) => "number",
        Value::Bool(_) => "boolean",
        Value::String(_) => "string",
        Value::Base64(_) => "base64",
        Value::DateTime(_) => "date",
        Value::Array(_) => "array",
        Value::Struct(_) => "struct",
    })
}

/// Whether results with the type of the samples can be those that a signature describes.
fn fits(described: &Schema, sampled: &Schema) -> bool {
    use Schema::{Any, Array, Double, I8, Int, Map, Optional, Struct, Tuple};
    match (described, sampled) {
        (Optional(described), sampled) => fits(described, sampled),
        (described, Optional(sampled)) => fits(described, sampled),
        // PHP sends an empty list for an empty struct.
        (Map(_) | Struct(_), Array(element)) => **element == Any,
        (Any, _)
        | (Array(_) | Tuple(_), Array(_) | Tuple(_))
        | (Map(_) | Struct(_), Map(_) | Struct(_))
        | (Int | I8 | Double, Int | I8)
        | (Double, Double) => true,
        (described, sampled) => described == sampled,
    }
}

/// The described type, with what the samples say more. Where the two contradict each other, the samples are
/// right: they are what the server sends.
fn refined(described: &Schema, sampled: &Schema) -> Schema {
    use Schema::{Any, Array, Double, I8, Int, Map, Nil, Optional, Struct};
    match (described, sampled) {
        (Optional(described), sampled) => {
            let sampled = match sampled {
                Optional(sampled) => sampled,
                sampled => sampled,
            };
            Optional(Box::new(refined(described, sampled)))
        }
        (Nil, Optional(sampled)) if **sampled == Any => Nil,
        (described, Optional(sampled)) => Optional(Box::new(refined(described, sampled))),
        (Array(described), Array(sampled)) => Array(Box::new(refined(described, sampled))),
        (Map(described), Map(sampled)) => Map(Box::new(refined(described, sampled))),
        // An empty list says nothing about its elements, and PHP sends an empty list for an empty struct.
        (Map(_) | Struct(_), Array(element)) if **element == Any => described.clone(),
        (Struct(described), Struct(sampled)) => {
            let mut members = described.clone();
            for member in &mut members {
                if let Some(sampled) = sampled.iter().find(|it| it.name == member.name) {
                    member.schema = refined(&member.schema, &sampled.schema);
                    member.optional |= sampled.optional;
                } else {
                    member.optional = true;
                }
            }
            let new = |name: &str| described.iter().all(|member| member.name != name);
            for member in sampled.iter().filter(|member| new(&member.name)) {
                let mut member = member.clone();
                member.optional = true;
                members.push(member);
            }
            Struct(members)
        }
        (Int | I8 | Double, Int | I8) => described.clone(),
        (described, Any) => described.clone(),
        (_, sampled) => sampled.clone(),
    }
}
