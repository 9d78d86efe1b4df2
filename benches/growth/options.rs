//! The command line.

use std::path::PathBuf;

use crate::timing::Pace;

#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub(crate) struct Options {
    pub(crate) json: Option<PathBuf>,
    pub(crate) write_docs: bool,
    pub(crate) quick: bool,
    pub(crate) help: bool,
    /// Whether `cargo test` runs this, for the checks alone.
    pub(crate) is_test: bool,
    only: Vec<String>,
}

impl Options {
    /// Those that the process was started with.
    pub(crate) fn from_env() -> Result<Self, lexopt::Error> {
        use lexopt::prelude::*;

        let mut options = Self {
            is_test: true,
            ..Self::default()
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("json") => options.json = Some(parser.value()?.into()),
                Long("write-docs") => options.write_docs = true,
                Long("quick") => options.quick = true,
                Long("only") => options.only.push(parser.value()?.string()?),
                Long("help") | Short('h') => options.help = true,
                Long("bench") => options.is_test = false,
                other => return Err(other.unexpected()),
            }
        }
        if options.write_docs && (options.quick || !options.only.is_empty()) {
            return Err("--write-docs takes a whole run: no --quick or --only".into());
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| name.contains(&**only))
    }

    /// This one, or a quick one; none where no clock runs.
    pub(crate) fn pace(&self, full: Pace) -> Option<Pace> {
        let pace = if self.quick { Pace::QUICK } else { full };
        (!self.is_test).then_some(pace)
    }

    /// The bytes of a document and of its tenth; few where no clock runs.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        if self.is_test {
            (1_000, 10_000)
        } else {
            (100_000, 1_000_000)
        }
    }
}

pub(crate) fn print_help() {
    println!(
        "\
cargo bench -p xmlrpc-bench --bench growth [-- OPTIONS]

    --json FILE        writes the figures to FILE
    --write-docs       writes docs/growth.md
    --only TEXT        only documents whose names hold TEXT; may be repeated
    --quick            fewer and shorter rounds: for a look, not for figures"
    );
}
