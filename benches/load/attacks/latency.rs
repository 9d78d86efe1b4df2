//! The times of small calls beside work that takes long.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::Outcome,
    plan::Plan,
    probe::{self, Samples},
    settings::Setup,
    wire::Connection,
};

/// The part of the control's time that a small call may take.
const FIFTH: f64 = 0.2;

/// What a small call may take beside documents that are decoded, as a multiple of what it takes if nothing decodes them.
/// The two are often equal. But which threads wait is chance, and one turn of a thread that decodes may be added.
const TIMES_UNDECODED: f64 = 2.0;

/// The documents per second, as a part of those without offload. The clients use the same processors, and take more of
/// them if the server reads while it decodes.
const DOCUMENTS: f64 = 0.8;

/// A server and its load.
struct Loaded {
    server: Server,
    request: Vec<u8>,
    clients: usize,
    samples: Samples,
    /// From the start of a request of a client to the start of its next one, unless it takes longer.
    period: Duration,
    /// The finished requests of the load, and the time that they took together.
    finished: u32,
    busy: Duration,
    /// What the server needed for them.
    processor: Duration,
}

impl Loaded {
    fn new(server: Server, request: Vec<u8>, clients: usize) -> Self {
        Self {
            server,
            request,
            clients,
            samples: Samples::default(),
            period: Duration::ZERO,
            finished: 0,
            busy: Duration::ZERO,
            processor: Duration::ZERO,
        }
    }

    /// Measures small calls for a while under the load.
    fn round(&mut self, time: Duration) -> Outcome {
        let (is_over, finished) = (AtomicBool::new(false), AtomicU32::new(0));
        let address = self.server.address;
        let start = Instant::now();
        let before = self.server.processor_time();
        let samples = thread::scope(|scope| {
            let load = || load(address, &self.request, self.period, &is_over, &finished);
            let clients: Vec<_> = (0..self.clients).map(|_| scope.spawn(load)).collect();
            thread::sleep(Duration::from_millis(200));
            let samples = probe::during(address, time);
            is_over.store(true, Relaxed);
            for client in clients {
                client.join().map_err(|_| "a client panicked")??;
            }
            Outcome::Ok(samples)
        })?;
        self.busy += start.elapsed();
        if let (Some(before), Some(after)) = (before, self.server.processor_time()) {
            self.processor += after.saturating_sub(before);
        }
        self.finished += finished.into_inner();
        if let Some(error) = samples.errors.first() {
            return Err(format!("a small call failed: {error}").into());
        }
        self.samples.append(samples);
        Ok(())
    }

    fn per_second(&self) -> f64 {
        f64::from(self.finished) / self.busy.as_secs_f64()
    }

    /// How long a client takes for a request.
    fn period_of_clients(&self) -> Duration {
        let requests = self.finished.max(1);
        self.busy / requests * u32::try_from(self.clients).unwrap_or(u32::MAX)
    }

    /// What the server needed for a request of the load, with the small calls that ran beside it.
    fn processor_time(&self) -> Duration {
        self.processor / self.finished.max(1)
    }

    fn percentile(&self, percent: usize) -> Duration {
        self.samples.percentile(percent)
    }

    fn text(&self) -> String {
        let (half, tail) = (self.percentile(50), self.percentile(99));
        format!("p50 {}, p99 {}", time(half), time(tail))
    }
}

/// Sends a request in a loop.
fn load(
    address: SocketAddr,
    request: &[u8],
    period: Duration,
    is_over: &AtomicBool,
    finished: &AtomicU32,
) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("a request of the load failed: {error}");
    let mut connection = Connection::open(address).map_err(failed)?;
    while !is_over.load(Relaxed) {
        let start = Instant::now();
        let response = connection.call(request).map_err(failed)?;
        if !response.is_success() {
            let (status, text) = (response.status, response.text());
            return Err(format!("a request of the load got {status}: {text}"));
        }
        finished.fetch_add(1, Relaxed);
        thread::sleep(period.saturating_sub(start.elapsed()));
    }
    Ok(())
}

