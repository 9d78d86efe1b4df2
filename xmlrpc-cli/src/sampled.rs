//! What the samples say about the methods of a server that does not list them.

use std::collections::BTreeMap;

use xmlrpc_cli::codegen::{Description, Samples};
use xmlrpc_core::{
    Value,
    schema::{MethodDescription, ParamDescription, Schema},
};

/// The warning in the generated code.
const WARNING: &str = "the server does not list its methods; these are the methods of the samples";

/// The parameters of all samples.
#[derive(Debug, Default)]
pub(crate) struct SampledMethods(BTreeMap<String, SampledParams>);

#[derive(Debug)]
struct SampledParams {
    /// The values of each parameter, by its number.
    values: Samples,
    least: usize,
    most: usize,
}

impl SampledMethods {
    /// Adds a call.
    pub(crate) fn add<'a>(&mut self, method: &str, params: impl Iterator<Item = &'a Value>) {
        let known = self
            .0
            .entry(method.to_owned())
            .or_insert_with(|| SampledParams {
                values: Samples::new(),
                least: usize::MAX,
                most: 0,
            });
        let mut count = 0;
        for value in params {
            known.values.add(count.to_string(), value);
            count += 1;
        }
        known.least = known.least.min(count);
        known.most = known.most.max(count);
    }

    /// The methods. A parameter that some samples of a method lack is optional.
    pub(crate) fn description(&self) -> Description {
        let methods = self.0.iter().map(|(name, sampled)| {
            let params = (0..sampled.most).map(|index| {
                let schema = sampled.values.schema(&index.to_string());
                let schema = schema.map_or(Schema::Any, |schema| outer(&schema));
                let mut param = ParamDescription::new(format!("param{}", index + 1), schema);
                param.optional = index >= sampled.least;
                param
            });
            let mut method = MethodDescription::new(name);
            method.params = Some(params.collect());
            method
        });
        let mut description = Description::new(methods.collect());
        description.warning = Some(WARNING.to_owned());
        description
    }
}

/// The type without what is inside: the next call can have other elements and members.
fn outer(schema: &Schema) -> Schema {
    match schema {
        Schema::Array(_) | Schema::Tuple(_) => Schema::Array(Box::new(Schema::Any)),
        Schema::Struct(_) | Schema::Map(_) => Schema::Map(Box::new(Schema::Any)),
        Schema::Optional(inner) => Schema::Optional(Box::new(outer(inner))),
        other => other.clone(),
    }
}
