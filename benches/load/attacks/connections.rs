//! Connections on which a client sends or reads too little.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::{Outcome, figures::float, text},
    plan::Plan,
    settings::Setup,
    wire::Connection,
};

/// What a client does, and how the server is expected to react.
struct Kind {
    name: &'static str,
    count: (usize, usize, usize),
    /// The setting in a quick run, in milliseconds.
    quick: &'static [(&'static str, u64)],
    /// The time-out by default and in a quick run.
    time_out: (Duration, Duration),
    /// A time-out has begun before the slowest connection is closed, and some kinds need two of them.
    longest: f64,
    bound: &'static str,
    open: fn(SocketAddr) -> Outcome<Connection>,
    trickle: Option<fn(&mut Connection) -> std::io::Result<()>>,
}

const RATE: &[(&str, u64)] = &[("rate_over", 2000)];
/// How often a slow client sends or reads a byte.
const PAUSE: Duration = Duration::from_secs(2);

const KINDS: [Kind; 5] = [
    Kind {
        name: "silent sockets",
        count: (300, 100, 10),
        quick: &[("header", 1500)],
        time_out: (Duration::from_secs(10), Duration::from_millis(1500)),
        longest: 1.5,
        bound: "closed after `header_timeout`",
        open: |address| Ok(Connection::open(address)?),
        trickle: None,
    },
    Kind {
        name: "half-sent heads",
        count: (300, 100, 10),
        quick: &[("header", 1500)],
        time_out: (Duration::from_secs(10), Duration::from_millis(1500)),
        longest: 1.5,
        bound: "closed after `header_timeout`",
        open: |address| sent(address, b"POST /RPC2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"),
        trickle: None,
    },
    Kind {
        name: "idle connections",
        count: (1000, 300, 10),
        quick: &[("idle", 2000)],
        time_out: (Duration::from_secs(75), Duration::from_secs(2)),
        longest: 1.5,
        bound: "closed after `idle_timeout`",
        open: |address| {
            let mut connection = Connection::open(address)?;
            connection.call(&documents::small())?;
            Ok(connection)
        },
        trickle: None,
    },
    Kind {
        name: "bodies, a byte every 2 s",
        count: (20, 20, 5),
        quick: RATE,
        time_out: (Duration::from_secs(30), Duration::from_secs(2)),
        longest: 2.2,
        bound: "closed below `min_rate`",
        open: |address| {
            let head = b"POST /RPC2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n<";
            sent(address, head)
        },
        trickle: Some(|connection| connection.send(b"?")),
    },
    Kind {
        name: "responses, a byte every 2 s",
        count: (10, 10, 5),
        quick: RATE,
        time_out: (Duration::from_secs(30), Duration::from_secs(2)),
        longest: 2.2,
        bound: "closed below `min_rate`",
        open: |address| sent(address, &documents::call("fill", &[10 << 20])),
        trickle: Some(|connection| connection.skip(1).map(drop)),
    },
];

fn sent(address: SocketAddr, bytes: &[u8]) -> Outcome<Connection> {
    let mut connection = Connection::open(address)?;
    connection.send(bytes)?;
    Ok(connection)
}

/// The connections of a kind to a server.
struct Held<'a> {
    kind: &'a Kind,
    server: Server,
    connections: Vec<Connection>,
    /// The descriptors of the server before.
    before: usize,
    /// The resident memory that each connection costs.
    memory: u64,
    opened: Instant,
    /// When the first and the last connection had been closed.
    first: Option<Duration>,
    last: Option<Duration>,
    watched: Duration,
}

impl<'a> Held<'a> {
    fn open(plan: &Plan, kind: &'a Kind, setup: Setup) -> Outcome<Self> {
        let settings: &[_] = if plan.has_default_times() {
            &[]
        } else {
            kind.quick
        };
        let server = Server::start(plan, setup, settings)?;
        // The first request pays for everything that happens once.
        Connection::open(server.address)?.call(&documents::small())?;
        thread::sleep(Duration::from_millis(100));
        let (before, empty) = (server.descriptors(), server.memory());
        let (full, quick, test) = kind.count;
        let count = plan.pick(full, quick, test);
        let opened = Instant::now();
        let open = |_| (kind.open)(server.address);
        let connections = (0..count).map(open).collect::<Outcome<Vec<_>>>()?;
        thread::sleep(Duration::from_millis(200));
        let memory = server.memory().saturating_sub(empty) / count as u64;
        Ok(Self {
            kind,
            server,
            connections,
            before,
            memory,
            opened,
            first: None,
            last: None,
            watched: Duration::ZERO,
        })
    }

