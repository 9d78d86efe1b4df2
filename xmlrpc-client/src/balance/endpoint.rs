//! One endpoint: how to send to it, and what is known about it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::Instant;
use xmlrpc_core::observe::ServerAddress;

use super::{
    connection::Destination,
    health::{Candidate, Change, Failure, Health, Pauses, Probe, Prospect},
    load::{Cost, Load, LoadMetric},
    random::Random,
};
use crate::transport::Single;

pub(super) struct Endpoint {
    /// Different for all endpoints of a client.
    pub(super) id: u64,
    pub(super) single: Single,
    pub(super) server: Arc<ServerAddress>,
    /// The scheme, host and port, and the IP address if it was chosen.
    pub(super) name: Box<str>,
    pub(super) destination: Option<Destination>,
    /// The same as `health.is_ready()`, without the lock.
    is_ready: AtomicBool,
    failures: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    load: Load,
    health: Health,
    /// Why it was set aside last.
    reason: Box<str>,
    /// When the server has last said anything.
    heard: Option<Instant>,
    /// When the client has last looked whether it can connect.
    checked: Option<Instant>,
}

/// After an attempt that was given up, the client looks whether it can connect, at most this often.
const CHECKED_EVERY: Duration = Duration::from_secs(1);

/// One attempt of a call at an endpoint.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    number: u64,
    at: Instant,
    pub(super) is_probe: bool,
}

/// What a status shows.
pub(super) struct Figures {
    pub(super) set_aside_for: Option<Duration>,
    pub(super) in_flight: usize,
    pub(super) latency: Option<Duration>,
    pub(super) calls: u64,
    pub(super) failures: u64,
}

impl Endpoint {
    pub(super) fn new(id: u64, single: Single, destination: Option<Destination>) -> Self {
        Self {
            destination,
            id,
            server: Arc::clone(single.server()),
            name: single.peer().into(),
            single,
            is_ready: AtomicBool::new(true),
            failures: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.is_ready.load(Relaxed)
    }

    pub(super) fn cost(&self, metric: LoadMetric, now: Instant) -> Cost {
        self.state().load.cost(metric, now)
    }

    /// What to expect from an endpoint that is set aside, and when it may be probed.
    pub(super) fn prospect(&self, now: Instant) -> (Option<Prospect>, Option<Instant>) {
        let health = &self.state().health;
        (health.prospect(now), health.until())
    }

    /// Whether a call that has failed elsewhere need not try it.
    pub(super) fn is_hopeless(&self, now: Instant) -> bool {
        if self.is_ready() {
            return false;
        }
        match self.state().health.prospect(now) {
            Some(Prospect::Hopeless) => true,
            // Connecting tells without a call whether it works again.
            Some(Prospect::FailsLate) => self.destination.is_some(),
            _ => false,
        }
    }

    /// Why it was set aside last.
    pub(super) fn reason(&self) -> Box<str> {
        self.state().reason.clone()
    }

    /// Whether the endpoint may be probed now, and how.
    pub(super) fn probe(&self, now: Instant, candidate: Candidate) -> Option<Probe> {
        let health = &mut self.state().health;
        health.probe(now, candidate, self.destination.is_some())
    }

    /// A probe could connect.
    pub(super) fn is_reachable(&self) {
        self.state().health.is_reachable();
    }

    pub(super) fn release_probe(&self) {
        self.state().health.release();
    }

    pub(super) fn probe_failed(
        &self,
        began: Instant,
        reason: &str,
        pauses: Pauses,
        random: &Random,
    ) {
        self.failures.fetch_add(1, Relaxed);
        self.set_aside(Failure::Unreachable, true, began, reason, pauses, random);
    }

    pub(super) fn begin(&self, is_probe: bool) -> Begun {
        let at = Instant::now();
        Begun {
            number: self.state().load.begin(at),
            at,
            is_probe,
        }
    }

    /// A call has a response.
    pub(super) fn succeeded(&self, begun: Begun) {
        let mut state = self.state();
        let now = Instant::now();
        state.heard = Some(now);
        state.load.responded(begun.number, now);
        let change = state.health.succeeded(begun.at);
        self.is_ready.store(state.health.is_ready(), Relaxed);
        drop(state);
        if change == Change::Returned {
            tracing::info!(endpoint = &*self.name, "the endpoint is used again");
        }
    }

    /// A call was dropped before it had a response.
    pub(super) fn given_up(&self, begun: Begun, pauses: Pauses, random: &Random) {
        let now = Instant::now();
        self.state().load.given_up(begun.number, now);
        if begun.is_probe {
            let failure = Failure::Suspicious;
            self.set_aside(failure, true, begun.at, "no response", pauses, random);
        }
    }

    /// Whether to look if the client can connect at all. The attempt was given up, perhaps before the time-out for
    /// connecting, and since then the server has said nothing to others either.
    pub(super) fn must_check(&self, begun: Begun) -> bool {
        if self.destination.is_none() || !self.is_ready() {
            return false;
        }
        let mut state = self.state();
        let now = Instant::now();
        let is_due = state
            .checked
            .is_none_or(|at| now.saturating_duration_since(at) >= CHECKED_EVERY);
        let must = is_due && state.heard.is_none_or(|at| at < begun.at);
        if must {
            state.checked = Some(now);
        }
        must
    }

    /// The client could not connect. This means nothing if the server has said something to a call meanwhile.
    pub(super) fn is_unreachable(
        &self,
        began: Instant,
        reason: &str,
        pauses: Pauses,
        random: &Random,
    ) {
        if self.state().heard.is_some_and(|at| at >= began) {
            return;
        }
        self.failures.fetch_add(1, Relaxed);
        self.set_aside(Failure::Unreachable, false, began, reason, pauses, random);
    }

    pub(super) fn failed(
        &self,
        begun: Begun,
        failure: Failure,
        reason: &str,
        pauses: Pauses,
        random: &Random,
    ) {
        {
            let mut state = self.state();
            state.load.failed(begun.number);
            if failure != Failure::Unreachable {
                state.heard = Some(Instant::now());
            }
        }
        self.failures.fetch_add(1, Relaxed);
        self.set_aside(failure, begun.is_probe, begun.at, reason, pauses, random);
    }

    fn set_aside(
        &self,
        failure: Failure,
        is_probe: bool,
        began: Instant,
        reason: &str,
        pauses: Pauses,
        random: &Random,
    ) {
        let mut state = self.state();
        let random = random.half_to_one();
        let change = state
            .health
            .failed(failure, is_probe, began, Instant::now(), pauses, random);
        if change != Change::None {
            state.load.forget();
            state.reason = reason.into();
        }
        self.is_ready.store(state.health.is_ready(), Relaxed);
        drop(state);
        if failure == Failure::Unreachable && change != Change::None {
            self.single.mark_unreachable();
        }
        match change {
            Change::SetAside(pause) if is_probe => tracing::debug!(
                endpoint = &*self.name,
                reason,
                ?pause,
                "the endpoint stays aside"
            ),
            Change::SetAside(pause) => tracing::info!(
                endpoint = &*self.name,
                reason,
                ?pause,
                "the endpoint is set aside"
            ),
            Change::None | Change::Returned => {}
        }
    }

    pub(super) fn figures(&self) -> Figures {
        let now = Instant::now();
        let state = self.state();
        let until = state.health.until();
        Figures {
            set_aside_for: until.map(|until| until.saturating_duration_since(now)),
            in_flight: state.load.in_flight(),
            latency: state.load.latency(now),
            calls: state.load.begun(),
            failures: self.failures.load(Relaxed),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
