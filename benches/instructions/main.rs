//! How many instructions the hot paths take under callgrind. A busy machine counts the same as an idle one.
//! `benches/README.md` describes its use.

#[path = "../documents/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod documents;
#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod callgrind;
mod paths;

use std::{fmt::Write, fs, path::Path, process::ExitCode};

use harness::{
    Outcome,
    figures::float,
    options::{Accepted, Options},
    report::Table,
};

/// How many more instructions than the baseline a path may take: 2 %.
const TOLERANCE: f64 = 0.02;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

const HELP: &str = "    --save             makes these counts the baseline, benches/instructions.txt
    --only TEXT        only paths whose names contain TEXT; such a run does not fail

Needs valgrind. Without these options, the run fails if a path takes 2 % more instructions than in the
baseline. --json, --write-docs and --quick have no effect.";

fn main() -> ExitCode {
    harness::exit(run())
}

fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "instructions",
        // `path` is how this program calls itself under callgrind.
        filters: &["only", "path"],
        flags: &["save"],
        help: HELP.to_owned(),
    })?;
    if let Some(path) = options.values("path").next() {
        return Ok(paths::run(path)?);
    }
    let wanted = |name: &str| options.wants("only", name);
    let mut counts = Vec::new();
    for (name, _) in paths::ALL.iter().filter(|(name, _)| wanted(name)) {
        counts.push((*name, callgrind::count(name)?));
    }
    let versions = callgrind::versions()?;
    if options.has("save") {
        let mut text = format!("# {versions}\n");
        for (name, count) in counts {
            writeln!(text, "{name:<28}{count:>12}")?;
        }
        return Ok(fs::write(BASELINE, text)?);
    }
    let is_good = compare(&versions, &counts)?;
    if is_good || options.is_partial() {
        return Ok(());
    }
    Err("a path takes more instructions than the baseline allows".into())
}

/// Prints the counts beside those of the baseline, and returns whether all are low enough.
fn compare(versions: &str, counts: &[(&str, u64)]) -> Outcome<bool> {
    let baseline = fs::read_to_string(Path::new(BASELINE))?;
    let mut lines = baseline.lines();
    let old = lines.next().unwrap_or_default().trim_start_matches("# ");
    if old != versions {
        println!("the baseline was made with {old},\nthese counts with {versions}");
    }
    let known: Vec<_> = lines.filter_map(|line| line.split_once(' ')).collect();
    let mut is_good = true;
    let mut rows = Vec::new();
    for (name, count) in counts {
        let found = known.iter().find(|(known, _)| known == name);
        let (change, verdict) = match found {
            None => (String::new(), "FAIL: not in the baseline"),
            Some((_, known)) => {
                let change = float(*count) / known.trim().parse::<f64>()? - 1.0;
                let verdict = match change {
                    change if change > TOLERANCE => "FAIL",
                    change if change < -TOLERANCE => "better: save it",
                    _ => "",
                };
                (format!("{:+.2} %", change * 100.0), verdict)
            }
        };
        is_good &= !verdict.starts_with("FAIL");
        rows.push(vec![
            (*name).to_owned(),
            count.to_string(),
            change,
            verdict.to_owned(),
        ]);
    }
    Table::new("Instructions", "", &["path", "count", "change", ""], rows).print();
    Ok(is_good)
}
