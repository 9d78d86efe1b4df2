//! Reads what `system.describeMethods` of xmlrpc-epi returns.

use std::collections::HashMap;

use crate::{
    Value,
    schema::{FaultDescription, Member, MethodDescription, ParamDescription, Schema, Signature},
};

/// How deeply types may nest. What is inside is then any value.
const DEPTH: usize = 16;
/// How many types are read in all. Types can refer to each other, so a short answer can stand for many.
const TYPES: usize = 50_000;
/// How many signatures of one method are read, if they differ.
const SIGNATURES: usize = 256;
/// The longest texts. Longer ones are left out.
const MAX_TEXT: usize = 64 << 10;
/// The longest name of a member. A type can be used many times, each time with the names of its members.
const MAX_NAME: usize = 1 << 10;

/// The methods that the answer describes, by name.
pub(super) fn read(answer: &Value) -> HashMap<String, MethodDescription> {
    let mut reader = Reader {
        types: HashMap::new(),
        left: TYPES,
    };
    for described in list(answer, "typeList") {
        if let Some(name) = text(described, "name") {
            reader.types.insert(name, described);
        }
    }
    let methods = list(answer, "methodList");
    methods
        .iter()
        .filter_map(|method| reader.method(method))
        .map(|method| (method.name.clone(), method))
        .collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    let text = value.get(name)?.as_str()?;
    (text.len() <= MAX_TEXT).then_some(text)
}

/// xmlrpc-epi sends a number, although it documents a boolean.
fn is_optional(value: &Value) -> bool {
    matches!(
        value.get("optional"),
        Some(Value::Bool(true) | Value::Int(1))
    )
}

struct Reader<'a> {
    /// The types that have names.
    types: HashMap<&'a str, &'a Value>,
    left: usize,
}

impl<'a> Reader<'a> {
    /// `None` if it has no name, or no signature: then the server may know more elsewhere.
    fn method(&mut self, described: &'a Value) -> Option<MethodDescription> {
        let signatures = list(described, "signatures");
        let params = |signature: &'a Value| list(signature, "params");
        let longest = signatures.iter().max_by_key(|it| params(it).len())?;
        let shortest = signatures.iter().map(|it| params(it).len()).min()?;
        let mut method = MethodDescription::new(text(described, "name")?);
        text(described, "purpose")
            .unwrap_or_default()
            .clone_into(&mut method.help);
        let Signature {
            mut params,
            mut result,
        } = self.signature(longest, shortest);
        if let [_, _, ..] = signatures {
            let all = signatures.iter().take(SIGNATURES);
            let all: Vec<_> = all
                .map(|signature| self.signature(signature, usize::MAX))
                .collect();
            let agrees = |one: &Signature| {
                let mut places = one.params.iter().zip(&params);
                one.result == result && places.all(|(one, other)| one.schema == other.schema)
            };
            if !all.iter().all(agrees) {
                for other in &all {
                    disagree(&mut result, &other.result);
                    for (one, other) in params.iter_mut().zip(&other.params) {
                        disagree(&mut one.schema, &other.schema);
                    }
                }
                method.overloads = all;
            }
        }
        method.params = Some(params);
        method.result = result;
        method.faults = list(described, "errors").iter().filter_map(fault).collect();
        let notes = list(described, "notes").iter().filter_map(Value::as_str);
        method.deprecated = notes
            .filter_map(|note| note.strip_prefix("Deprecated"))
            .map(|note| note.trim_start_matches([':', '.', ' ']).to_owned())
            .next();
        Some(method)
    }

    /// A signature, whose parameters after the first `shortest` are optional.
    fn signature(&mut self, described: &'a Value, shortest: usize) -> Signature {
        let params = list(described, "params").iter().enumerate();
        let params = params.map(|(index, param)| {
            let name = text(param, "name").filter(|name| !name.is_empty());
            ParamDescription {
                name: name.map_or_else(|| format!("param{}", index + 1), str::to_owned),
                schema: self.schema(param, DEPTH),
                optional: is_optional(param) || index >= shortest,
                rest: false,
                default: text(param, "default").map(str::to_owned),
            }
        });
        let mut params: Vec<_> = params.collect();
        // Nobody can omit a parameter before one that is required.
        let required = params.iter().rposition(|param| !param.optional);
        for param in &mut params[..required.unwrap_or(0)] {
            param.optional = false;
        }
        let result = match list(described, "returns") {
            [result] => self.schema(result, DEPTH),
            _ => Schema::Any,
        };
        Signature::new(params, result)
    }

    fn schema(&mut self, value: &'a Value, depth: usize) -> Schema {
        let Some(left) = self.left.checked_sub(1) else {
            return Schema::Any;
        };
        // Also at the greatest depth: a wide struct there would cost nothing otherwise.
        self.left = left;
        let Some(depth) = depth.checked_sub(1) else {
            return Schema::Any;
        };
        let name = text(value, "type").unwrap_or_default();
        let inside = list(value, "member");
        match Schema::from_type_name(name) {
            Schema::Array(any) => match inside {
                [] => Schema::Array(any),
                [element] => Schema::Array(Box::new(self.schema(element, depth))),
                places => Schema::Tuple(places.iter().map(|it| self.schema(it, depth)).collect()),
            },
            Schema::Map(any) => {
                let members = inside.iter().filter_map(|member| {
                    Some(Member {
                        name: text(member, "name")
                            .filter(|name| name.len() <= MAX_NAME)?
                            .to_owned(),
                        schema: self.schema(member, depth),
                        optional: is_optional(member),
                    })
                });
                let members: Vec<_> = members.collect();
                match inside {
                    [values] if members.is_empty() => {
                        Schema::Map(Box::new(self.schema(values, depth)))
                    }
                    _ if members.is_empty() => Schema::Map(any),
                    _ => Schema::Struct(members),
                }
            }
            Schema::Any => match self.types.get(name) {
                Some(&described) => self.schema(described, depth),
                None => Schema::Any,
            },
            scalar => scalar,
        }
    }
}

/// If two signatures have other types in the same place, it can have any type.
fn disagree(one: &mut Schema, other: &Schema) {
    if one != other {
        *one = Schema::Any;
    }
}

/// `code: message`
fn fault(error: &Value) -> Option<FaultDescription> {
    let (code, message) = error.as_str()?.split_once(": ")?;
    Some(FaultDescription::new(code.trim().parse().ok()?, message))
}
