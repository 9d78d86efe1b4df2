//! The command line.

use std::path::PathBuf;

use crate::{contender, documents};

#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub(crate) struct Options {
    pub(crate) json: Option<PathBuf>,
    pub(crate) write_docs: bool,
    pub(crate) peers: bool,
    pub(crate) quick: bool,
    pub(crate) help: bool,
    /// Whether `cargo test` runs this: nobody reads figures that are not optimised.
    pub(crate) is_test: bool,
    pub(crate) documents: Vec<String>,
    pub(crate) contenders: Vec<String>,
}

impl Options {
    /// Those that the process was started with.
    pub(crate) fn from_env() -> Result<Self, lexopt::Error> {
        use lexopt::prelude::*;

        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_env();
        options.is_test = true;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("json") => options.json = Some(parser.value()?.into()),
                Long("write-docs") => options.write_docs = true,
                Long("peers") => options.peers = true,
                Long("quick") => options.quick = true,
                Long("document") => options.documents.push(parser.value()?.string()?),
                Long("contender") => options.contenders.push(parser.value()?.string()?),
                Long("help") | Short('h') => options.help = true,
                Long("bench") => options.is_test = false,
                other => return Err(other.unexpected()),
            }
        }
        if options.is_test && options.documents.is_empty() {
            options.quick = true;
            options.documents = ["tiny_call", "ints_1000"].map(str::to_owned).into();
        }
        options.validate()?;
        Ok(options)
    }

    fn validate(&self) -> Result<(), String> {
        known(
            "document",
            &self.documents,
            documents::ALL.iter().map(|(name, _)| *name),
        )?;
        known(
            "contender",
            &self.contenders,
            contender::ALL.iter().map(|(name, _)| *name),
        )?;
        let is_partial = self.quick || !self.documents.is_empty() || !self.contenders.is_empty();
        if self.write_docs && is_partial {
            return Err(
                "--write-docs takes a whole run: no --quick, --document or --contender".into(),
            );
        }
        Ok(())
    }

    pub(crate) fn wants_document(&self, name: &str) -> bool {
        self.documents.is_empty() || self.documents.iter().any(|wanted| wanted == name)
    }

    pub(crate) fn wants_contender(&self, name: &str) -> bool {
        self.contenders.is_empty() || self.contenders.iter().any(|wanted| wanted == name)
    }
}

fn known(
    kind: &str,
    names: &[String],
    mut all: impl Iterator<Item = &'static str> + Clone,
) -> Result<(), String> {
    match names
        .iter()
        .find(|name| all.clone().all(|known| known != name.as_str()))
    {
        None => Ok(()),
        Some(name) => {
            let first = all.next().unwrap_or_default();
            let all = all.fold(first.to_owned(), |all, name| all + ", " + name);
            Err(format!("there is no {kind} {name:?}; there are {all}"))
        }
    }
}

pub(crate) fn print_help() {
    println!(
        "\
cargo bench -p xmlrpc-bench --bench codec [-- OPTIONS]

    --json FILE        writes the figures to FILE
    --write-docs       writes docs/benchmarks.md and docs/benchmarks.svg
    --peers            times Python's xmlrpc.client and xmlrpc-c, too; needs python3, a C compiler
                       and libxmlrpc-core-c3-dev
    --document NAME    only this document; may be repeated
    --contender NAME   only this contender; may be repeated
    --quick            fewer and shorter rounds: for a look, not for figures

documents:"
    );
    for (name, _) in documents::ALL {
        println!("    {name}");
    }
    println!("\ncontenders:");
    for (name, what) in contender::ALL {
        println!("    {name:<17} {what}");
    }
}
