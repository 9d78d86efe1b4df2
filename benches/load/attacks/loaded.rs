//! Small calls to a server under load.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    figures::time,
    harness::Outcome,
    probe::{self, Samples},
    wire::Connection,
};

/// The part of the control's time that a small call may take.
pub(super) const FIFTH: f64 = 0.2;

/// A server and its load.
pub(super) struct Loaded {
    server: Server,
    request: Vec<u8>,
    clients: usize,
    samples: Samples,
    /// From the start of a request of a client to the start of its next one, unless it takes longer.
    pub(super) period: Duration,
    /// The finished requests of the load, and the time that they took together.
    finished: u32,
    busy: Duration,
    /// What the server needed for them.
    processor: Duration,
}

impl Loaded {
    pub(super) fn new(server: Server, request: Vec<u8>, clients: usize) -> Self {
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
    pub(super) fn round(&mut self, time: Duration) -> Outcome {
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

    pub(super) fn per_second(&self) -> f64 {
        f64::from(self.finished) / self.busy.as_secs_f64()
    }

    /// How long a client takes for a request.
    pub(super) fn period_of_clients(&self) -> Duration {
        let requests = self.finished.max(1);
        self.busy / requests * u32::try_from(self.clients).unwrap_or(u32::MAX)
    }

    /// What the server needed for a request of the load, with the small calls that ran beside it.
    pub(super) fn processor_time(&self) -> Duration {
        self.processor / self.finished.max(1)
    }

    pub(super) fn percentile(&self, percent: usize) -> Duration {
        self.samples.percentile(percent)
    }

    pub(super) fn text(&self) -> String {
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
pub(super) fn in_turns(
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

pub(super) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
