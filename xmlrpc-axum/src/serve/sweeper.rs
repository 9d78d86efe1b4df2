//! Closes connections whose time is over.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    connection::Connection,
    phase::{Order, Phase},
    registry::Entry,
    server::Server,
};

/// For how long an idle connection stays open after the server has stopped accepting. A client that
/// has just received a response, or has just connected, may be sending its next request.
const GRACE: Duration = Duration::from_secs(1);

/// For how long a connection may take to close after it was asked to.
const CLOSING: Duration = Duration::from_secs(1);

/// Looks at all connections a few times a second, until the server ends.
///
/// A timer for each connection would have to be reset for each call.
pub(super) async fn run(server: Arc<Server>) {
    let tick = server.settings.tick();
    let mut last = Instant::now();
    let mut drained_at = None;
    loop {
        tokio::time::sleep_until(last + tick).await;
        let now = Instant::now();
        // The clock stands still while the runtime is stuck: the clients are not to blame.
        let by = (now - last).min(4 * tick);
        last = now;
        let now = server.advance(by);
        if server.is_draining() && drained_at.is_none() {
            drained_at = Some(now);
        }
        let round = Round {
            server: &server,
            now,
            by,
            drained_at,
        };
        for entry in server.registry().entries() {
            round.look_at(entry);
        }
    }
}

struct Round<'a> {
    server: &'a Server,
    now: u64,
    /// The time since the last round.
    by: Duration,
    drained_at: Option<u64>,
}

impl Round<'_> {
    fn look_at(&self, entry: &mut Entry) {
        let connection = &entry.connection;
        let settings = &self.server.settings;
        match connection.phase() {
            Phase::Silent => {
                let reason = "no request arrived in time";
                self.close_if_idle(connection, settings.header_timeout, reason);
            }
            Phase::Idle => {
                self.close_if_idle(connection, settings.idle_timeout, "it was idle");
            }
            Phase::Head => {
                if connection.in_phase_for(self.now) >= settings.header_timeout {
                    close(connection, "the head of a request did not arrive in time");
                }
            }
            Phase::Active => {
                if let Some(rate) = settings.min_rate
                    && let Some(reason) = entry.meters.observe(connection.progress(), self.by, rate)
                {
                    close(connection, reason);
                }
            }
            Phase::Detached => {}
        }
    }

    fn close_if_idle(&self, connection: &Connection, limit: Duration, reason: &str) {
        let idle = connection.in_phase_for(self.now);
        let over = idle >= limit || self.is_drained(connection);
        if !over {
            return;
        }
        if idle >= limit.saturating_add(CLOSING) {
            close(connection, reason);
        } else {
            tracing::trace!(reason, "closing a connection");
            connection.order(Order::CloseIfIdle);
        }
    }

    /// Whether the server shuts down and this connection has had its last chance.
    fn is_drained(&self, connection: &Connection) -> bool {
        let Some(drained_at) = self.drained_at else {
            return false;
        };
        let since = connection.since().max(drained_at);
        let idle = Duration::from_millis(self.now.saturating_sub(since));
        self.server.is_stopped() && idle >= GRACE
    }
}

fn close(connection: &Connection, reason: &str) {
    if !connection.is_ordered(Order::Close) {
        tracing::debug!(reason, "closed a connection");
    }
    connection.order(Order::Close);
}
