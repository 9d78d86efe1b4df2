//! Compares a server with the traits of a file.

use std::{collections::HashMap, fmt};

use xmlrpc_core::schema::{MethodDescription, ParamDescription, Schema, is_standard_method};

use super::{
    Description, Report,
    compare::{Sender, misfit},
    names, plan,
    source::{self, SourceMethod},
};

/// Compares a server with the annotated traits of a Rust file, also with traits that nobody generated.
///
/// A difference is a method that only one side has, another number of parameters, or another type. It is
/// breaking if calls of the trait can fail. What the server does not describe, or this function cannot read,
/// is not compared: the notes say so. The same holds for methods that a trait cannot have because of their
/// names. Types are compared as far as both sides tell them: an array of unknown elements fits each `Vec`.
///
/// # Errors
///
/// If the text is not Rust, or contains no trait with `#[xmlrpc_service]`.
///
/// ```
/// use xmlrpc_cli::codegen::{Description, check};
///
/// let server = r#"[{ "name": "add", "result": { "type": "int" },
///     "params": [{ "name": "a", "schema": { "type": "string" } }] }]"#;
/// let server = Description::from_json(server).unwrap();
/// let report = check(&server, "
///     #[xmlrpc_service(client)]
///     trait Calc {
///         async fn add(&self, a: i64) -> i64;
///         async fn sub(&self) -> i64;
///     }
/// ").unwrap();
/// assert_eq!(
///     report.to_string(),
///     "breaking: add: parameter `a` is string on the server, and i8 in the trait (Calc::add)\n\
///      breaking: sub: the server does not have this method (Calc::sub)\n",
/// );
/// ```
pub fn check(server: &Description, source: &str) -> Result<Report, CheckError> {
    let source = source::read(source).map_err(|error| {
        let at = error.span().start();
        CheckError(format!(
            "this is not a Rust file: {error} (line {}, column {})",
            at.line,
            at.column + 1
        ))
    })?;
    if source.traits == 0 {
        return Err(CheckError(
            "the file does not contain a trait with `#[xmlrpc_service]`".to_owned(),
        ));
    }
    let mut report = Report::default();
    let mut known: HashMap<&str, bool> = HashMap::new();
    for method in &source.methods {
        match server.method(&method.name) {
            Some(described) => {
                known.insert(described.name.as_str(), true);
                compare(described, method, &mut report);
            }
            None => report.add(
                &method.name,
                true,
                format!("the server does not have this method ({})", method.path),
            ),
        }
    }
    for method in &server.methods {
        if !names::is_method_name(&method.name) {
            report.note(format!(
                "a trait cannot have the method \"{}\"; call it with `client().call(…)`",
                method.name.escape_debug()
            ));
            continue;
        }
        // A server can list an alias as a method of its own.
        let is_alias = || {
            method
                .aliases
                .iter()
                .any(|alias| known.contains_key(alias.as_str()))
        };
        if !known.contains_key(method.name.as_str())
            && !is_standard_method(&method.name)
            && !is_alias()
        {
            report.add_new(&method.name, "the traits do not have this method");
        }
    }
    if let Some(warning) = &server.warning {
        report.note(format!(
            "the description of the server is incomplete: {warning}"
        ));
    }
    for note in source.notes {
        report.note(note);
    }
    Ok(report.sorted())
}

