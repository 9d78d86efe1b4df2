//! Constructors of the descriptions of methods and their parameters.

use std::{any::Any, fmt::Display};

use crate::schema::{Member, MethodDescription, ParamDescription, Schema};
// Under its own name, which the documentation of a generated client shows.
pub use crate::schema::ServiceDescription;
pub use crate::schema::{
    FaultDescription, MethodDescription as Description,
    construct::{describe, param},
};

/// The description of a service.
pub fn describe_service<const METHODS: usize>(
    name: &str,
    help: &str,
    methods: [MethodDescription; METHODS],
) -> ServiceDescription {
    ServiceDescription {
        name: name.to_owned(),
        help: help.to_owned(),
        methods: methods.into(),
    }
}

/// The description of a method of a trait, with its name there and the faults of its error type.
pub fn in_trait(
    description: MethodDescription,
    rust_name: &str,
    faults: Vec<FaultDescription>,
) -> MethodDescription {
    MethodDescription {
        faults,
        rust_name: Some(rust_name.to_owned()),
        ..description
    }
}

/// A fault with its text. The code can have any type, because the conversion to a fault already reports one
/// that is not an `i32`.
pub fn describe_fault<C: Any>(code: C, message: impl Display, help: &str) -> FaultDescription {
    let code: &dyn Any = &code;
    let code = code.downcast_ref().copied().unwrap_or_default();
    FaultDescription::new(code, message.to_string()).help(help)
}

/// The faults of an error type: its own, and those of its `other` variant.
pub fn describe_faults<const FAULTS: usize>(
    own: [FaultDescription; FAULTS],
    others: Vec<FaultDescription>,
) -> Vec<FaultDescription> {
    let mut faults = Vec::from(own);
    for other in others {
        if !faults.iter().any(|fault| fault.code == other.code) {
            faults.push(other);
        }
    }
    faults
}

/// The faults of a type that has none of its own.
pub fn no_faults() -> Vec<FaultDescription> {
    Vec::new()
}

/// A parameter with its default. An empty text is the default of its type.
pub fn with_default(param: ParamDescription, default: &str) -> ParamDescription {
    let mut schema = &param.schema;
    while let Schema::Optional(inner) = schema {
        schema = inner;
    }
    let default = match (default, schema) {
        ("", Schema::Int | Schema::I8) => "0",
        ("", Schema::Boolean) => "false",
        ("", Schema::Double) => "0.0",
        ("", Schema::String) => "\"\"",
        ("", Schema::Array(_)) => "[]",
        ("", _) => "Default::default()",
        (default, _) => default,
    };
    ParamDescription {
        default: Some(default.to_owned()),
        ..param
    }
}

/// A required parameter that may be nil.
pub fn param_or_nil(name: &str, schema: Schema) -> ParamDescription {
    param(name, nullable(schema))
}

/// A parameter that may be nil or left out.
pub fn param_or_none(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription {
        optional: true,
        ..param_or_nil(name, schema)
    }
}

/// Any number of parameters.
pub fn params(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription {
        optional: true,
        rest: true,
        ..param(name, schema)
    }
}

/// The single struct parameter of a method whose parameters are `members`.
pub fn members<const MEMBERS: usize>(members: [ParamDescription; MEMBERS]) -> ParamDescription {
    let optional = members.iter().all(|member| member.optional);
    let members = members.into_iter().map(|member| Member {
        name: member.name,
        schema: member.schema,
        optional: member.optional,
    });
    ParamDescription {
        optional,
        ..param("params", Schema::Struct(members.collect()))
    }
}

/// The schema of a type that a description cannot know.
pub fn any() -> Schema {
    Schema::Any
}

/// A list.
pub fn array(element: Schema) -> Schema {
    Schema::Array(Box::new(element))
}

/// A list of fixed length.
pub fn tuple<const ELEMENTS: usize>(elements: [Schema; ELEMENTS]) -> Schema {
    Schema::Tuple(elements.into())
}

/// A map.
pub fn map(value: Schema) -> Schema {
    Schema::Map(Box::new(value))
}

/// A type or nil.
pub fn nullable(schema: Schema) -> Schema {
    match schema {
        Schema::Any | Schema::Optional(_) => schema,
        schema => Schema::Optional(Box::new(schema)),
    }
}
