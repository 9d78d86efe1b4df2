//! `xmlrpc completion`

use clap::{Args, ValueEnum};
use clap_complete::env::Shells;

use crate::{failure::Failure, output};

const BASH: &str = include_str!("completion.bash");

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

/// Stands for the path of this command in the scripts. It needs no quotes in any shell.
const COMMAND: &str = "@COMMAND@";

impl CompletionArgs {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let path = command()?;
        let script = match self.shell {
            // The script of clap does not expect that bash splits URLs.
            Shell::Bash => BASH.replace(COMMAND, &quoted(&path)),
            Shell::Zsh => registration("zsh")?.replace(COMMAND, &quoted(&path)),
            Shell::Fish => registration("fish")?.replace(COMMAND, &quoted_twice(&path)),
        };
        output::print(&script)?;
        Ok(0)
    }
}

/// The path of this command. Another `xmlrpc` can be earlier in `PATH`, such as that of Debian.
fn command() -> Result<String, Failure> {
    let path = std::env::current_exe();
    let path =
        path.map_err(|error| Failure::usage(format!("cannot find this command: {error}")))?;
    path.into_os_string()
        .into_string()
        .map_err(|_| Failure::usage("the path of this command is not UTF-8"))
}

/// The text as one word of bash and zsh.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The text as one word of a command in a text in double quotes of fish, which reads both.
fn quoted_twice(text: &str) -> String {
    let word = text.replace('\\', "\\\\").replace('\'', "\\'");
    let word = word.replace('\\', "\\\\").replace('"', "\\\"");
    format!("'{}'", word.replace('$', "\\$"))
}

/// The script that registers the completion of clap, with [`COMMAND`] instead of a path: clap would also replace
/// words such as `BIN` in the path.
fn registration(shell: &str) -> Result<String, Failure> {
    let shells = Shells::builtins();
    let completer = shells
        .completer(shell)
        .ok_or_else(|| Failure::usage(format!("completion for {shell} is not supported")))?;
    let mut script = Vec::new();
    completer
        .write_registration("COMPLETE", "xmlrpc", "xmlrpc", COMMAND, &mut script)
        .map_err(|error| Failure::usage(error.to_string()))?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}
