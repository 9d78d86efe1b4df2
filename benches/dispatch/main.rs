//! A call from its stub to its method and back, without sockets, beside those of other frameworks:
//! `cargo bench -p xmlrpc-bench --bench dispatch -- --help`.

#[path = "../codec/alloc.rs"]
mod alloc;
#[path = "../codec/clock.rs"]
mod clock;
#[path = "../codec/task.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod task;
#[path = "../codec/timing.rs"]
mod timing;

mod calc;
mod figures;
mod many;
mod options;
mod ready;
mod report;
mod single;

use std::{fs, process::ExitCode};

use figures::{DOCUMENT, Figure, Figures, METHODS, MULTICALL, TYPED, float};
use options::Options;
use task::{Case, Task};
use timing::Pace;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let options = Options::from_env().map_err(|error| error.to_string())?;
    if options.help {
        options::print_help("dispatch");
        return Ok(());
    }
    let mut figures = Figures::default();
    for (table, cases, calls) in [
        (TYPED, single::typed()?, 1),
        (DOCUMENT, single::document()?, 1),
        (METHODS, many::methods()?, 1),
        (MULTICALL, many::multicall()?, many::ENTRIES),
    ] {
        measure(table, cases, calls, &options, &mut figures)?;
    }
    if options.is_test {
        return Ok(());
    }
    let judgements = report::judge(&figures);
    report::print(&figures, &judgements);
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&figures.0).map_err(|it| it.to_string())?;
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if options.write_docs {
        report::write_docs(&figures, &judgements)?;
    }
    Ok(())
}

/// Times cases that do so many calls each.
fn measure(
    table: &'static str,
    mut cases: Vec<Case>,
    calls: u32,
    options: &Options,
    figures: &mut Figures,
) -> Result<(), String> {
    cases.retain(|case| options.wants(case.contender));
    let mut checked = Vec::new();
    for Case { contender, task } in &mut cases {
        let outcome = task
            .check()
            .map_err(|it| format!("{table}, {contender}: {it}"))?;
        if !outcome.correct {
            return Err(format!("{table}, {contender}: wrong answer"));
        }
        checked.push((*contender, outcome));
    }
    if options.is_test {
        return Ok(());
    }
    let pace = if options.quick {
        Pace::QUICK
    } else {
        Pace::FULL
    };
    let tasks: Vec<&mut dyn Task> = cases.iter_mut().map(|it| &mut *it.task as _).collect();
    let times = timing::time(tasks, pace)?;
    let calls = f64::from(calls);
    for ((contender, outcome), ns) in checked.into_iter().zip(times) {
        let count = |count: Option<u64>| count.map_or(f64::NAN, |it| float(it) / calls);
        figures.0.push(Figure {
            table,
            contender,
            ns: ns / calls,
            allocations: count(outcome.memory.map(|it| it.allocations)),
            peak_bytes: count(outcome.memory.map(|it| it.peak)),
            correct: outcome.correct,
        });
    }
    Ok(())
}
