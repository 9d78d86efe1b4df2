//! How many instructions the hot paths take under callgrind. A busy machine counts the same as an idle one.
//! `benches/README.md` describes its use.
//!
//! This program leaves out the harness: more code in it changes what the compiler inlines, and with it the counts.

#[path = "../documents/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod documents;

mod callgrind;
mod paths;

use std::{error::Error, fmt::Write, fs, process::ExitCode};

use lexopt::prelude::*;

/// How many more instructions than the baseline a path may take: 2 %.
const TOLERANCE: f64 = 0.02;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

const HELP: &str = "\
cargo bench -p xmlrpc-bench --bench instructions [-- OPTIONS]

    --save         makes these counts the baseline, benches/instructions.txt
    --only TEXT    only paths whose names contain TEXT; such a run does not fail

Needs valgrind. Without options, the run fails if a path takes 2 % more instructions than in the baseline.";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let (mut save, mut only) = (false, String::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("save") => save = true,
            Long("only") => only = parser.value()?.string()?,
            // This program calls itself like this, under callgrind.
            Long("path") => {
                paths::run(&parser.value()?.string()?)?;
                return Ok(ExitCode::SUCCESS);
            }
            // Cargo passes this one.
            Long("bench") => {}
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let mut counts = Vec::new();
    for (name, _) in paths::ALL.iter().filter(|(name, _)| name.contains(&*only)) {
        counts.push((*name, callgrind::count(name)?));
    }
    let versions = callgrind::versions()?;
    if save {
        let mut text = format!("# {versions}\n");
        for (name, count) in counts {
            writeln!(text, "{name:<28}{count:>12}")?;
        }
        fs::write(BASELINE, text)?;
        return Ok(ExitCode::SUCCESS);
    }
    if compare(&versions, &counts)? || !only.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Prints the counts beside those of the baseline, and returns whether all are low enough.
fn compare(versions: &str, counts: &[(&str, u64)]) -> Result<bool, Box<dyn Error>> {
    let baseline = fs::read_to_string(BASELINE)?;
    let mut lines = baseline.lines();
    let old = lines.next().unwrap_or_default().trim_start_matches("# ");
    if old != versions {
        println!("the baseline was made with {old},\nthese counts with {versions}");
    }
    let known: Vec<_> = lines.filter_map(|line| line.split_once(' ')).collect();
    let mut is_good = true;
    for (name, count) in counts {
        let Some((_, known)) = known.iter().find(|(known, _)| known == name) else {
            println!("  {name:<28}{count:>12}           FAIL: not in the baseline");
            is_good = false;
            continue;
        };
        let change = float(*count) / float(known.trim().parse()?) - 1.0;
        is_good &= change <= TOLERANCE;
        let result = match change {
            change if change > TOLERANCE => "FAIL",
            change if change < -TOLERANCE => "better: save it",
            _ => "",
        };
        let line = format!(
            "  {name:<28}{count:>12}{:>+9.2} %  {result}",
            change * 100.0
        );
        println!("{}", line.trim_end());
    }
    Ok(is_good)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "no path takes 2^53 instructions"
)]
fn float(count: u64) -> f64 {
    count as f64
}
