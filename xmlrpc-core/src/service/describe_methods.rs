//! `system.describeMethods`, as [xmlrpc-epi] of PHP defined it.
//!
//! [xmlrpc-epi]: http://xmlrpc-epi.sourceforge.net/specs/rfc.system.describeMethods.php

use std::collections::HashSet;

use super::{
    Dispatcher,
    dispatcher::DispatcherInner,
    method_table::{Introspection, Target},
};
use crate::{
    Struct, Value,
    schema::{MethodDescription, ParamDescription, Schema},
};

impl Dispatcher {
    /// Whether the dispatcher has `system.describeMethods`. Off by default.
    ///
    /// It describes all methods at once, with more than `system.methodSignature`: the names of parameters,
    /// which of them are optional, their defaults, and the members of structs. It is from xmlrpc-epi, the
    /// library of PHP. Its only parameter is optional: an array of method names, or one name. Names of
    /// methods that do not exist are ignored.
    ///
    /// The result is a struct of two arrays:
    ///
    /// * `methodList`: for each method a struct of `name`, `purpose` and `signatures`. A signature is a
    ///   struct of `params` and `returns`, which are arrays of values. There is one signature, or none if
    ///   the parameters are unknown. `errors` are the faults that the method declares, and `notes` say
    ///   whether it is deprecated and which other names it has.
    /// * `typeList`: the structs that the methods use, each once. Each is a value, whose `name` is that of
    ///   its first use, such as `shop.order.params.order`.
    ///
    /// A value is a struct of `name` (for parameters and members), `type`, `description`, `optional` (a
    /// boolean), `default` (if there is one) and `member`: the values inside an array or a struct. `type` is
    /// as in a signature; `any` stands for any type.
    ///
    /// # Panics
    ///
    /// If you switch it on and another method has this name.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Value, service::MethodDoc};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new()
    ///     .describe_methods(true)
    ///     .method("add", |a: i64, b: i64| a.saturating_add(b))
    ///     .method_doc("add", MethodDoc::new("Adds two numbers.").params(["a", "b"]));
    ///
    /// let described: Value = Client::new(dispatcher).call("system.describeMethods", (["add"],)).await?;
    /// let add = &described["methodList"][0];
    /// assert_eq!(add["purpose"], Value::from("Adds two numbers."));
    /// assert_eq!(add["signatures"][0]["params"][1]["name"], Value::from("b"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn describe_methods(self, on: bool) -> Self {
        let method = Introspection::DescribeMethods;
        self.system(method.name(), Target::Introspection(method), on)
    }
}

/// The result of `system.describeMethods`. `None` stands for all methods.
pub(super) fn described(dispatcher: &DispatcherInner, names: Option<&[String]>) -> Value {
    let mut types = Types::default();
    let names: Option<HashSet<_>> = names.map(|names| names.iter().map(String::as_str).collect());
    let all = dispatcher.describe();
    let wanted = all.iter().filter(|method| {
        let mut own = std::iter::once(&method.name).chain(&method.aliases);
        names
            .as_ref()
            .is_none_or(|names| own.any(|name| names.contains(name.as_str())))
    });
    let methods: Vec<_> = wanted
        .map(|description| method(description, &mut types))
        .collect();
    let mut result = Struct::new();
    result.insert("methodList", Value::from(methods));
    result.insert("typeList", Value::from(types.list));
    Value::from(result)
}

