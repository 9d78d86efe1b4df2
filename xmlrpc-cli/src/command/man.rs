//! `xmlrpc man`

use std::{fs, path::PathBuf};

use clap::{Args, Command, CommandFactory, ValueHint};

use crate::{args::Cli, failure::Failure, output};

/// Writes the man pages into a folder.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  xmlrpc man ~/.local/share/man/man1 && man xmlrpc-call")]
pub(crate) struct ManArgs {
    /// The folder; it is created if it is missing.
    #[arg(value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

fn without_help(command: Command) -> Command {
    command
        .disable_help_subcommand(true)
        .mut_subcommands(without_help)
}

impl ManArgs {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let failed = |error: std::io::Error| Failure::file("write", &self.folder, &error);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        // Otherwise there would be a page for each `help` of each command.
        let mut command = without_help(Cli::command());
        command.build();
        clap_mangen::generate_to(command, &self.folder).map_err(failed)?;
        output::note("the pages are written; try `man xmlrpc`");
        Ok(0)
    }
}
