//! What all connections of one server share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool, AtomicU64, AtomicUsize,
            Ordering::{AcqRel, Acquire, Relaxed},
        },
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::{
    connection::Connection,
    phase::Order,
    registry::{Registry, Slot, Source},
    settings::Settings,
};

/// The time between two warnings, in milliseconds.
const WARN_EVERY: u64 = 10_000;

/// How long a connection may take to make room before another one is asked. It may have received a
/// request instead.
const CLOSES_WITHIN: Duration = Duration::from_millis(20);

/// What all connections of one server share.
pub(super) struct Server {
    pub(super) settings: Settings,
    /// Milliseconds since the server started, as of the last round of the sweeper. The hot path
    /// reads this instead of the time.
    clock: AtomicU64,
    draining: AtomicBool,
    /// The server's clock until which requests are answered that arrive before the response to an earlier one.
    answers_pipelines_until: AtomicU64,
    /// No new connections are accepted.
    stopped: AtomicBool,
    registry: Mutex<Registry>,
    /// Connections that exist, and those that ended while a method of theirs still runs.
    alive: AtomicUsize,
    /// The bytes of heads that have not arrived completely, or whose bodies have not.
    heads: AtomicUsize,
    /// A connection has ended.
    changed: Notify,
    /// The server's clock from which on it may warn again.
    warns_from: AtomicU64,
}

impl Server {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            clock: AtomicU64::new(0),
            draining: AtomicBool::new(false),
            answers_pipelines_until: AtomicU64::new(u64::MAX),
            stopped: AtomicBool::new(false),
            registry: Mutex::default(),
            alive: AtomicUsize::new(0),
            heads: AtomicUsize::new(0),
            changed: Notify::new(),
            warns_from: AtomicU64::new(0),
        }
    }

    /// The server's clock in milliseconds, accurate to one [`tick`](Settings::tick).
    pub(super) fn now(&self) -> u64 {
        self.clock.load(Relaxed)
    }

    /// Whether more than this time has passed since then.
    pub(super) fn has_passed(&self, time: Duration, since: u64) -> bool {
        u128::from(self.now().saturating_sub(since)) > time.as_millis()
    }

    pub(super) fn advance(&self, by: Duration) -> u64 {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let now = self.now().saturating_add(by);
        self.clock.store(now, Relaxed);
        now
    }

    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        // A panic while it is held, for example in a subscriber of `tracing`, leaves no half-made
        // change.
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // --- connections ---

    /// Waits until there is room for another connection. At the maximum, it closes one that makes
    /// room. Returns `None` if its address has as many as it may have, and none of these can make room.
    pub(super) async fn admit(self: &Arc<Self>, source: Option<Source>) -> Option<Slot> {
        // When the connection that was asked to close should have closed.
        let mut asked: Option<Instant> = None;
        loop {
            let ended = self.changed.notified();
            {
                let mut registry = self.registry();
                let of_source = self.settings.max_connections_per_address.zip(source);
                let full = of_source.filter(|(maximum, source)| registry.of(*source) >= *maximum);
                if full.is_none() && registry.len() < self.settings.max_connections() {
                    let source = of_source.map(|(_, source)| source);
                    return Some(registry.open(self, source));
                }
                // Others have ended meanwhile, or it has received a request instead.
                if asked.is_none_or(|until| until <= Instant::now()) {
                    let closes = match full {
                        Some((_, source)) => registry.make_room_of(source),
                        None => registry.relieve(),
                    };
                    if !closes && let Some((maximum, _)) = full {
                        tracing::debug!(
                            maximum,
                            "refused a connection: its address has the maximum number of connections"
                        );
                        return None;
                    }
                    if !closes {
                        tracing::debug!(
                            "all connections are busy: accepting continues when one ends"
                        );
                    }
                    asked = closes.then(|| Instant::now() + CLOSES_WITHIN);
                }
            }
            let tick = self.settings.tick();
            let wait = asked.map_or(tick, |_| tick.min(CLOSES_WITHIN));
            let _ = tokio::time::timeout(wait, ended).await;
        }
    }

    /// Closes a connection, because a resource is exhausted.
    pub(super) fn relieve(&self) -> bool {
        self.registry().relieve()
    }

    /// Replaces the bytes of a head. If there are too many bytes, it closes the connections with the
    /// oldest heads.
    pub(super) fn hold_heads(&self, before: usize, now: usize) {
        let heads = self.heads.fetch_add(now, Relaxed).saturating_add(now);
        self.heads.fetch_sub(before, Relaxed);
        if heads.saturating_sub(before) > self.settings.max_buffered_head_bytes {
            self.make_room_for_heads();
        }
    }

    #[cold]
    fn make_room_for_heads(&self) {
        let mut registry = self.registry();
        while self.heads.load(Relaxed) > self.settings.max_buffered_head_bytes
            && registry.close_oldest_head()
        {}
    }

    pub(super) fn release_heads(&self, bytes: usize) {
        self.heads.fetch_sub(bytes, Relaxed);
    }

    pub(super) fn opened(&self) {
        self.alive.fetch_add(1, Relaxed);
    }

    pub(super) fn closed(&self) {
        self.alive.fetch_sub(1, AcqRel);
        self.changed.notify_one();
    }

    /// Whether there are more connections than this.
    pub(super) fn is_larger_than(&self, connections: usize) -> bool {
        self.alive.load(Relaxed) > connections
    }

    /// Tells the one who waits that a socket was closed.
    pub(super) fn socket_closed(&self) {
        self.changed.notify_one();
    }

    /// Waits until a connection ends.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Whether the last warning was long enough ago. Under an attack, a warning for each connection
    /// would fill the log.
    pub(super) fn may_warn(&self) -> bool {
        let now = self.now();
        let may = now >= self.warns_from.load(Relaxed);
        if may {
            self.warns_from.store(now + WARN_EVERY, Relaxed);
        }
        may
    }

    pub(super) fn close_all(&self) {
        for connection in self.registry().connections() {
            Connection::order(connection, Order::Close);
        }
    }

    // --- the shutdown ---

    pub(super) fn drain(&self) {
        // The rest of the time is for the last responses.
        let Settings {
            drain_delay, drain, ..
        } = self.settings;
        let time = drain_delay.saturating_add(drain / 10 * 9).as_millis();
        let until = u64::try_from(time).unwrap_or(u64::MAX);
        let until = self.now().saturating_add(until);
        self.answers_pipelines_until.store(until, Relaxed);
        self.draining.store(true, Relaxed);
    }

    /// Whether a connection continues while its client sends requests without waiting for responses.
    pub(super) fn answers_pipelines(&self) -> bool {
        self.now() < self.answers_pipelines_until.load(Relaxed)
    }

    /// Whether a shutdown has begun, so that each connection ends with its next response.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// Waits until all connections have ended, and all methods that run to completion.
    pub(super) async fn ended(&self) {
        loop {
            let changed = self.changed.notified();
            if self.alive.load(Acquire) == 0 {
                return;
            }
            changed.await;
        }
    }

    /// Waits until all sockets are closed.
    pub(super) async fn emptied(&self) {
        loop {
            let changed = self.changed.notified();
            if self.registry().len() == 0 {
                return;
            }
            changed.await;
        }
    }
}