fn method<'a>(description: &'a MethodDescription, types: &mut Types<'a>) -> Value {
    let mut method = Struct::new();
    let name = &description.name;
    method.insert("name", Value::from(name.as_str()));
    method.insert("purpose", Value::from(description.help.as_str()));
    let signatures = description.params.as_ref().map(|params| {
        let params = params.iter().map(|param| {
            let place = format!("{name}.params.{}", param.name);
            types.collect(&place, &param.schema);
            self::param(param)
        });
        let params: Vec<_> = params.collect();
        types.collect(&format!("{name}.returns"), &description.result);
        let mut signature = Struct::new();
        signature.insert("params", Value::from(params));
        let returns = Value::from(value(None, &description.result, None));
        signature.insert("returns", Value::from(vec![returns]));
        Value::from(signature)
    });
    let signatures: Vec<_> = signatures.into_iter().collect();
    method.insert("signatures", Value::from(signatures));
    if !description.faults.is_empty() {
        method.insert("errors", texts(description.faults.iter()));
    }
    let deprecated = description.deprecated.iter().map(|note| match &**note {
        "" => "Deprecated.".to_owned(),
        note => format!("Deprecated: {note}"),
    });
    let aliases = description.aliases.iter();
    let aliases = aliases.map(|alias| format!("Other name: {alias}"));
    let notes: Vec<_> = deprecated.chain(aliases).collect();
    if !notes.is_empty() {
        method.insert("notes", texts(notes.iter()));
    }
    Value::from(method)
}

fn texts(texts: impl Iterator<Item: ToString>) -> Value {
    let texts: Vec<_> = texts.map(|text| Value::from(text.to_string())).collect();
    Value::from(texts)
}

fn param(param: &ParamDescription) -> Value {
    let mut value = value(Some(&param.name), &param.schema, Some(param.optional));
    if param.rest {
        value.insert("description", Value::from("any number of values"));
    }
    if let Some(default) = &param.default {
        value.insert("default", Value::from(default.as_str()));
    }
    Value::from(value)
}

/// A value with its type and the values inside it.
fn value(name: Option<&str>, schema: &Schema, optional: Option<bool>) -> Struct {
    let mut value = Struct::new();
    if let Some(name) = name {
        value.insert("name", Value::from(name));
    }
    let description = match schema {
        Schema::Optional(_) => "may be nil",
        _ => "",
    };
    let schema = without_nil(schema);
    let type_name = match schema {
        Schema::Any => "any",
        schema => schema.type_name(),
    };
    value.insert("type", Value::from(type_name));
    value.insert("description", Value::from(description));
    if let Some(optional) = optional {
        value.insert("optional", Value::from(optional));
    }
    let inside = members(schema);
    if !inside.is_empty() {
        value.insert("member", Value::from(inside));
    }
    value
}

fn members(schema: &Schema) -> Vec<Value> {
    let unnamed = |schema: &Schema| Value::from(value(None, schema, None));
    match schema {
        Schema::Array(inner) | Schema::Map(inner) if **inner != Schema::Any => {
            vec![unnamed(inner)]
        }
        Schema::Tuple(places) => places.iter().map(unnamed).collect(),
        Schema::Struct(list) => {
            let list = list.iter().map(|member| {
                let value = value(Some(&member.name), &member.schema, Some(member.optional));
                Value::from(value)
            });
            list.collect()
        }
        _ => Vec::new(),
    }
}

fn without_nil(mut schema: &Schema) -> &Schema {
    while let Schema::Optional(inner) = schema {
        schema = inner;
    }
    schema
}

/// The structs that the methods use.
#[derive(Default)]
struct Types<'a> {
    seen: Vec<&'a Schema>,
    list: Vec<Value>,
}

impl<'a> Types<'a> {
    /// Adds the structs in a type. `place` becomes the name of those that are new.
    fn collect(&mut self, place: &str, schema: &'a Schema) {
        match schema {
            Schema::Array(inner) | Schema::Map(inner) | Schema::Optional(inner) => {
                self.collect(place, inner);
            }
            Schema::Tuple(places) => {
                for (index, schema) in places.iter().enumerate() {
                    self.collect(&format!("{place}.{index}"), schema);
                }
            }
            Schema::Struct(members) if !self.seen.contains(&schema) => {
                self.seen.push(schema);
                let described = value(Some(place), schema, None);
                self.list.push(Value::from(described));
                for member in members {
                    self.collect(&format!("{place}.{}", member.name), &member.schema);
                }
            }
            _ => {}
        }
    }
}