/// Runs the control and the attacked server in turns. The more turns, the less it matters that a machine is shared with
/// others. After each turn, something else may be measured.
fn in_turns(
    turns: usize,
    round: Duration,
    both: &mut [Loaded; 2],
    mut after: impl FnMut(&[Loaded; 2]) -> Outcome,
) -> Outcome {
    for turn in 0..turns {
        if turn % 2 == 1 {
            both.reverse();
        }
        for loaded in both.iter_mut() {
            loaded.round(round)?;
        }
        if turn % 2 == 1 {
            both.reverse();
        }
        after(both)?;
    }
    Ok(())
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// Clients that send large documents in a loop. The control decodes them in the executor.
pub(crate) fn documents(plan: &Plan) -> Outcome<Report> {
    let bytes = plan.pick(7_500_000, 7_500_000, 500_000);
    let mut report = documents_of(plan, "structs", &documents::structs(bytes))?;
    report.append(documents_of(plan, "integers", &documents::integers(bytes))?);
    report.append(documents_of(
        plan,
        "integers that come back",
        &documents::echoed(bytes),
    )?);
    Ok(report)
}

fn documents_of(plan: &Plan, items: &str, request: &[u8]) -> Outcome<Report> {
    let start = |setup, settings: &[_]| -> Outcome<Loaded> {
        let server = Server::start(plan, setup, settings)?;
        Ok(Loaded::new(server, request.to_vec(), 4))
    };
    let mut both = [
        start(Setup::Production, &[("offload", 0)])?,
        start(Setup::Production, &[])?,
    ];
    let mut undecoded = start(Setup::Undecoded, &[])?;
    let round = plan.seconds(2);
    in_turns(plan.pick(6, 1, 1), round, &mut both, |[control, _]| {
        undecoded.period = control.period_of_clients();
        undecoded.round(round)
    })?;
    let [control, attacked] = &both;
    let mut report = Report::default();
    let text = |it: &Loaded| {
        let (text, rate, processor) = (it.text(), it.per_second(), time(it.processor_time()));
        format!("{text}; {rate:.1} documents/s, {processor} of a processor each")
    };
    report.row(
        format!("4 clients send 7.5 MB of {items} in a loop"),
        "decoded on other threads",
        format!(
            "{} (without offload); {} (nothing is decoded)",
            text(control),
            text(&undecoded)
        ),
        text(attacked),
    );
    let tail = attacked.percentile(99);
    report.at_most_or(
        format!("7.5 MB of {items}: p99 of small calls ÷ without offload, or p99"),
        (ratio(tail, control.percentile(99)), FIFTH),
        (tail, undecoded.percentile(99).mul_f64(TIMES_UNDECODED)),
    );
    report.at_least(
        format!("7.5 MB of {items}: processor time without offload ÷ with it"),
        ratio(control.processor_time(), attacked.processor_time()),
        0.9,
    );
    report.at_least(
        format!("7.5 MB of {items}: documents/s ÷ without offload"),
        attacked.per_second() / control.per_second(),
        DOCUMENTS,
    );
    Ok(report)
}

/// Multicalls that compute. The control does the same work in one call, and yields after as many entries as a multicall
/// would without a rule about time.
pub(crate) fn multicalls(plan: &Plan) -> Outcome<Report> {
    let entries = plan.pick(1000, 1000, 20);
    let ms = 5;
    let server = || Server::start(plan, Setup::Production, &[]);
    let control = documents::call("compute_all", &[entries, ms]);
    let multicall = documents::multicall("compute", &[ms], entries as usize);
    let mut both = [
        Loaded::new(server()?, control, 2),
        Loaded::new(server()?, multicall, 2),
    ];
    in_turns(plan.pick(3, 1, 1), plan.seconds(4), &mut both, |_| Ok(()))?;
    let [control, attacked] = &both;
    let mut report = Report::default();
    report.row(
        format!("2 clients, multicalls of {entries} entries of 5 ms"),
        "yields by time",
        format!("{} (yields after 128 entries)", control.text()),
        attacked.text(),
    );
    for percent in [50, 99] {
        let ratio = ratio(attacked.percentile(percent), control.percentile(percent));
        report.at_most(
            format!("long multicalls: p{percent} of small calls ÷ control"),
            ratio,
            FIFTH,
        );
    }
    Ok(report)
}
