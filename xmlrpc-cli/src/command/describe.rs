//! `xmlrpc describe`

use std::{collections::HashSet, fmt::Write as _, time::Duration};

use clap::Args;
use clap_complete::ArgValueCompleter;
use xmlrpc_core::{
    client::Introspection,
    schema::{MethodDescription, ParamDescription, Schema},
};

use crate::{
    cache,
    command::list::NO_LIST,
    complete,
    connection::Connection,
    escape,
    failure::{FAULT, Failure},
    json,
    output::{self, Output},
    paint::{Ink, Paint},
};

/// How long the server may take, unless --timeout says otherwise.
const DESCRIBING: Duration = Duration::from_secs(30);
/// More methods are not described.
const MAX_METHODS: usize = 10_000;
/// More of a line is not shown.
const MAX_LINE: usize = 4_096;
/// More signatures of a method are not shown.
const MAX_SIGNATURES: usize = 64;
/// More members inside each other are not shown.
const MAX_DEPTH: usize = 16;

const EXAMPLES: &str = "\
Examples:
  xmlrpc describe http://localhost:8000
  xmlrpc describe http://localhost:8000 pow add
  xmlrpc describe @seedbox --output json > rtorrent.json";

/// Shows signatures, help and members of methods.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DescribeArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// The methods; all of them by default.
    #[arg(value_name = "METHOD", add = ArgValueCompleter::new(complete::methods))]
    methods: Vec<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl DescribeArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let server = self.connection.connect(&self.server)?;
        let mut asking = server
            .client
            .introspect()
            .max_methods(MAX_METHODS)
            .timeout(server.timeout.unwrap_or(DESCRIBING));
        if !self.methods.is_empty() {
            // Some servers do not list all of their methods.
            asking = asking.only(self.methods.iter().cloned()).unlisted(true);
        }
        let found = asking.await;
        let found = found.map_err(|error| Failure::of_list(&error, NO_LIST))?;
        if self.methods.is_empty() {
            let names: Vec<_> = found
                .methods
                .iter()
                .map(|method| method.name.clone())
                .collect();
            cache::store(&server.name, &names);
        }
        if let Some(warning) = &found.warning {
            output::note(&format!("warning: {}", escape::line(warning)));
        }
        let text = if self.output.is_json() {
            let json = serde_json::to_string_pretty(&found.methods);
            json::safe(&json.map_err(|error| Failure::response(error.to_string()))?) + "\n"
        } else {
            let methods = found
                .methods
                .iter()
                .map(|method| text(method, Paint::stdout()));
            methods.collect::<Vec<_>>().join("\n")
        };
        output::print(&text)?;
        self.missing(&found)
    }

    /// An error if a method is not there.
    fn missing(&self, found: &Introspection) -> Result<u8, Failure> {
        let known: HashSet<_> = found
            .methods
            .iter()
            .map(|method| method.name.as_str())
            .collect();
        let missing = self
            .methods
            .iter()
            .filter(|name| !known.contains(name.as_str()));
        let missing: Vec<_> = missing.map(|name| format!("`{name}`")).collect();
        if missing.is_empty() {
            return Ok(0);
        }
        Err(Failure {
            code: FAULT,
            message: format!(
                "the server does not list {}; see `xmlrpc list`",
                missing.join(", ")
            ),
        })
    }
}

/// The method for people.
fn text(method: &MethodDescription, paint: Paint) -> String {
    let mut out = String::new();
    let name = escape::short(&method.name, 1_024);
    let mut heads: Vec<String> = Vec::new();
    for (params, result) in &forms(method) {
        let head = head(*params, result);
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    for head in &heads {
        let _ = writeln!(
            out,
            "{}{}",
            paint.text(Ink::Name, &name),
            escape::short(head, MAX_LINE)
        );
    }
    let mut line = |text: &str| {
        let _ = match text {
            "" => writeln!(out),
            text => writeln!(out, "    {}", escape::short(text, MAX_LINE)),
        };
    };
    if !method.aliases.is_empty() {
        line(&format!("Other names: {}", method.aliases.join(", ")));
    }
    if let Some(note) = &method.deprecated {
        line(&format!("Deprecated. {note}"));
    }
    for text in method.help.trim_end().lines() {
        line(text.trim_end());
    }
    let mut members = Vec::new();
    let mut seen: Vec<(&str, &Schema)> = Vec::new();
    for (params, result) in forms(method) {
        let params = params.into_iter().flatten();
        let places = params.map(|param| (param.name.as_str(), &param.schema));
        for place in places.chain([("result", result)]) {
            if !seen.contains(&place) {
                seen.push(place);
                list(&mut members, place.0, place.1, 0);
            }
        }
    }
    if !members.is_empty() {
        line("");
        for text in &members {
            line(text);
        }
    }
    if !method.faults.is_empty() {
        line("");
        line("Faults:");
        for fault in &method.faults {
            line(&format!("  {} {}", fault.code, fault.message));
        }
    }
    out
}

/// The parameters and the results of a method: each signature if there are several.
fn forms(method: &MethodDescription) -> Vec<(Option<&[ParamDescription]>, &Schema)> {
    if method.overloads.is_empty() {
        return vec![(method.params.as_deref(), &method.result)];
    }
    let overloads = method.overloads.iter().take(MAX_SIGNATURES);
    overloads
        .map(|it| (Some(&*it.params), &it.result))
        .collect()
}

/// The parameters and the result of a signature.
fn head(params: Option<&[ParamDescription]>, result: &Schema) -> String {
    let params = match params {
        None => "…".to_owned(),
        Some(params) => {
            let params = params.iter().map(|param| {
                let mark = match (param.rest, param.optional) {
                    (true, _) => "…",
                    (_, true) => "?",
                    _ => "",
                };
                format!(
                    "{}{mark}: {}",
                    escape::short(&param.name, 256),
                    kind(&param.schema)
                )
            });
            params.collect::<Vec<_>>().join(", ")
        }
    };
    format!("({params}): {}", kind(result))
}

/// The type in a few words.
fn kind(schema: &Schema) -> String {
    match schema {
        Schema::Struct(_) => "struct".to_owned(),
        Schema::Array(element) if !matches!(**element, Schema::Any) => {
            format!("array of {}", kind(element))
        }
        Schema::Tuple(_) => "array".to_owned(),
        Schema::Map(value) if !matches!(**value, Schema::Any) => {
            format!("struct of {}", kind(value))
        }
        Schema::Optional(inner) => format!("{} or nil", kind(inner)),
        Schema::Any => "any".to_owned(),
        other => format!("{other:#}"),
    }
}

/// The members of the structs in a type, one on each line.
fn list(lines: &mut Vec<String>, name: &str, schema: &Schema, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match schema {
        Schema::Struct(members) => {
            lines.push(format!("{}{name}:", "  ".repeat(depth)));
            for member in members {
                let mark = if member.optional { "?" } else { "" };
                lines.push(format!(
                    "{}{}{mark}: {}",
                    "  ".repeat(depth + 1),
                    member.name,
                    kind(&member.schema)
                ));
                inner(lines, &member.schema, depth + 2);
            }
        }
        Schema::Array(inner) | Schema::Map(inner) | Schema::Optional(inner) => {
            list(lines, name, inner, depth);
        }
        _ => {}
    }
}

/// The members below those of another struct.
fn inner(lines: &mut Vec<String>, schema: &Schema, depth: usize) {
    let before = lines.len();
    list(lines, "", schema, depth.saturating_sub(1));
    // The member above has said the name.
    if lines.len() > before {
        lines.remove(before);
    }
}
