//! `xmlrpc call`

use std::path::PathBuf;

use clap::{Args, ValueHint};
use clap_complete::ArgValueCompleter;
use xmlrpc_core::{ClientError, Value, client::ClientErrorKind};

use super::save::save;
use crate::{
    argument::{self, Argument, read_params},
    complete,
    connection::Connection,
    failure::{self, Failure},
    output::{self, Format, Output, envelope, xml},
    progress::Bar,
    server::Server,
    xmlrpc_c,
};

const EXAMPLES: &str = "\
Arguments:
  5, 5.0, true, null, '[1, \"a\"]', '{\"a\": 1}'   what looks like JSON is JSON
  hello                                        anything else is text
  date:2026-11-27T10:00:00                     a dateTime.iso8601
  base64:SGVsbG8=, base64:@FILE                bytes, or the contents of a file
  i8:5, nil:, text:5, json:5                   an i8, nil, text, JSON
If the server has signatures, they decide: a method that expects text gets `5` as text.

Examples:
  xmlrpc call http://localhost:8000 pow 2 9
  xmlrpc call @seedbox download_list
  xmlrpc call http://localhost:9001 supervisor.getAllProcessInfo --output table
  xmlrpc call https://blog.example/xmlrpc.php wp.getPosts 1 ada text:secret '{\"number\": 5}'
  echo '[2, 9]' | xmlrpc call http://localhost:8000 pow --params -";

/// Calls a method and prints its result.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CallArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// The method.
    #[arg(add = ArgValueCompleter::new(complete::methods))]
    method: String,
    /// The arguments. After `--`, they can begin with `-`.
    #[arg(allow_negative_numbers = true, value_name = "ARG")]
    arguments: Vec<String>,
    /// Takes all arguments from a file with a JSON array; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["arguments", "xmlrpc_c"], value_hint = ValueHint::FilePath)]
    params: Option<PathBuf>,
    /// Takes the arguments in the notation of xmlrpc-c's command: i/5, I/5, d/1.5, b/true, s/text, h/00ff, n/.
    #[arg(long)]
    xmlrpc_c: bool,
    /// Does not ask the server for signatures.
    #[arg(long)]
    no_signatures: bool,
    /// Prints status, headers, times and the value or the fault as one JSON document.
    #[arg(long, conflicts_with = "save")]
    envelope: bool,
    /// Writes base64 to a file instead of printing it; `-` is standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "output", value_hint = ValueHint::FilePath)]
    save: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl CallArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let is_stdin =
            |file: &Option<PathBuf>| file.as_ref().is_some_and(|it| it.as_os_str() == "-");
        if is_stdin(&self.params) && is_stdin(&self.connection.password_file) {
            return Err(Failure::usage(
                "--params and --password-file cannot both read standard input; use a file for one of them",
            ));
        }
        if self.envelope && !matches!(self.output.output, Format::Text | Format::Json) {
            return Err(Failure::usage(
                "--envelope prints JSON; leave out --output, or write --output json",
            ));
        }
        let arguments = self.read()?;
        let server = self.connection.connect(&self.server)?;
        let params = if self.no_signatures || self.xmlrpc_c {
            argument::values(&self.method, arguments, &[])?
        } else {
            match server.values(&self.method, arguments).await {
                Ok(params) => params,
                Err(failure) if failure.code == failure::TRANSPORT && self.envelope => {
                    // The call fails in the same way, and then has its envelope.
                    argument::values(&self.method, self.read()?, &[])?
                }
                Err(failure) => return Err(failure),
            }
        };
        let bar = Bar::new();
        let call = server.call(&self.method, &params).progress(bar.report());
        let result = call.await;
        bar.finish();
        self.print(&server, result)
    }

    fn read(&self) -> Result<Vec<Argument>, Failure> {
        if let Some(file) = &self.params {
            return read_params(file);
        }
        let read = if self.xmlrpc_c {
            xmlrpc_c::read
        } else {
            Argument::read
        };
        self.arguments.iter().map(|text| read(text)).collect()
    }

    fn print(&self, server: &Server, result: Result<Value, ClientError>) -> Result<u8, Failure> {
        let exchange = server.client.transport().last();
        if self.envelope {
            let style = self.output.style();
            let document =
                envelope::write(&self.method, &server.url, exchange.as_ref(), &result, style);
            output::print(&document)?;
            return Ok(result.map_or_else(|error| Failure::from(error).code, |_| 0));
        }
        match (self.output.format(), exchange) {
            // Faults, and whatever else the server has sent.
            (Format::Raw, Some(exchange)) => output::print_bytes(&exchange.body)?,
            (Format::Xml, Some(exchange)) if is_readable(&result) => {
                output::print(&xml::indented(&String::from_utf8_lossy(&exchange.body)))?;
            }
            _ => {
                let value = result?;
                match &self.save {
                    Some(file) => save(&value, file, self.output)?,
                    None => output::print(&self.output.render(&value))?,
                }
                return Ok(0);
            }
        }
        result?;
        Ok(0)
    }
}

/// Whether the response is XML-RPC.
fn is_readable(result: &Result<Value, ClientError>) -> bool {
    result
        .as_ref()
        .err()
        .is_none_or(|error| error.kind() == ClientErrorKind::Fault)
}
