//! The command line.

use clap::{Parser, Subcommand};

use crate::command::{
    call::CallArgs, completion::CompletionArgs, describe::DescribeArgs, explore::ExploreArgs,
    list::ListArgs, man::ManArgs, multicall::MulticallArgs, ping::PingArgs, serve::ServeArgs,
};
use crate::generate::Gen;

const EXAMPLES: &str = "\
Examples:
  xmlrpc list http://localhost:8000
  xmlrpc describe http://localhost:8000 pow
  xmlrpc call http://localhost:8000 pow 2 9
  xmlrpc explore scgi+unix:///run/rtorrent.sock

Servers:
  http://host:8000/path, https://…       HTTP; without a path, /RPC2
  unix:///run/supervisor.sock            HTTP through a unix socket
  scgi://host:5000, scgi:///run/x.sock   SCGI
  @name                                  a server of ~/.config/xmlrpc/config.toml

Exit codes:
  0  a value
  1  a fault; differences
  2  wrong usage; a local file cannot be read or written
  3  the server cannot be reached, or does not respond
  4  the response cannot be read";

const CONFIGURATION: &str = "\
Configuration, in ~/.config/xmlrpc/config.toml:
  [servers.seedbox]
  url = \"scgi+unix:///run/rtorrent.sock\"
  params = [\"\"]                              # before those of each call

  [servers.blog]
  url = \"https://blog.example/xmlrpc.php\"
  headers = { X-Tenant = \"7\" }
  user = \"ada\"
  password-command = \"pass show blog\"

Environment:
  XMLRPC_CONFIG    another configuration file
  XMLRPC_USER      the user, unless the options, the configuration or the URL name one
  XMLRPC_PASSWORD  the password
  NO_COLOR         no colours";

/// Calls, lists, describes and explores any XML-RPC server, and generates its Rust trait.
#[derive(Debug, Parser)]
#[command(
    name = "xmlrpc",
    version,
    after_help = EXAMPLES,
    after_long_help = const_format(),
    propagate_version = true,
    max_term_width = 100,
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The long text after the help.
fn const_format() -> String {
    format!("{EXAMPLES}\n\n{CONFIGURATION}")
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Call(CallArgs),
    List(ListArgs),
    Describe(DescribeArgs),
    Multicall(MulticallArgs),
    Ping(PingArgs),
    Explore(ExploreArgs),
    Serve(ServeArgs),
    Gen(Gen),
    Completion(CompletionArgs),
    Man(ManArgs),
}
