//! `xmlrpc multicall`

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use clap::{Args, ValueHint};
use clap_complete::ArgValueCompleter;
use xmlrpc_core::{Client, ClientError, Fault, Value};

use crate::{
    argument::{self, Argument, read_text},
    complete,
    connection::Connection,
    escape,
    failure::{Failure, client_text, fault_text, kind_name},
    json,
    output::{self, Format, Output, xml},
    paint::{Ink, Paint},
    progress::Bar,
    server::Server,
    signature::Signature,
    wire::{Unseen, Wire},
};

/// More of a call is not repeated in the output.
const MAX_LINE: usize = 200;

const EXAMPLES: &str = "\
The file has one call on each line, with quotes as in a shell:
  pow 2 9
  # a comment
  system.methodHelp pow
Lines that begin with { are JSON: {\"method\": \"pow\", \"params\": [2, 9]}. A file that begins with [ is
a JSON array of such objects.

Examples:
  xmlrpc multicall http://localhost:8000 calls.txt
  printf 'pow 2 9\\npow 2 10\\n' | xmlrpc multicall http://localhost:8000 --output json";

/// Sends many calls in one request. Prints the results in order, each with its own fault.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MulticallArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// The file with the calls; `-` is standard input.
    #[arg(default_value = "-", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Does not ask the server for signatures.
    #[arg(long)]
    no_signatures: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// A call of the file.
struct Entry {
    method: String,
    arguments: Vec<Argument>,
    /// As people read it.
    shown: String,
}

impl MulticallArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let entries = read(&read_text(&self.file)?)?;
        let server = self.connection.connect(&self.server)?;
        let signatures = if self.no_signatures {
            BTreeMap::new()
        } else {
            signatures(&server, &entries).await?
        };
        let mut calls: Vec<(String, Vec<Value>)> = Vec::with_capacity(entries.len());
        let mut shown = Vec::with_capacity(entries.len());
        for (index, entry) in entries.into_iter().enumerate() {
            let signatures = signatures.get(&entry.method).map_or(&[][..], Vec::as_slice);
            let params = argument::values(&entry.method, entry.arguments, signatures);
            let params = params.map_err(|failure| {
                Failure::usage(format!("call {}: {}", index + 1, failure.message))
            })?;
            calls.push((entry.method, params));
            shown.push(entry.shown);
        }
        if calls.is_empty() {
            return Err(Failure::usage(
                "there are no calls; see `xmlrpc multicall --help`",
            ));
        }
        let bar = Bar::new();
        let send = |client: &Client<Wire>| {
            let calls = calls.iter();
            let calls: Vec<_> = calls
                .map(|(method, params)| client.call::<Value>(method, params))
                .collect();
            let multicall = client.multicall(calls).progress(bar.report());
            if server.repeats {
                multicall.idempotent()
            } else {
                multicall
            }
        };
        let results = match send(&server.client).await {
            Err(error) if lacks_multicall(&server, &error).await => {
                send(&server.client.clone().system_multicall(false)).await
            }
            results => results,
        };
        bar.finish();
        self.print(&server, &shown, &results?)
    }

    fn print(
        &self,
        server: &Server,
        shown: &[String],
        results: &[Result<Value, ClientError>],
    ) -> Result<u8, Failure> {
        match (self.output.format(), server.client.transport().last()) {
            (Format::Raw, Some(exchange)) => output::print_bytes(&exchange.body)?,
            (Format::Xml, Some(exchange)) => {
                output::print(&xml::indented(&String::from_utf8_lossy(&exchange.body)))?;
            }
            (Format::Json, _) => output::print(&self.json(results))?,
            _ => output::print(&self.text(shown, results))?,
        }
        // The highest exit code of those that are not values.
        let failed = results.iter().filter_map(|result| result.as_ref().err());
        Ok(failed
            .map(|error| Failure::from(error).code)
            .max()
            .unwrap_or(0))
    }

    fn text(&self, shown: &[String], results: &[Result<Value, ClientError>]) -> String {
        let paint = Paint::stdout();
        let mut out = String::new();
        for (shown, result) in shown.iter().zip(results) {
            let _ = writeln!(
                out,
                "{}",
                paint.text(Ink::Name, &escape::short(shown, MAX_LINE))
            );
            let (text, ink) = match result {
                Ok(value) => (self.output.render(value), None),
                Err(error) => match error.fault() {
                    Some(fault) => (escape::text(&fault_text(fault)), Some(Ink::Bad)),
                    None => (escape::text(&client_text(error)), Some(Ink::Bad)),
                },
            };
            for line in text.lines() {
                let line = ink.map_or(line.into(), |ink| paint.text(ink, line));
                let _ = writeln!(out, "  {line}");
            }
        }
        out
    }

    fn json(&self, results: &[Result<Value, ClientError>]) -> String {
        let entries = results.iter().map(|result| match result {
            Ok(value) => {
                let value = json::write(value, self.output.style()).replace('\n', "\n  ");
                format!("  {{\"value\": {value}}}")
            }
            Err(error) => match error.fault() {
                Some(fault) => format!(
                    "  {{\"fault\": {{\"code\": {}, \"message\": {}}}}}",
                    fault.code(),
                    json::string(fault.message())
                ),
                None => format!(
                    "  {{\"error\": {{\"kind\": {}, \"message\": {}}}}}",
                    json::string(kind_name(error.kind())),
                    json::string(&client_text(error))
                ),
            },
        });
        format!("[\n{}\n]\n", entries.collect::<Vec<_>>().join(",\n"))
    }
}

