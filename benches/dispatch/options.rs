//! The command line.

use std::path::PathBuf;

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

    pub(crate) fn wants(&self, contender: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| contender.contains(&**only))
    }
}

/// Of the benchmark of a name, which is that of its page as well.
pub(crate) fn print_help(bench: &str) {
    println!(
        "\
cargo bench -p xmlrpc-bench --bench {bench} [-- OPTIONS]

    --json FILE        writes the figures to FILE
    --write-docs       writes docs/{bench}.md
    --only TEXT        only contenders whose names hold TEXT; may be repeated
    --quick            fewer and shorter rounds: for a look, not for figures"
    );
}
