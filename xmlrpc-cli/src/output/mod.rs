//! What the command prints.

pub(crate) mod envelope;
mod table;
mod text;
pub(crate) mod xml;

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use xmlrpc_core::Value;

use crate::{
    escape,
    failure::Failure,
    json::{self, Style},
    paint::Paint,
};

pub(crate) use self::text::size;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: text, and tables for lists of similar structs.
    #[default]
    Text,
    /// JSON. Dates and base64 are strings; see --typed.
    Json,
    /// The response as XML, indented.
    Xml,
    /// The bytes of the response as the server sent them.
    Raw,
    /// A table.
    Table,
}

/// The options of what is printed.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// The format.
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: Format,
    /// Writes types that JSON lacks as {"$date": …}, {"$base64": …}, {"$i8": …}, so that the output can be
    /// an argument again. Implies --output json.
    #[arg(long)]
    pub(crate) typed: bool,
}

impl Output {
    /// The format that the options mean.
    pub(crate) fn format(self) -> Format {
        match self.output {
            Format::Text if self.typed => Format::Json,
            format => format,
        }
    }

    /// Whether the output is JSON.
    pub(crate) fn is_json(self) -> bool {
        self.format() == Format::Json
    }

    pub(crate) fn style(self) -> Style {
        Style {
            typed: self.typed,
            compact: false,
            paint: Paint::stdout(),
        }
    }

    /// The value in a format for values: all but `xml` and `raw`.
    pub(crate) fn render(self, value: &Value) -> String {
        match self.format() {
            Format::Json => json::write(value, self.style()) + "\n",
            Format::Table => table::forced(value, Paint::stdout(), width()),
            _ => text::write(value, Paint::stdout(), width()),
        }
    }
}

/// The width of the terminal; `None` if standard output is not one.
fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Prints to standard output. A closed pipe is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    written(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Prints bytes unchanged, unless standard output is a terminal.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    if stdout.is_terminal() {
        let text = escape::text(&String::from_utf8_lossy(bytes));
        let end = if text.ends_with('\n') { "" } else { "\n" };
        return written(write!(stdout, "{text}{end}").and_then(|()| stdout.flush()));
    }
    written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::usage(format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line to standard error, for people.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