/// Whether a server rejects multicalls without looking at their calls: one without calls gets the same fault.
/// Then no call has run. Servers have many codes and texts for methods that they do not have.
async fn lacks_multicall(server: &Server, error: &ClientError) -> bool {
    let Some(fault) = error.fault() else {
        return false;
    };
    let none: &[Value] = &[];
    let probe = server
        .client
        .call::<Value>("system.multicall", (none,))
        .extension(Unseen);
    let answer = probe.idempotent().await;
    answer.is_err_and(|other| {
        let same = |it: &Fault| it.code() == fault.code() && it.message() == fault.message();
        other.fault().is_some_and(same)
    })
}

/// The signatures of all methods that have arguments, asked for one after the other.
async fn signatures(
    server: &Server,
    entries: &[Entry],
) -> Result<BTreeMap<String, Vec<Signature>>, Failure> {
    let mut found = BTreeMap::new();
    let with_arguments = entries.iter().filter(|entry| !entry.arguments.is_empty());
    let names: std::collections::BTreeSet<_> = with_arguments.map(|entry| &entry.method).collect();
    for name in names {
        found.insert(name.clone(), server.signatures(name).await?);
    }
    Ok(found)
}

/// The calls of a file.
fn read(text: &str) -> Result<Vec<Entry>, Failure> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('[') {
        let document =
            json::read(text).map_err(|error| Failure::usage(format!("invalid JSON: {error}")))?;
        let Value::Array(entries) = document else {
            return Err(Failure::usage("the document must be a JSON array of calls"));
        };
        let entries = entries.into_iter().enumerate();
        return entries
            .map(|(index, entry)| {
                object(entry).map_err(|what| Failure::usage(format!("call {}: {what}", index + 1)))
            })
            .collect();
    }
    let mut entries = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = if line.starts_with('{') {
            json::read(line).and_then(object)
        } else {
            words(line)
        };
        entries.push(read.map_err(|what| Failure::usage(format!("line {}: {what}", index + 1)))?);
    }
    Ok(entries)
}

/// `METHOD ARG…`
fn words(line: &str) -> Result<Entry, String> {
    let words = shlex::split(line).ok_or("a quote is not closed")?;
    let [method, arguments @ ..] = words.as_slice() else {
        return Err("the line has no method".into());
    };
    let arguments = arguments.iter().map(|text| Argument::read(text));
    let arguments = arguments
        .collect::<Result<_, _>>()
        .map_err(|failure| failure.message)?;
    Ok(Entry {
        method: method.clone(),
        arguments,
        shown: line.to_owned(),
    })
}

/// `{"method": …, "params": […]}`, or with `methodName` as in `system.multicall`.
fn object(value: Value) -> Result<Entry, String> {
    let expected = "expected {\"method\": \"name\", \"params\": [1, \"two\"]}";
    let Value::Struct(mut members) = value else {
        return Err(expected.into());
    };
    let method = members
        .remove("method")
        .or_else(|| members.remove("methodName"));
    let Some(Value::String(method)) = method else {
        return Err(expected.into());
    };
    let params = match members.remove("params") {
        None => Vec::new(),
        Some(Value::Array(params)) => params.into_iter().collect(),
        Some(_) => return Err("`params` must be an array".into()),
    };
    if let Some(name) = members.keys().next() {
        return Err(format!("unknown member `{name}`; {expected}"));
    }
    let style = json::Style::line();
    let mut shown = method.clone();
    for param in &params {
        shown.push(' ');
        shown.push_str(&json::write(param, style));
    }
    Ok(Entry {
        method,
        arguments: params.into_iter().map(Argument::Typed).collect(),
        shown,
    })
}
