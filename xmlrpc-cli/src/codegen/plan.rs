//! What the generator writes for each method: the parameters and the result of each of its forms.

use xmlrpc_core::schema::{MethodDescription, ParamDescription, Schema, Signature};

use super::{help_names, normal::normal, samples::Samples};

/// More forms of one method than this become one form, whose parameters can have any type.
const MAX_FORMS: usize = 16;
/// More members than this are not parameters of their own.
const MAX_NAMED: usize = 8;

/// One Rust method.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) params: Params,
    pub(super) result: Schema,
}

#[derive(Clone, Debug)]
pub(super) enum Params {
    /// The server does not describe them.
    Unknown,
    Listed(Vec<ParamDescription>),
    /// The members of the only parameter, which is a struct.
    Named(Vec<ParamDescription>),
}

/// The forms of a method, with types in the normal form. There is at least one.
///
/// Only a client can have several methods with the same name on the wire. A trait for `both` sides has one
/// form for all signatures.
pub(super) fn forms(method: &MethodDescription, both: bool, samples: &Samples) -> Vec<Form> {
    let form = |params: Params, result: Schema| Form {
        params,
        result: normal(&result),
    };
    let same_result = method
        .overloads
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.result == other.result));
    let groups = if both {
        Vec::new()
    } else {
        groups(&method.overloads)
    };
    if !groups.is_empty() && groups.len() <= MAX_FORMS {
        let (params, results): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
        let results = if same_result {
            let refine = |result| samples.refine(&method.name, result);
            results.iter().map(refine).collect()
        } else {
            samples.refine_each(&method.name, &results)
        };
        let groups = params.into_iter().zip(results);
        return groups
            .map(|(params, result)| form(Params::Listed(tidy(&params, &method.help)), result))
            .collect();
    }
    let params = match &method.params {
        None => Params::Unknown,
        Some(params) => match named(params) {
            Some(members) => Params::Named(members),
            None => Params::Listed(tidy(params, &method.help)),
        },
    };
    let result = if same_result {
        samples.refine(&method.name, &method.result)
    } else {
        // A sample is the result of one signature, and this is the type of all.
        method.result.clone()
    };
    vec![form(params, result)]
}

/// Joins signatures of which one continues another: the parameters that are not in both are optional.
pub(super) fn groups(overloads: &[Signature]) -> Vec<(Vec<ParamDescription>, Schema)> {
    let mut sorted: Vec<&Signature> = overloads.iter().collect();
    sorted.sort_by_key(|signature| signature.params.len());
    let mut groups: Vec<(Vec<ParamDescription>, Schema)> = Vec::new();
    for signature in sorted {
        let params = &signature.params;
        let group = groups.iter_mut().find(|(known, result)| {
            let mut places = known.iter().zip(params);
            *result == signature.result && places.all(|(one, other)| one.schema == other.schema)
        });
        match group {
            Some((known, _)) => {
                let more = params.iter().skip(known.len()).cloned().map(|mut param| {
                    param.optional = true;
                    param
                });
                known.extend(more);
            }
            None => groups.push((params.clone(), signature.result.clone())),
        }
    }
    groups
}

/// The parameters in the normal form: only the last can take the rest, and only parameters at the end are
/// optional.
pub(super) fn tidy(params: &[ParamDescription], help: &str) -> Vec<ParamDescription> {
    let rest = params.iter().position(|param| param.rest);
    let mut tidy: Vec<_> = params.to_vec();
    if let Some(rest) = rest {
        tidy.truncate(rest + 1);
    }
    help_names::rename(&mut tidy, help);
    let mut required_follows = false;
    for param in tidy.iter_mut().rev() {
        param.schema = normal(&param.schema);
        if param.rest {
            param.schema = match &param.schema {
                Schema::Array(_) => param.schema.clone(),
                _ => Schema::Array(Box::new(Schema::Any)),
            };
            continue;
        }
        required_follows |= !param.optional;
        param.optional &= !required_follows;
    }
    tidy
}

/// The members of the only parameter, if it is a struct of which our own servers say that it stands for the
/// parameters.
fn named(params: &[ParamDescription]) -> Option<Vec<ParamDescription>> {
    let [param] = params else { return None };
    let schema = normal(&param.schema);
    let Schema::Struct(members) = schema else {
        return None;
    };
    let fits = |name: &str| !name.is_empty() && !name.chars().any(char::is_control);
    let usable = members.len() <= MAX_NAMED && members.iter().all(|member| fits(&member.name));
    if param.name != "params" || param.rest || !usable {
        return None;
    }
    let members = members.into_iter().map(|member| {
        let mut param = ParamDescription::new(member.name, member.schema);
        param.optional = member.optional;
        param
    });
    Some(members.collect())
}
