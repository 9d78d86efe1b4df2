use std::time::Duration;

use super::{pace::MinRate, socket};

/// The default maximum number of connections, if the process may have that many file descriptors.
const MAX_CONNECTIONS: usize = 10_000;

/// How often the server looks at its connections, unless a time-out is shorter than a second.
const TICK: Duration = Duration::from_millis(250);
const SHORTEST_TICK: Duration = Duration::from_millis(10);

/// The settings of a server.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) header_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) min_rate: Option<MinRate>,
    /// `None` is the default.
    pub(super) max_connections: Option<usize>,
    pub(super) max_connections_per_address: Option<usize>,
    /// `None` is an eighth of the limit.
    pub(super) reserved_descriptors: Option<usize>,
    pub(super) max_head_bytes: usize,
    pub(super) max_buffered_head_bytes: usize,
    pub(super) drain_delay: Duration,
    pub(super) drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            min_rate: Some(MinRate {
                bytes_per_second: 1024,
                over: Duration::from_secs(30),
            }),
            max_connections: None,
            max_connections_per_address: None,
            reserved_descriptors: None,
            max_head_bytes: 16 << 10,
            max_buffered_head_bytes: 64 << 20,
            drain_delay: Duration::ZERO,
            drain: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// How often the server looks at its connections.
    pub(super) fn tick(&self) -> Duration {
        let over = self.min_rate.map_or(Duration::MAX, |rate| rate.over);
        let shortest = self.header_timeout.min(self.idle_timeout).min(over);
        (shortest / 4).clamp(SHORTEST_TICK, TICK)
    }

    /// Replaces the default number of connections. File descriptors are also needed for other
    /// things, such as files and connections to databases, so some of them are left.
    pub(super) fn choose_max_connections(&mut self) {
        let descriptors = socket::max_descriptors().and_then(|it| usize::try_from(it).ok());
        let available = descriptors.map_or(usize::MAX, |it| {
            let reserved = self.reserved_descriptors.unwrap_or(it / 8);
            it.saturating_sub(reserved).max(1)
        });
        match self.max_connections {
            None => self.max_connections = Some(MAX_CONNECTIONS.min(available)),
            Some(maximum) if maximum > available && maximum != usize::MAX => tracing::warn!(
                maximum,
                descriptors,
                "the maximum number of connections exceeds what the limit of file descriptors allows: raise that limit, or choose a smaller maximum"
            ),
            Some(_) => {}
        }
    }

    pub(super) fn max_connections(&self) -> usize {
        self.max_connections.unwrap_or(MAX_CONNECTIONS)
    }
}
