//! Constructors of descriptions, for the dispatcher's own methods and for generated code.

use super::{MethodDescription, ParamDescription, Schema};

/// A method whose parameters are known.
pub fn describe<const PARAMS: usize>(
    name: &str,
    aliases: &[&str],
    help: &str,
    deprecated: Option<&str>,
    params: [ParamDescription; PARAMS],
    result: Schema,
) -> MethodDescription {
    MethodDescription {
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        help: help.to_owned(),
        deprecated: deprecated.map(str::to_owned),
        params: Some(params.into()),
        result,
        ..MethodDescription::new(name)
    }
}

/// A required parameter.
pub fn param(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription::new(name, schema)
}
