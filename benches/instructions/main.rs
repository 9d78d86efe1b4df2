//! How many instructions the hot paths take, under callgrind: the same on a busy machine as on an
//! idle one. `benches/README.md` says how it is used.

#[allow(dead_code, reason = "the other benchmark needs more of it")]
#[path = "../codec/data.rs"]
mod data;
#[allow(dead_code, reason = "the other benchmark needs more of it")]
#[path = "../codec/document.rs"]
mod document;
#[allow(dead_code, reason = "the other benchmark needs more of it")]
#[path = "../codec/envelope.rs"]
mod envelope;
#[path = "../codec/xml.rs"]
mod xml;

mod baseline;
mod callgrind;
mod paths;

use std::process::ExitCode;

use baseline::Baseline;

/// How much more than the baseline a path may take.
const TOLERANCE: f64 = 0.02;

const HELP: &str = "\
cargo bench -p xmlrpc-bench --bench instructions [-- OPTIONS]

    --save         writes the counts to the baseline, benches/instructions.txt
    --only TEXT    only the paths whose names hold TEXT; for a look, does not fail

Without options, compares with the baseline, and fails where a path takes more than 2 % more.
Needs valgrind.";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Options {
    save: bool,
    only: Option<String>,
    /// What this program says to itself, within callgrind.
    path: Option<String>,
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    use lexopt::prelude::*;

    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("save") => options.save = true,
            Long("only") => options.only = Some(parser.value()?.string()?),
            Long("path") => options.path = Some(parser.value()?.string()?),
            Long("bench") => {}
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

fn run() -> Result<ExitCode, String> {
    let Some(options) = options().map_err(|error| error.to_string())? else {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(path) = options.path {
        return paths::run(&path).map(|()| ExitCode::SUCCESS);
    }
    let wanted = |name: &str| {
        let only = options.only.as_deref();
        only.is_none_or(|only| name.contains(only))
    };
    let mut counts = Vec::new();
    for (name, _) in paths::ALL.iter().filter(|(name, _)| wanted(name)) {
        counts.push((*name, callgrind::count(name)?));
    }
    let measured = Baseline::new(counts)?;
    if options.save {
        measured.save()?;
        return Ok(ExitCode::SUCCESS);
    }
    let is_good = measured.compare(&Baseline::load()?, TOLERANCE);
    Ok(if is_good || options.only.is_some() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
