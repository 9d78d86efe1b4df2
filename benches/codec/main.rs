//! The codec beside other codecs: `cargo bench -p xmlrpc-bench --bench codec -- --help`.

mod alloc;
mod clock;
mod contender;
mod data;
mod datum;
mod document;
mod documents;
mod envelope;
mod figures;
mod options;
mod peer;
mod report;
mod task;
mod timing;
mod xml;

use std::{fs, process::ExitCode};

use contender::Direction;
use documents::Contested;
use figures::{Absent, Figure, Figures, float};
use options::Options;
use peer::Peers;
use task::{Case, Checked, Task};
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
        options::print_help();
        return Ok(());
    }
    let peers = if options.peers {
        Peers::start()
    } else {
        Peers::default()
    };
    let mut figures = Figures::default();
    for (name, make) in documents::ALL {
        if options.wants_document(name) {
            let document = make();
            figures.documents.push((name, document.xml().len()));
            for direction in document.directions() {
                measure(&*document, *direction, &peers, &options, &mut figures)?;
                if !options.is_test {
                    report::print_table(&figures, name, *direction);
                }
            }
        }
    }
    figures.check_ours()?;
    if options.is_test {
        return Ok(());
    }
    let judgements = report::judge(&figures);
    report::print_judgements(&judgements);
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&figures.all).map_err(|it| it.to_string())?;
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if options.write_docs {
        report::write_docs(&figures, &judgements, &peers)?;
    }
    Ok(())
}

fn measure(
    document: &dyn Contested,
    direction: Direction,
    peers: &Peers,
    options: &Options,
    figures: &mut Figures,
) -> Result<(), String> {
    let mut cases = document.cases(direction);
    cases.extend(peers.cases(document, direction));
    cases.retain(|case| options.wants_contender(case.contender));
    cases.sort_by_key(|case| {
        contender::ALL
            .iter()
            .position(|(name, _)| *name == case.contender)
    });

    let mut checked: Vec<(Case, Checked)> = Vec::new();
    for mut case in cases {
        match case.task.check() {
            Ok(outcome) => checked.push((case, outcome)),
            Err(reason) => figures.absent.push(Absent {
                document: document.name(),
                direction: direction.name(),
                contender: case.contender,
                reason,
            }),
        }
    }
    let pace = if options.quick {
        Pace::QUICK
    } else {
        Pace::FULL
    };
    let mut tasks: Vec<&mut dyn Task> = Vec::new();
    for (case, _) in &mut checked {
        tasks.push(&mut *case.task);
    }
    let times = timing::time(tasks, pace)?;
    for ((case, outcome), ns) in checked.iter().zip(times) {
        figures.all.push(Figure {
            document: document.name(),
            direction: direction.name(),
            contender: case.contender,
            ns,
            mb_per_s: float(outcome.bytes as u64) * 1e3 / ns,
            allocations: outcome.memory.map(|memory| memory.allocations),
            peak_bytes: outcome.memory.map(|memory| memory.peak),
            correct: outcome.correct,
            bytes: outcome.bytes,
        });
    }
    Ok(())
}
