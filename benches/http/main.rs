//! Calls over HTTP on the loopback, servers and clients, beside those of other frameworks:
//! `cargo bench -p xmlrpc-bench --bench http -- --help`.

#[path = "../codec/alloc.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod alloc;
#[path = "../dispatch/calc.rs"]
mod calc;
#[path = "../codec/clock.rs"]
mod clock;
#[path = "../dispatch/options.rs"]
mod options;
#[path = "../codec/task.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod task;
#[path = "../codec/timing.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod timing;

mod child;
mod clients;
mod connection;
mod cores;
mod crew;
mod figures;
mod measure;
mod report;
mod requests;
mod serve;
mod servers;

use std::{env, fs, process::ExitCode};

use cores::Cores;
use options::Options;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let outcome = if arguments.next().as_deref() == Some(serve::SERVE) {
        serve::run(arguments)
    } else {
        run()
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
        options::print_help("http");
        return Ok(());
    }
    let cores = Cores::find();
    cores::pin(cores.client)?;
    let figures = measure::all(cores, &options)?;
    if options.is_test {
        return Ok(());
    }
    let judgements = report::judge(&figures);
    report::print(&figures, &judgements);
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&figures.all).map_err(|it| it.to_string())?;
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if options.write_docs {
        report::write_docs(&figures, &judgements)?;
    }
    Ok(())
}
