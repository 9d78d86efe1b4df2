//! Constructors of the descriptions of methods and their parameters.

use crate::schema::{Member, MethodDescription, ParamDescription, Schema, ServiceDescription};
pub use crate::schema::{
    MethodDescription as Description, ServiceDescription as Descriptions,
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
