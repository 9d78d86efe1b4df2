//! Decides whether connections to a server are kept after a response.
//!
//! Some servers close a connection shortly after a response and do not announce it. A request that
//! is sent at this moment fails, and must not be sent again, because its method may have run. After
//! such a failure, each call has its own connection for a while.

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A connection that was idle for less than this should not have been closed.
const SHORT: Duration = Duration::from_secs(1);

/// The first pause. Each later one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// If so many requests in a row have used a kept connection, over at least as long as the last
/// pause, the server keeps connections, and its next pause is a first one.
const PROOF: u32 = 10;

pub(crate) struct KeepAlive {
    state: Mutex<State>,
}

/// A connection: its local address. `None` if that is unknown, as for unix sockets.
pub(crate) type Connection = Option<SocketAddr>;

struct State {
    /// Whether connections are ever kept.
    on: bool,
    /// The connections that became idle a short time ago, and when.
    idle_since: Vec<(Connection, Instant)>,
    /// The end of the current pause.
    paused_until: Option<Instant>,
    last_pause: Option<Duration>,
    /// The end of the last pause, and how many requests have used a kept connection since.
    resumed: Option<Instant>,
    reused: u32,
}

/// A request that is about to be sent.
pub(crate) struct Attempt {
    /// Whether the request may use a kept connection.
    pub(crate) keeps: bool,
    /// Whether other requests may.
    pub(crate) ever_keeps: bool,
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
        let state = State {
            on,
            idle_since: Vec::new(),
            paused_until: None,
            last_pause: None,
            resumed: None,
            reused: 0,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// To be called before a request is sent.
    pub(crate) fn start(&self) -> Attempt {
        let mut state = self.state();
        let start = Instant::now();
        Attempt {
            keeps: state.keeps(start),
            ever_keeps: state.on,
            start,
        }
    }

    /// To be called after the whole response to a request on a connection that is kept.
    pub(crate) fn succeeded(&self, attempt: &Attempt, connection: Connection) {
        if !attempt.keeps {
            return;
        }
        let mut state = self.state();
        if state.idle(attempt, connection).is_some() {
            state.reused = state.reused.saturating_add(1);
        }
        let now = Instant::now();
        // The calls that have started may still need the entries that are as old as they are.
        state.idle_since.retain(|(other, since)| {
            *other != connection && now.duration_since(*since) < 2 * SHORT
        });
        state.idle_since.push((connection, now));
    }

    /// To be called after the server has closed the connection of a request without a response.
    /// Starts a pause if the connection was a kept one that was idle for a short time. If the
    /// connection is unknown, it counts as such.
    pub(crate) fn closed(&self, attempt: &Attempt, connection: Connection) -> Option<Pause> {
        if !attempt.keeps {
            return None;
        }
        let mut state = self.state();
        let idle = state.idle(attempt, connection)?;
        Some(Pause {
            idle: connection.map(|_| idle),
            lasts: state.pause(Instant::now()),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether connections are kept now. Ends a pause that is over.
    fn keeps(&mut self, now: Instant) -> bool {
        if self.paused_until.is_some_and(|until| now >= until) {
            self.paused_until = None;
            self.resumed = Some(now);
            self.reused = 0;
        }
        self.on && self.paused_until.is_none()
    }

    /// For how long the connection of a request was idle before, if that was short.
    fn idle(&self, attempt: &Attempt, connection: Connection) -> Option<Duration> {
        let mut all = self.idle_since.iter();
        let (_, since) = all.find(|(other, _)| *other == connection)?;
        // A request may also wait until a connection becomes idle.
        let idle = attempt.start.saturating_duration_since(*since);
        (idle < SHORT).then_some(idle)
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
