//! The command line.

use std::{path::PathBuf, process};

use lexopt::prelude::*;

use super::{Outcome, timing::Pace};

/// What a benchmark accepts beside the options that all of them have.
pub(crate) struct Accepted {
    pub(crate) bench: &'static str,
    /// Options with a name, such as `only`; each may be repeated.
    pub(crate) filters: &'static [&'static str],
    /// Options without a value.
    pub(crate) flags: &'static [&'static str],
    /// What `--help` says about both.
    pub(crate) help: String,
}

#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) json: Option<PathBuf>,
    pub(crate) write_docs: bool,
    pub(crate) quick: bool,
    /// Whether `cargo test` runs the benchmark, only for its checks.
    pub(crate) is_test: bool,
    filters: Vec<(&'static str, String)>,
    flags: Vec<&'static str>,
}

const HELP: &str = "    --json FILE        writes the figures to FILE
    --write-docs       writes the page in docs/
    --quick            fewer and shorter rounds: for a first look, not for figures";

/// The help for a filter of contenders.
pub(crate) const ONLY_CONTENDERS: &str =
    "    --only TEXT        only contenders whose names contain TEXT; may be repeated";

impl Options {
    /// Parses the arguments of this process. `--help` ends it.
    pub(crate) fn parse(accepted: &Accepted) -> Outcome<Self> {
        let mut options = Self {
            is_test: true,
            ..Self::default()
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            let known = |names: &[&'static str]| match argument {
                Long(name) => names.iter().copied().find(|it| *it == name),
                _ => None,
            };
            if let Some(filter) = known(accepted.filters) {
                options.filters.push((filter, parser.value()?.string()?));
                continue;
            }
            if let Some(flag) = known(accepted.flags) {
                options.flags.push(flag);
                continue;
            }
            match argument {
                Long("json") => options.json = Some(parser.value()?.into()),
                Long("write-docs") => options.write_docs = true,
                Long("quick") => options.quick = true,
                // Cargo passes this one.
                Long("bench") => options.is_test = false,
                Long("help") | Short('h') => {
                    let (bench, help) = (accepted.bench, &accepted.help);
                    println!("cargo bench -p xmlrpc-bench --bench {bench} [-- OPTIONS]\n");
                    println!("{HELP}\n{help}");
                    process::exit(0);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        if options.write_docs && options.is_partial() {
            return Err("--write-docs needs a complete run, without --quick and filters".into());
        }
        Ok(options)
    }

    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// The values of a filter.
    pub(crate) fn values(&self, filter: &str) -> impl Iterator<Item = &str> {
        let mine = self.filters.iter().filter(move |(name, _)| *name == filter);
        mine.map(|(_, value)| &**value)
    }

    /// Whether a filter selects this name. `only` looks for a part of it, other filters for all of it.
    pub(crate) fn wants(&self, filter: &str, name: &str) -> bool {
        let is_meant = |value: &str| match filter {
            "only" => name.contains(value),
            _ => name == value,
        };
        self.values(filter).next().is_none() || self.values(filter).any(is_meant)
    }

    /// Whether figures are missing or inexact.
    pub(crate) fn is_partial(&self) -> bool {
        self.quick || !self.filters.is_empty()
    }

    /// The pace of a run; `cargo test` measures nothing.
    pub(crate) fn pace(&self, full: Pace, quick: Pace) -> Option<Pace> {
        let pace = if self.quick { quick } else { full };
        (!self.is_test).then_some(pace)
    }
}
