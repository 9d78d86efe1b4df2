//! Well-behaved clients that make small calls while an attack runs.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{documents, wire::Connection};

/// From the start of a call to the start of the next one, unless it takes longer. With a pause after each call, a server
/// that responds faster would get more calls than its control, and have less time for other work.
const PERIOD: Duration = Duration::from_millis(8);
const CLIENTS: usize = 4;

pub(crate) struct Probe {
    is_over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Samples>>,
}

/// How long the calls took, and what went wrong.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    times: Vec<Duration>,
    pub(crate) errors: Vec<String>,
}

impl Probe {
    pub(crate) fn start(address: SocketAddr) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let start = |_| {
            let is_over = Arc::clone(&is_over);
            thread::spawn(move || call_until(address, &is_over))
        };
        Self {
            clients: (0..CLIENTS).map(start).collect(),
            is_over,
        }
    }

    pub(crate) fn finish(self) -> Samples {
        self.is_over.store(true, Relaxed);
        let mut all = Samples::default();
        for client in self.clients {
            match client.join() {
                Ok(samples) => all.append(samples),
                Err(_) => all.errors.push("a client panicked".to_owned()),
            }
        }
        all.times.sort_unstable();
        all
    }
}

/// The small calls during some time.
pub(crate) fn during(address: SocketAddr, time: Duration) -> Samples {
    let probe = Probe::start(address);
    thread::sleep(time);
    probe.finish()
}

fn call_until(address: SocketAddr, is_over: &AtomicBool) -> Samples {
    let request = documents::small();
    let mut samples = Samples::default();
    let mut connection = None;
    while !is_over.load(Relaxed) {
        let start = Instant::now();
        match call(&mut connection, address, &request) {
            Ok(()) => samples.times.push(start.elapsed()),
            Err(error) => {
                samples.errors.push(error);
                connection = None;
            }
        }
        thread::sleep(PERIOD.saturating_sub(start.elapsed()));
    }
    samples
}

/// Makes a small call, on the connection that is there or on a new one.
fn call(
    connection: &mut Option<Connection>,
    address: SocketAddr,
    request: &[u8],
) -> Result<(), String> {
    let open = if let Some(open) = connection {
        open
    } else {
        let new = Connection::open(address).map_err(|error| format!("connecting: {error}"))?;
        connection.insert(new)
    };
    let response = open.call(request).map_err(|error| error.to_string())?;
    if response.closes() {
        *connection = None;
    }
    if response.is_success() && memchr::memmem::find(&response.body, b">5<").is_some() {
        Ok(())
    } else {
        Err(format!("status {}: {}", response.status, response.text()))
    }
}

impl Samples {
    pub(crate) fn append(&mut self, other: Self) {
        self.times.extend(other.times);
        self.times.sort_unstable();
        self.errors.extend(other.errors);
    }

    /// The time that so many percent of the calls did not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let at = last * percent / 100;
        self.times.get(at).copied().unwrap_or(Duration::MAX)
    }

    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }
}
