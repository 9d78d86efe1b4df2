//! Descriptions as JSON, and back.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use std::fmt::Debug;
use xmlrpc_core::schema::{
    FaultDescription, Member, MethodDescription, ParamDescription, Schema, ServiceDescription,
    Signature,
};

/// The same value after writing and reading it.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
}

#[test]
fn schemas() {
    let boxed = |schema: &Schema| Box::new(schema.clone());
    let scalars = [
        Schema::Int,
        Schema::I8,
        Schema::Boolean,
        Schema::Double,
        Schema::String,
        Schema::DateTime,
        Schema::Base64,
        Schema::Nil,
        Schema::Any,
    ];
    let mut optional = Member::new("b", Schema::Any);
    optional.optional = true;
    for scalar in &scalars {
        let all = [
            scalar.clone(),
            Schema::Array(boxed(scalar)),
            Schema::Tuple(vec![scalar.clone(), Schema::Int]),
            Schema::Tuple(Vec::new()),
            Schema::Map(boxed(scalar)),
            Schema::Struct(vec![Member::new("a", scalar.clone()), optional.clone()]),
            Schema::Struct(Vec::new()),
        ];
        for schema in &all {
            round_trip(schema);
            round_trip(&Schema::Optional(boxed(schema)));
            round_trip(&Schema::Array(Box::new(Schema::Optional(boxed(schema)))));
        }
    }
}

#[test]
fn methods_and_services() {
    let mut method = MethodDescription::new("shop.find");
    round_trip(&method);
    method.aliases = vec!["find".to_owned()];
    method.help = "Finds\nsomething.".to_owned();
    method.deprecated = Some(String::new());
    let mut param = ParamDescription::new("name", Schema::String);
    param.optional = true;
    param.default = Some("\"x\"".to_owned());
    let mut rest = ParamDescription::new("more", Schema::Array(Box::new(Schema::Int)));
    rest.rest = true;
    method.params = Some(vec![param, rest]);
    method.result = Schema::Boolean;
    method.overloads = vec![Signature::new(
        vec![ParamDescription::new("a", Schema::Int)],
        Schema::Nil,
    )];
    method.faults = vec![FaultDescription::new(-7, "{name} is gone").help("Sometimes.")];
    round_trip(&method);
    round_trip(&ServiceDescription::new("Shop", vec![method]));
}

#[test]
fn unknown_members_are_ignored_and_most_may_be_missing() {
    let method: MethodDescription = serde_json::from_value(json!({
        "new": { "x": [1] }, "name": "a", "rust_name": "b",
        "params": [{ "name": "x", "kind": 7 }],
        "result": { "format": "x", "elements": { "type": "int" }, "type": "array" },
    }))
    .unwrap();
    assert_eq!(method.to_string(), "a(x: undefined): array of int");
    assert_eq!(method.rust_name.as_deref(), Some("b"));
}

#[test]
fn errors() {
    let cases = [
        (json!({ "params": [] }), "missing field `name`"),
        (json!({ "name": "a", "result": {} }), "missing field `type`"),
        (
            json!({ "name": "a", "result": { "type": "x\u{1b}" } }),
            "unknown type `x\\u{1b}`",
        ),
        (
            json!({ "name": "a", "result": "int" }),
            "expected a type: a struct with the member `type`",
        ),
        (
            json!({ "name": "a", "params": [{}] }),
            "missing field `name`",
        ),
        (json!([1]), "expected a method"),
    ];
    for (json, expected) in cases {
        let error = serde_json::from_value::<MethodDescription>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_depth_of_types_is_bounded() {
    let nested = |depth: usize| {
        let mut schema = json!({ "type": "int" });
        for _ in 1..depth {
            schema = json!({ "type": "array", "elements": schema });
        }
        serde_json::from_value::<Schema>(schema)
    };
    assert!(nested(64).is_ok());
    let error = nested(65).unwrap_err().to_string();
    assert_eq!(error, "the types nest more deeply than 64 levels");
    let structs = |depth: usize| {
        let mut schema = json!({ "type": "int" });
        for _ in 1..depth {
            schema = json!({ "type": "struct", "members": [{ "name": "a", "schema": schema }] });
        }
        serde_json::from_value::<Schema>(schema)
    };
    assert!(structs(64).is_ok());
    assert!(structs(65).is_err());
}