/// Compares a method with all forms that the server describes. One of them must fit.
fn compare(server: &MethodDescription, method: &SourceMethod, report: &mut Report) {
    let groups = plan::groups(&server.overloads);
    let forms: Vec<(Option<Vec<ParamDescription>>, Schema)> = if groups.is_empty() {
        vec![(server.params.clone(), server.result.clone())]
    } else {
        let joined =
            is_joined(server, method).then(|| (server.params.clone(), server.result.clone()));
        let groups = groups.into_iter();
        groups
            .map(|(params, result)| (Some(params), result))
            .chain(joined)
            .collect()
    };
    let mut reasons = Vec::new();
    for (params, result) in forms {
        let mut found = Vec::new();
        if let Some(params) = &params {
            let params = plan::tidy(params, &server.help);
            compare_params(&params, &method.params, &mut found);
        }
        if let Some(reason) = misfit(&result, &method.result, Sender::Server, "the result") {
            found.push((reason, true));
        }
        if !found.iter().any(|(_, breaking)| *breaking) {
            reasons = found;
            break;
        }
        if reasons.is_empty() {
            reasons = found;
        }
    }
    for (reason, breaking) in reasons {
        report.add(
            &server.name,
            breaking,
            format!("{reason} ({})", method.path),
        );
    }
}

/// Whether a method stands for all signatures, as in a trait for both sides: where they differ, it has any value.
fn is_joined(server: &MethodDescription, method: &SourceMethod) -> bool {
    let fits = |all: &Schema, own: &Schema| *all != Schema::Any || own_type(own) == &Schema::Any;
    let params = server.params.as_deref().unwrap_or_default();
    let mut places = params.iter().zip(&method.params);
    params.len() == method.params.len()
        && places.all(|(all, own)| fits(&all.schema, &own.schema))
        && fits(&server.result, &method.result)
}

/// The type inside an `Option`.
fn own_type(schema: &Schema) -> &Schema {
    match schema {
        Schema::Optional(inner) => inner,
        schema => schema,
    }
}

fn compare_params(
    server: &[ParamDescription],
    rust: &[ParamDescription],
    found: &mut Vec<(String, bool)>,
) {
    let takes_rest = server.last().is_some_and(|param| param.rest);
    let sends_rest = rust.last().is_some_and(|param| param.rest);
    for (index, param) in server.iter().enumerate() {
        let name = &param.name;
        let Some(own) = rust.get(index) else {
            if sends_rest {
                break;
            }
            if param.optional || param.rest {
                found.push((
                    format!("the trait does not have the optional parameter `{name}`"),
                    false,
                ));
            } else {
                found.push((format!("the server requires the parameter `{name}`"), true));
            }
            continue;
        };
        // The trait sends any number of values from here.
        if own.rest {
            if !param.rest {
                let element = element(&own.schema);
                let reason = misfit(&param.schema, element, Sender::Caller, &place(own));
                found.extend(reason.map(|reason| (reason, true)));
            }
            break;
        }
        let schema = if param.rest {
            element(&param.schema)
        } else {
            &param.schema
        };
        // The macro cannot tell apart what may be nil and what may be left out.
        // Nothing in a struct without required members is required either.
        let may_be_nil = match &param.schema {
            Schema::Optional(_) => true,
            Schema::Struct(members) => members.iter().all(|member| member.optional),
            _ => false,
        };
        let is_sent = matches!(own.schema, Schema::Struct(_));
        if own.optional && !param.optional && !param.rest && !may_be_nil && !is_sent {
            found.push((
                format!("parameter `{}` is required on the server", own.name),
                true,
            ));
        }
        if !own.optional && param.optional {
            found.push((
                format!("parameter `{}` is optional on the server", own.name),
                false,
            ));
        }
        let reason = misfit(schema, &own.schema, Sender::Caller, &place(own));
        found.extend(reason.map(|reason| (reason, true)));
    }
    if !takes_rest {
        for param in rust.iter().skip(server.len()).filter(|param| !param.rest) {
            let text = format!("the server does not have the parameter `{}`", param.name);
            found.push((text, true));
        }
    }
}

fn place(param: &ParamDescription) -> String {
    format!("parameter `{}`", param.name)
}

fn element(schema: &Schema) -> &Schema {
    match schema {
        Schema::Array(element) => element,
        schema => schema,
    }
}

/// A file cannot be compared with a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckError(String);

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::names::printable(&self.0))
    }
}

impl std::error::Error for CheckError {}
