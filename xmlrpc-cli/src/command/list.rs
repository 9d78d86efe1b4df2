//! `xmlrpc list`

use std::fmt::Write as _;

use clap::Args;
use clap_complete::ArgValueCompleter;
use xmlrpc_core::Value;

use crate::{
    cache, complete,
    connection::Connection,
    escape,
    failure::Failure,
    output::{self, Format, Output, xml},
    progress::Bar,
    server::listed,
};

/// More names are not shown.
const MAX_NAMES: usize = 100_000;
/// More of a name is not shown.
const MAX_NAME: usize = 1_024;

/// What to do if a server does not list its methods.
pub(crate) const NO_LIST: &str = "`xmlrpc call URL METHOD ARG…` calls the methods that you know";

const EXAMPLES: &str = "\
Examples:
  xmlrpc list http://localhost:8000
  xmlrpc list @seedbox d.
  xmlrpc list unix:///run/supervisor.sock supervisor. --output json";

/// Lists the methods of a server.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ListArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// Only methods whose names begin with this.
    #[arg(default_value = "", hide_default_value = true, add = ArgValueCompleter::new(complete::methods))]
    prefix: String,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl ListArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let server = self.connection.connect(&self.server)?;
        let bar = Bar::new();
        let call = server.client.call::<Vec<Value>>("system.listMethods", ());
        let result = call.idempotent().progress(bar.report()).await;
        bar.finish();
        let list = result.map_err(|error| Failure::of_list(&error, NO_LIST))?;
        let (mut names, others) = listed(list);
        if others > 0 {
            output::note(&format!(
                "warning: {others} entries of the list are not names, and are left out"
            ));
        }
        cache::store(&server.name, &names);
        names.retain(|name| name.starts_with(&self.prefix));
        if names.len() > MAX_NAMES {
            output::note(&format!(
                "warning: only the first {MAX_NAMES} of {} names are shown",
                names.len()
            ));
            names.truncate(MAX_NAMES);
        }
        match (self.output.format(), server.client.transport().last()) {
            (Format::Raw, Some(exchange)) => output::print_bytes(&exchange.body)?,
            (Format::Xml, Some(exchange)) => {
                output::print(&xml::indented(&String::from_utf8_lossy(&exchange.body)))?;
            }
            (Format::Json, _) => {
                let names: Value = names.into_iter().map(Value::String).collect();
                output::print(&self.output.render(&names))?;
            }
            _ => {
                let mut text = String::new();
                for name in &names {
                    let _ = writeln!(text, "{}", escape::short(name, MAX_NAME));
                }
                output::print(&text)?;
            }
        }
        Ok(0)
    }
}
