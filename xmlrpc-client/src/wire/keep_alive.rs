//! Decides whether connections to a server are kept after a response.
//!
//! Some servers close a connection shortly after a response and do not announce it. A request that
//! is sent at this moment fails, and must not be sent again, because its method may have run. After
//! such a failure, each call has its own connection for a while.
//!
//! A runtime with one thread learns only while it runs that a server has closed a connection. If its thread was
//! busy otherwise, or asleep, it first looks for this.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    net::SocketAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{runtime::Handle, task::yield_now, time::Instant};

/// A connection that was idle for less than this should not have been closed.
const SHORT: Duration = Duration::from_secs(1);

/// If there was no response for this long, the next request looks first whether connections were closed. This
/// takes a few microseconds, and the calls of a busy client follow each other faster.
const QUIET: Duration = Duration::from_millis(1);

/// How often a request yields to look. The first time, the runtime asks the system what has happened; later,
/// it runs the tasks of the connections.
const YIELDS: u32 = 3;

/// The first pause. Each later one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// If so many requests in a row have used a kept connection, over at least as long as the last
/// pause, the server keeps connections, and its next pause is a first one.
const PROOF: u32 = 10;

/// So many connections are remembered without looking for those that can be forgotten.
const FEW: usize = 64;

pub(crate) struct KeepAlive {
    /// Whether connections are ever kept.
    on: bool,
    /// Whether `state` has a pause, perhaps one that is over. Requests outside of pauses read only this.
    has_pause: AtomicBool,
    state: Mutex<State>,
    created: Instant,
    /// Microseconds from `created` to the last response after which a connection was kept. 0 before.
    last_response: AtomicU64,
}

/// A connection: its local address. `None` if that is unknown, as for unix sockets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Connection(pub(crate) Option<SocketAddr>);

impl Hash for Connection {
    /// Hashes the port alone, which is fast: nearly all connections differ in it.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u16(self.0.map_or(0, |address| address.port()));
    }
}

/// Spreads ports over the bits of a hash. The system chooses the ports, so the peer cannot make them collide.
#[derive(Clone, Copy, Default)]
struct PortHasher(u64);

