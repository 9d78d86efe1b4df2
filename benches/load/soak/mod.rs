//! Mixed hostile load for some minutes, beside well-behaved calls that must see no error.

mod hostile;
mod polite;
mod workers;

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    documents,
    figures::{Report, mib, time},
    harness::{Outcome, figures::float},
    plan::Plan,
    probe::{Probe, Samples},
    settings::Setup,
    wire::Connection,
};
use workers::Workers;

/// After so much load, the clients rest, and the server's memory is looked at.
const INTERVAL: Duration = Duration::from_secs(28);
/// How long the server has to become quiet.
const REST: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(250);

/// What the server was like after an interval.
struct Sample {
    /// Live bytes of the heap at rest, and their mean under load.
    heap: u64,
    busy_heap: u64,
    /// Their maximum since the start.
    peak_heap: u64,
    memory: u64,
    descriptors: usize,
}

pub(crate) fn run(plan: &Plan, minutes: f64) -> Outcome<Report> {
    let time = Duration::try_from_secs_f64(minutes * 60.0)?;
    let mut server = Server::start(plan, Setup::Production, &[("heap", 1)])?;
    // The first requests pay for everything that happens once.
    let mut connection = Connection::open(server.address)?;
    connection.call(&documents::small())?;
    drop(connection);
    thread::sleep(REST);
    let before = server.descriptors();
    let workers = Workers::default();
    let mut small = Samples::default();
    let mut samples = Vec::new();
    let hostile = hostile::all()?;
    thread::scope(|scope| -> Outcome {
        for act in &hostile {
            let (address, workers) = (server.address, &workers);
            scope.spawn(move || workers.attack(address, act));
        }
        for seed in 1..=2 {
            let (address, workers) = (server.address, &workers);
            scope.spawn(move || polite::call(address, workers, seed));
        }
        // The workers must end, whatever happens here.
        let measured = measure(&mut server, &workers, time, &mut small, &mut samples);
        workers.end();
        measured
    })?;
    thread::sleep(REST);
    let after = server.descriptors();
    small.errors.extend(workers.take_errors());
    for error in small.errors.iter().take(5) {
        eprintln!("a well-behaved call failed: {error}");
    }
    Ok(judge(&server, &small, &samples, (before, after)))
}

fn measure(
    server: &mut Server,
    workers: &Workers,
    time: Duration,
    small: &mut Samples,
    samples: &mut Vec<Sample>,
) -> Outcome {
    let start = Instant::now();
    println!("minute  heap at rest  heap under load  resident  descriptors  small calls");
    while start.elapsed() < time {
        workers.resume();
        let probe = Probe::start(server.address);
        let (begun, mut busy) = (Instant::now(), Vec::new());
        while begun.elapsed() < INTERVAL.min(time) {
            busy.push(server.live_heap()?.0);
            thread::sleep(TICK);
        }
        let calls = probe.finish();
        workers.pause();
        thread::sleep(REST);
        let (heap, peak_heap) = server.live_heap()?;
        let sample = Sample {
            heap,
            peak_heap,
            busy_heap: busy.iter().sum::<u64>() / busy.len().max(1) as u64,
            memory: server.memory(),
            descriptors: server.descriptors(),
        };
        println!(
            "{:>6.1}  {:>8} KiB  {:>11} KiB  {:>8}  {:>11}  {}",
            start.elapsed().as_secs_f64() / 60.0,
            sample.heap >> 10,
            sample.busy_heap >> 10,
            mib(sample.memory),
            sample.descriptors,
            crate::figures::calls(&calls),
        );
        small.append(calls);
        samples.push(sample);
    }
    Ok(())
}

fn judge(
    server: &Server,
    small: &Samples,
    samples: &[Sample],
    (before, after): (usize, usize),
) -> Report {
    let last = &samples[samples.len() / 2..];
    let at_rest = difference(last.iter().map(|it| it.heap));
    let under_load = variation(last.iter().map(|it| it.busy_heap));
    let peak_heap = samples
        .iter()
        .map(|it| it.peak_heap)
        .max()
        .unwrap_or_default();
    let peak = server.peak_memory();
    let mut report = Report::default();
    let errors = small.errors.len();
    report.row(
        "well-behaved calls",
        "no error",
        "",
        format!(
            "{} calls, {errors} errors, p99 {}",
            small.count(),
            time(small.percentile(99))
        ),
    );
    report.row(
        "live heap over the last half",
        "varies by less than 10 %",
        "",
        format!(
            "{} KiB at rest, {:.1} % of its mean under load; peak {}",
            at_rest >> 10,
            under_load * 100.0,
            mib(peak_heap),
        ),
    );
    report.row(
        "resident memory",
        "384 MiB",
        "",
        format!("peak {}", mib(peak)),
    );
    report.row(
        "descriptors",
        "as before",
        "",
        format!("{before} before, {after} after"),
    );
    report.none("soak: errors of well-behaved calls", errors);
    report.at_most(
        "soak: change of the live heap at rest, in MiB",
        float(at_rest) / float(1 << 20),
        1.0,
    );
    report.at_most(
        "soak: variation of the mean live heap under load",
        under_load,
        0.1,
    );
    report.at_most(
        "soak: peak memory ÷ 256 MiB",
        float(peak) / float(256 << 20),
        1.5,
    );
    report.none(
        "soak: descriptors that are left",
        after.saturating_sub(before),
    );
    if !server.is_running() {
        report.none("soak: ends of the server", 1);
    }
    report
}

/// The difference of the largest and the smallest.
fn difference(values: impl Iterator<Item = u64> + Clone) -> u64 {
    let least = values.clone().min().unwrap_or_default();
    values.max().unwrap_or_default() - least
}

/// The difference, divided by the mean.
fn variation(values: impl Iterator<Item = u64> + Clone) -> f64 {
    let count = values.clone().count();
    let mean = float(values.clone().sum()) / float(count as u64);
    float(difference(values)) / mean
}
