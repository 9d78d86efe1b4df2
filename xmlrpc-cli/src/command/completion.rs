//! `xmlrpc completion`

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::env::Shells;

use crate::{args::Cli, failure::Failure, output};

const EXAMPLES: &str = "\
Completion knows commands, options, the servers of the configuration, and the methods of a server.

  bash   echo 'source <(xmlrpc completion bash)' >> ~/.bashrc
  zsh    echo 'source <(xmlrpc completion zsh)' >> ~/.zshrc
  fish   xmlrpc completion fish > ~/.config/fish/completions/xmlrpc.fish";

/// Prints a script that completes this command in a shell.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl CompletionArgs {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let name = match self.shell {
            Shell::Bash => "bash",
            Shell::Zsh => "zsh",
            Shell::Fish => "fish",
        };
        let shells = Shells::builtins();
        let completer = shells
            .completer(name)
            .ok_or_else(|| Failure::usage(format!("there is no completion for {name}")))?;
        let command = Cli::command();
        let mut script = Vec::new();
        // The command is found in PATH, so that an update needs no new script.
        completer
            .write_registration(
                "COMPLETE",
                command.get_name(),
                "xmlrpc",
                "xmlrpc",
                &mut script,
            )
            .map_err(|error| Failure::usage(error.to_string()))?;
        output::print(&String::from_utf8_lossy(&script))?;
        Ok(0)
    }
}
