//! Whether time and memory grow with the document, and what hostile ones cost:
//! `cargo bench -p xmlrpc-bench --bench growth -- --help`.

#[path = "../codec/alloc.rs"]
mod alloc;
#[path = "../codec/clock.rs"]
mod clock;
#[path = "../codec/data.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod data;
#[path = "../codec/document.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod document;
#[path = "../codec/task.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod task;
#[path = "../codec/timing.rs"]
mod timing;
#[path = "../codec/xml.rs"]
mod xml;

mod figures;
mod hostile;
mod late;
mod measure;
mod options;
mod ordinary;
mod reading;
mod refusal;
mod report;
mod shape;
mod tenths;

use std::{fs, process::ExitCode, thread};

use figures::Figures;
use options::Options;

fn main() -> ExitCode {
    // Whoever reads 100,000 levels has to have the stack for it, as `Limits::depth` says.
    const STACK: usize = 1 << 30;
    let run = thread::Builder::new().stack_size(STACK).spawn(run);
    let outcome = match run.map(thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err("the run has panicked".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
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
    let figures = Figures {
        documents: measure::all(&options)?,
        late: late::all(&options)?,
        refusals: refusal::all(&options)?,
    };
    if options.is_test {
        return Ok(());
    }
    let judgements = report::judge(&figures);
    report::print(&figures, &judgements);
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&figures).map_err(|it| it.to_string())?;
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if options.write_docs {
        report::write_docs(&figures, &judgements)?;
    }
    Ok(())
}
