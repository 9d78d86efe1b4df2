//! Requests and responses that need much memory.

use std::{
    sync::mpsc,
    thread::{self, Builder, Scope},
    time::Duration,
};

use crate::{
    child::Server,
    documents,
    figures::{Report, calls, mib},
    harness::{Outcome, figures::float},
    plan::Plan,
    probe::{Probe, Samples},
    settings::Setup,
    wire::{Connection, Response},
};

/// The default bound on bytes in flight, and what the resident memory may be.
const BUDGET: u64 = 256 << 20;
const MEMORY_PER_BUDGET: f64 = 1.5;

/// What an attack did to a server.
struct Attacked {
    peak: u64,
    was_stopped: bool,
    samples: Samples,
    /// `None` if the clients do not read.
    ended: Option<Ended>,
}

/// How the attacking calls ended.
#[derive(Default)]
struct Ended {
    succeeded: usize,
    /// With 503 and `Retry-After`.
    refused: usize,
    /// With fault −32002: there was no room for the response.
    faults: usize,
    lost: usize,
    /// A response that is neither, or an error.
    example: String,
}

impl Ended {
    fn count(&mut self, response: std::io::Result<Response>) {
        match response {
            Ok(it) if it.is_success() => self.succeeded += 1,
            Ok(it) if it.is_refusal() => self.refused += 1,
            Ok(it) if it.is_fault() && it.text().contains(">-32002<") => self.faults += 1,
            Ok(it) => {
                self.lost += 1;
                self.example = format!("{} {}", it.head, it.text());
            }
            Err(error) => {
                self.lost += 1;
                self.example = error.to_string();
            }
        }
    }

    fn text(&self) -> String {
        let (succeeded, refused) = (self.succeeded, self.refused);
        let (faults, lost) = (self.faults, self.lost);
        format!("{succeeded} responses, {refused} times 503, {faults} faults −32002, {lost} lost")
    }
}

impl Attacked {
    fn text(&self) -> String {
        let peak = mib(self.peak);
        if self.was_stopped {
            return format!("ended by the benchmark at {peak}");
        }
        format!("peak {peak}; {}", calls(&self.samples))
    }
}

fn report(attack: &str, bound: &str, control: Option<Attacked>, attacked: &Attacked) -> Report {
    let mut report = Report::default();
    let mut result = attacked.text();
    if let Some(ended) = &attacked.ended {
        result = format!("{result}; {}", ended.text());
        if ended.lost > 0 {
            eprintln!("{attack}: lost: {}", ended.example);
        }
    }
    if let Some(error) = attacked.samples.errors.first() {
        eprintln!("{attack}: small call: {error}");
    }
    if attacked.was_stopped {
        result = attacked.text();
    }
    let control = control.map_or_else(String::new, |it| it.text());
    report.row(attack, bound, control, result);
    let ratio = float(attacked.peak) / float(BUDGET);
    report.at_most(
        format!("{attack}: peak memory ÷ 256 MiB"),
        ratio,
        MEMORY_PER_BUDGET,
    );
    let errors = attacked.samples.errors.len();
    report.none(format!("{attack}: errors of small calls"), errors);
    if let Some(ended) = &attacked.ended {
        report.none(format!("{attack}: lost calls"), ended.lost);
    }
    report
}

const BOUND: &str = "256 MiB in flight";

/// Clients that ask for 29 MB with 10 kB, and read the response only at the end.
pub(crate) fn compressed(plan: &Plan) -> Outcome<Report> {
    let request = documents::bomb()?;
    let run = |setup, clients| -> Outcome<Attacked> {
        let server = Server::start(plan, setup, &[])?;
        let probe = Probe::start(server.address);
        let mut open = Vec::new();
        for _ in 0..clients {
            let mut connection = Connection::open(server.address)?;
            connection.send(&request)?;
            open.push(connection);
        }
        wait(&server, plan.seconds(8));
        let ended = (setup != Setup::Control)
            .then(|| in_threads(open, |mut connection| connection.response()));
        Ok(attacked(&server, probe, ended))
    };
    let mut all = Report::default();
    for clients in plan.pick(&[100, 200][..], &[100], &[4]) {
        let control =
            (plan.has_control() && all.rows.is_empty()).then(|| run(Setup::Control, *clients));
        let attack = format!("{clients} clients ask for 29 MB with 10 kB of gzip, and do not read");
        let attacked = run(Setup::Production, *clients)?;
        all.append(report(&attack, BOUND, control.transpose()?, &attacked));
    }
    Ok(all)
}

