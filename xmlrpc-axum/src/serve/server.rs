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

use tokio::sync::Notify;

use super::{
    connection::{Connection, Order},
    registry::{Registry, Slot, Source},
    settings::Settings,
};

/// The time between two warnings, in milliseconds.
const WARN_EVERY: u64 = 10_000;

/// What all connections of one server share.
pub(super) struct Server {
    pub(super) settings: Settings,
    /// Milliseconds since the server started, as of the last round of the sweeper. The hot path
    /// reads this instead of the time.
    clock: AtomicU64,
    draining: AtomicBool,
    /// No new connections are accepted.
    stopped: AtomicBool,
    registry: Mutex<Registry>,
    /// Connections that exist, and those that ended while a method of theirs still runs.
    alive: AtomicUsize,
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
            stopped: AtomicBool::new(false),
            registry: Mutex::default(),
            alive: AtomicUsize::new(0),
            changed: Notify::new(),
            warns_from: AtomicU64::new(0),
        }
    }

    /// The server's clock in milliseconds, accurate to one [`tick`](Settings::tick).
    pub(super) fn now(&self) -> u64 {
        self.clock.load(Relaxed)
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

    /// Waits until there is room for another connection. At the maximum, it closes the connection
    /// that has been idle longest. Returns `None` if its address has as many as it may have, and
    /// none of these is idle.
    pub(super) async fn admit(self: &Arc<Self>, source: Option<Source>) -> Option<Slot> {
        loop {
            let ended = self.changed.notified();
            {
                let mut registry = self.registry();
                let of_source = self.settings.max_connections_per_address.zip(source);
                if let Some((maximum, source)) = of_source
                    && registry.of(source) >= maximum
                {
                    if !registry.close_longest_idle_of(source) {
                        tracing::debug!(
                            maximum,
                            "refused a connection: its address has the maximum number of connections"
                        );
                        return None;
                    }
                } else if registry.len() < self.settings.max_connections() {
                    let source = of_source.map(|(_, source)| source);
                    return Some(registry.open(self, source));
                } else if !registry.close_longest_idle() {
                    tracing::debug!("all connections are busy: accepting continues when one ends");
                }
            }
            // The connection that is asked to close may have received a request instead. So look
            // again after a while.
            let _ = tokio::time::timeout(self.settings.tick(), ended).await;
        }
    }

    /// A connection that exists beyond the maximum: the system had accepted it before the server
    /// stopped.
    pub(super) fn admit_last(self: &Arc<Self>) -> Slot {
        self.registry().open(self, None)
    }

    /// Closes the connection that has been idle longest, because a resource is exhausted.
    pub(super) fn relieve(&self) -> bool {
        self.registry().close_longest_idle()
    }

    pub(super) fn opened(&self) {
        self.alive.fetch_add(1, Relaxed);
    }

    pub(super) fn closed(&self) {
        self.alive.fetch_sub(1, AcqRel);
        self.changed.notify_one();
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
        self.draining.store(true, Relaxed);
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