    /// Notes what is open. Returns whether nothing is for the first time.
    fn look(&mut self) -> bool {
        if self.last.is_some() {
            return false;
        }
        let held = self.held();
        if held < self.connections.len() {
            self.first.get_or_insert_with(|| self.opened.elapsed());
        }
        if held == 0 {
            self.last = Some(self.opened.elapsed());
        }
        held == 0
    }

    fn held(&self) -> usize {
        self.server.descriptors().saturating_sub(self.before)
    }

    fn trickle(&mut self) {
        if let (Some(trickle), None) = (self.kind.trickle, self.last) {
            for connection in &mut self.connections {
                // The server may have closed it.
                let _ = trickle(connection);
            }
        }
    }

    fn text(&self) -> String {
        let (count, watched) = (self.connections.len(), time(self.watched));
        match (self.first, self.last) {
            (Some(first), Some(last)) => {
                format!("{count} closed after {}–{}", time(first), time(last))
            }
            (None, _) => format!("none of {count} closed in {watched}"),
            _ => format!("{} of {count} open after {watched}", self.held()),
        }
    }
}

/// Opens all kinds of connections, and watches when the servers close them.
pub(crate) fn run(plan: &Plan) -> Outcome<Report> {
    let open = AtomicUsize::new(KINDS.len());
    thread::scope(|scope| {
        let watch = |kind, setup| {
            let open = &open;
            scope.spawn(move || watch(plan, kind, setup, open).map_err(text))
        };
        let mut watching = Vec::new();
        for kind in &KINDS {
            let control = plan.has_control().then(|| watch(kind, Setup::Control));
            watching.push((watch(kind, Setup::Production), control));
        }
        let mut report = Report::default();
        for (attacked, control) in watching {
            let attacked = joined(attacked)?;
            let control = control.map(joined).transpose()?;
            judge(&mut report, plan, &attacked, control.as_ref());
        }
        Ok(report)
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, String>>) -> Result<T, String> {
    thread
        .join()
        .unwrap_or_else(|_| Err("a client panicked".to_owned()))
}

/// Holds connections of a kind, until none of any kind is open on the attacked servers.
fn watch<'a>(plan: &Plan, kind: &'a Kind, setup: Setup, open: &AtomicUsize) -> Outcome<Held<'a>> {
    let mut held = Held::open(plan, kind, setup)?;
    let most = Duration::from_secs(if plan.has_default_times() { 95 } else { 8 });
    let mut last_byte = Instant::now();
    while open.load(Relaxed) > 0 && held.opened.elapsed() < most {
        if held.look() && setup == Setup::Production {
            open.fetch_sub(1, Relaxed);
        }
        if last_byte.elapsed() > PAUSE {
            held.trickle();
            last_byte = Instant::now();
        }
        thread::sleep(Duration::from_millis(100));
    }
    held.watched = held.opened.elapsed();
    Ok(held)
}

fn judge(report: &mut Report, plan: &Plan, held: &Held<'_>, control: Option<&Held<'_>>) {
    let kind = held.kind;
    let (name, count) = (kind.name, held.connections.len());
    let (full, quick) = kind.time_out;
    let time_out = if plan.has_default_times() {
        full
    } else {
        quick
    };
    let mut result = held.text();
    if kind.trickle.is_none() && plan.has_default_times() {
        let kib = float(held.memory) / 1024.0;
        result = format!("{result}; {kib:.0} KiB each");
    }
    report.row(
        format!("{count} {name}"),
        format!("{} ({})", kind.bound, time(time_out)),
        control.map_or_else(String::new, Held::text),
        result,
    );
    let open = if held.last.is_some() { 0 } else { held.held() };
    report.none(format!("{name}: still open"), open);
    let ratio = |it: Option<Duration>| it.map(|it| it.as_secs_f64() / time_out.as_secs_f64());
    if let (Some(first), Some(last)) = (ratio(held.first), ratio(held.last)) {
        report.at_least(format!("{name}: first closed ÷ time-out"), first, 0.9);
        report.at_most(
            format!("{name}: last closed ÷ time-out"),
            last,
            kind.longest,
        );
    }
}
