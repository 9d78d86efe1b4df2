//! The command `xmlrpc`.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

mod args;
mod argument;
mod cache;
mod command;
mod complete;
mod config;
mod connect;
mod connection;
mod escape;
mod failure;
mod generate;
mod json;
mod leading;
mod output;
mod paint;
mod progress;
mod prompt;
mod sampled;
mod secret;
mod server;
mod show;
mod signature;
mod wire;
mod xmlrpc_c;
mod zone;

use crate::{
    args::{Cli, Command},
    failure::Failure,
    paint::{Ink, Paint},
};

fn main() -> ExitCode {
    // Ends the process if a shell asks for candidates.
    clap_complete::CompleteEnv::with_factory(Cli::command).complete();
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            let head = match failure.code {
                // It says `fault` itself.
                failure::FAULT => String::new(),
                _ => format!("{} ", Paint::stderr().text(Ink::Bad, "error:")),
            };
            output::note(&format!("{head}{}", escape::text(&failure.message)));
            ExitCode::from(failure.code)
        }
    }
}

fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Completion(args) => return args.run(),
        Command::Man(args) => return args.run(),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("cannot start: {error}")))?;
    let result = runtime.block_on(async {
        match command {
            Command::Call(args) => args.run().await,
            Command::List(args) => args.run().await,
            Command::Describe(args) => args.run().await,
            Command::Multicall(args) => args.run().await,
            Command::Ping(args) => args.run().await,
            Command::Explore(args) => args.run().await,
            Command::Serve(args) => args.run().await,
            Command::Gen(args) => args.run().await,
            Command::Completion(_) | Command::Man(_) => Ok(0),
        }
    });
    // Without waiting for a name that is still being looked up.
    runtime.shutdown_background();
    result
}