impl Hasher for PortHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u16(u16::from(*byte));
        }
    }

    fn write_u16(&mut self, port: u16) {
        // 2^64 divided by the golden ratio.
        self.0 = (self.0 ^ u64::from(port)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

struct State {
    idle_since: IdleSince,
    /// The end of the current pause.
    paused_until: Option<Instant>,
    last_pause: Option<Duration>,
    /// The end of the last pause, and how many requests have used a kept connection since.
    resumed: Option<Instant>,
    reused: u32,
}

/// The connections that became idle a short time ago, and when. Some entries are older.
struct IdleSince {
    entries: HashMap<Connection, Instant, BuildHasherDefault<PortHasher>>,
    /// Old entries are removed when there are more than this.
    forget_at: usize,
}

/// A request that is about to be sent.
pub(crate) struct Attempt {
    /// Whether the request may use a kept connection.
    pub(crate) keeps: bool,
    /// Whether other requests may.
    pub(crate) ever_keeps: bool,
    /// Whether connections were kept, and there was no response for a while.
    is_after_quiet: bool,
    start: Instant,
}

/// What happened to a request on a kept connection, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// For how long the connection was idle. `None` if it may have been a new one.
    pub(crate) idle: Option<Duration>,
    /// For how long each call has its own connection now.
    pub(crate) lasts: Duration,
}

impl KeepAlive {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            has_pause: AtomicBool::new(false),
            state: Mutex::new(State::new()),
            created: Instant::now(),
            last_response: AtomicU64::new(0),
        }
    }

    /// To be called if the server cannot be reached any more: its connections broke for this reason.
    #[cfg(feature = "balance")]
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        *state = State::new();
        self.has_pause.store(false, Relaxed);
    }

    /// To be called before a request is sent.
    pub(crate) fn start(&self) -> Attempt {
        let start = Instant::now();
        let keeps = self.on && !self.is_paused(start);
        Attempt {
            keeps,
            ever_keeps: self.on,
            is_after_quiet: keeps && self.is_quiet(start),
            start,
        }
    }

    /// To be called after the whole response to a request on a connection that is kept.
    pub(crate) fn succeeded(&self, attempt: &Attempt, connection: Connection) {
        if !attempt.keeps {
            return;
        }
        let now = Instant::now();
        self.last_response.store(self.microseconds(now), Relaxed);
        let mut state = self.state();
        let since = state.idle_since.insert(connection, now);
        if since.is_some_and(|since| attempt.idle(since).is_some()) {
            state.reused = state.reused.saturating_add(1);
        }
    }

    /// To be called after the server has closed the connection of a request without a response.
    /// Starts a pause if the connection was a kept one that was idle for a short time. If the
    /// connection is unknown, it counts as such.
    pub(crate) fn closed(&self, attempt: &Attempt, connection: Connection) -> Option<Pause> {
        if !attempt.keeps {
            return None;
        }
        let mut state = self.state();
        let since = state.idle_since.entries.get(&connection)?;
        let idle = attempt.idle(*since)?;
        let lasts = state.pause(Instant::now());
        self.has_pause.store(true, Relaxed);
        Some(Pause {
            idle: connection.0.map(|_| idle),
            lasts,
        })
    }

    /// Whether there is a pause now. Ends one that is over.
    fn is_paused(&self, now: Instant) -> bool {
        if !self.has_pause.load(Relaxed) {
            return false;
        }
        let mut state = self.state();
        let is_paused = state.is_paused(now);
        self.has_pause.store(is_paused, Relaxed);
        is_paused
    }

    fn is_quiet(&self, now: Instant) -> bool {
        match self.last_response.load(Relaxed) {
            0 => false,
            last => Duration::from_micros(self.microseconds(now).saturating_sub(last)) >= QUIET,
        }
    }

    fn microseconds(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.created);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// To be awaited before the request takes a connection.
    pub(crate) async fn look(&self) {
        if self.is_after_quiet && has_one_thread() {
            for _ in 0..YIELDS {
                yield_now().await;
            }
        }
    }

    /// For how long a connection that became idle at this time was idle before the request, if that
    /// was short.
    fn idle(&self, since: Instant) -> Option<Duration> {
        // A request may also wait until a connection becomes idle.
        let idle = self.start.saturating_duration_since(since);
        (idle < SHORT).then_some(idle)
    }
}

/// A runtime with more threads learns from another one what happens to its connections.
fn has_one_thread() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.metrics().num_workers() == 1)
}

impl IdleSince {
    /// Remembers that a connection is idle from now on. Returns since when it was idle before.
    fn insert(&mut self, connection: Connection, now: Instant) -> Option<Instant> {
        let before = self.entries.insert(connection, now);
        if self.entries.len() > self.forget_at {
            // The calls that have started may still need the entries that are as old as they are.
            self.entries
                .retain(|_, since| now.saturating_duration_since(*since) < 2 * SHORT);
            self.forget_at = FEW.max(2 * self.entries.len());
        }
        before
    }
}

impl State {
    fn new() -> Self {
        Self {
            idle_since: IdleSince {
                entries: HashMap::default(),
                forget_at: FEW,
            },
            paused_until: None,
            last_pause: None,
            resumed: None,
            reused: 0,
        }
    }

    /// Whether there is a pause now. Ends one that is over.
    fn is_paused(&mut self, now: Instant) -> bool {
        if self.paused_until.is_some_and(|until| now >= until) {
            self.paused_until = None;
            self.resumed = Some(now);
            self.reused = 0;
        }
        self.paused_until.is_some()
    }

    /// Starts a pause, unless there is one. Returns how long it lasts from now.
    fn pause(&mut self, now: Instant) -> Duration {
        // Several requests may fail at the same time.
        if let Some(until) = self.paused_until {
            return until.saturating_duration_since(now);
        }
        let pause = match (self.last_pause, self.resumed) {
            (Some(last), Some(resumed))
                if self.reused < PROOF || now.duration_since(resumed) < last =>
            {
                last.saturating_mul(2).min(LONGEST_PAUSE)
            }
            _ => FIRST_PAUSE,
        };
        self.last_pause = Some(pause);
        self.paused_until = now.checked_add(pause);
        pause
    }
}