/// Clients that all send a body of the largest size at once.
pub(crate) fn bodies(plan: &Plan) -> Outcome<Report> {
    let clients = plan.pick(200, 100, 4);
    let request = documents::text(documents::BODY);
    let run = |setup| -> Outcome<Attacked> {
        let server = Server::start(plan, setup, &[])?;
        let probe = Probe::start(server.address);
        let open = (0..clients).map(|_| Connection::open(server.address));
        let open = open.collect::<Result<Vec<_>, _>>()?;
        let ended = in_threads(open, |mut connection| connection.call_large(&request));
        Ok(attacked(&server, probe, Some(ended)))
    };
    let control = plan.has_control().then(|| run(Setup::Control));
    let attack = format!("{clients} bodies of 8 MiB at once");
    Ok(report(
        &attack,
        BOUND,
        control.transpose()?,
        &run(Setup::Production)?,
    ))
}

/// Clients that send half a body and stop.
pub(crate) fn unfinished(plan: &Plan) -> Outcome<Report> {
    let clients = plan.pick(100, 100, 10);
    let request = documents::text(documents::BODY);
    let half = &request[..request.len() / 2];
    let run = |setup| -> Outcome<Attacked> {
        let server = Server::start(plan, setup, &[])?;
        let probe = Probe::start(server.address);
        let mut open = Vec::new();
        for _ in 0..clients {
            let connection = Connection::open(server.address)?;
            open.push(connection.patience(Duration::from_secs(1))?);
        }
        // A server that does not admit the body does not read it either.
        in_threads(open.iter_mut().collect(), |connection: &mut Connection| {
            connection.send(half)?;
            Err(std::io::ErrorKind::UnexpectedEof.into())
        });
        wait(&server, plan.seconds(4));
        Ok(attacked(&server, probe, None))
    };
    let control = plan.has_control().then(|| run(Setup::Control));
    let attack = format!("{clients} clients send half of 8 MiB, and stop");
    Ok(report(
        &attack,
        BOUND,
        control.transpose()?,
        &run(Setup::Production)?,
    ))
}

fn attacked(server: &Server, probe: Probe, ended: Option<Ended>) -> Attacked {
    Attacked {
        samples: probe.finish(),
        peak: server.peak_memory(),
        was_stopped: server.was_stopped(),
        ended,
    }
}

/// Waits, unless the server ends.
fn wait(server: &Server, time: Duration) {
    const TICK: Duration = Duration::from_millis(100);
    let mut waited = Duration::ZERO;
    while waited < time && server.is_running() {
        thread::sleep(TICK);
        waited += TICK;
    }
}

/// Does something with each connection at the same time.
fn in_threads<C: Send>(
    connections: Vec<C>,
    act: impl Fn(C) -> std::io::Result<Response> + Sync,
) -> Ended {
    let mut ended = Ended::default();
    let (results, incoming) = mpsc::channel();
    let act = &act;
    thread::scope(|scope| {
        for connection in connections {
            let results = results.clone();
            let spawned = spawn(scope, move || {
                let _ = results.send(act(connection));
            });
            if let Err(error) = spawned {
                ended.count(Err(error));
            }
        }
        drop(results);
        for response in incoming {
            ended.count(response);
        }
    });
    ended
}

/// Hundreds of threads do not need the usual stack.
fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> std::io::Result<()> {
    let builder = Builder::new().stack_size(256 << 10);
    builder.spawn_scoped(scope, work).map(drop)
}
