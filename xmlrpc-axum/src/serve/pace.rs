//! Tells slow clients from clients that make progress.

use std::time::Duration;

use super::connection::Progress;

/// The minimum rate at which a client must send a body or take a response.
#[derive(Clone, Copy, Debug)]
pub(super) struct MinRate {
    pub(super) bytes_per_second: u64,
    pub(super) over: Duration,
}

/// The bounds of what the system keeps of a response before it can send it. Less costs more system calls.
const LEAST_UNSENT: u32 = 32 << 10;
const MOST_UNSENT: u32 = 1 << 20;

impl MinRate {
    /// How much of a response the system may keep before it can send it, so that a client which is fast enough is
    /// seen to read. The system has room again when half of it is sent, and takes up to 64 KiB at once.
    pub(super) fn unsent(self) -> u32 {
        let quota = u32::try_from(self.quota()).unwrap_or(u32::MAX);
        quota.clamp(LEAST_UNSENT, MOST_UNSENT)
    }

    /// The same for a client that may be about as slow as this rate. It is also what should be written at once.
    pub(super) fn unsent_to_slow(self) -> u32 {
        self.unsent() / 2
    }

    /// How many bytes must pass while the server waits for the client for the time `over`.
    fn quota(self) -> u64 {
        self.bytes_in(self.over)
    }

    fn bytes_in(self, time: Duration) -> u64 {
        let bytes = u128::from(self.bytes_per_second) * time.as_millis() / 1000;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// How many bytes of a response a slow client may have read without being seen to: what the system keeps, and half
    /// of it again. But a client that reads nothing is always seen.
    fn unseen(self) -> u64 {
        let kept = u64::from(self.unsent_to_slow()) / 2 * 3;
        kept.min(self.quota() / 4 * 3)
    }
}

/// Measures one direction of a connection.
///
/// The time in which a method runs does not count: only the time in which the server waits for the
/// client. When a quota of bytes has passed, the measurement starts again. So a fast start does not
/// pay for a later stop.
#[derive(Debug, Default)]
struct Meter {
    waited: Duration,
    start: u64,
}

impl Meter {
    fn restart(&mut self, bytes: u64) {
        self.waited = Duration::ZERO;
        self.start = bytes;
    }

    /// Returns whether the client is too slow, if so many bytes may have passed unseen.
    fn observe(
        &mut self,
        waits: bool,
        bytes: u64,
        by: Duration,
        rate: MinRate,
        unseen: u64,
    ) -> bool {
        let passed = bytes.wrapping_sub(self.start);
        if passed >= rate.quota() {
            self.restart(bytes);
        } else if waits {
            self.waited = self.waited.saturating_add(by);
        }
        self.waited >= rate.over && passed.saturating_add(unseen) < rate.bytes_in(self.waited)
    }
}

/// Measures both directions of a connection.
#[derive(Debug, Default)]
pub(super) struct Meters {
    request: u32,
    body: Meter,
    response: Meter,
}

impl Meters {
    /// Looks at an active connection after the time `by` has passed. Returns what is too slow.
    pub(super) fn observe(
        &mut self,
        progress: Progress,
        by: Duration,
        rate: MinRate,
    ) -> Option<&'static str> {
        if self.request != progress.requests {
            self.request = progress.requests;
            self.body.restart(progress.received);
            self.response.restart(progress.sent);
        }
        let received = progress.received;
        if self
            .body
            .observe(progress.awaits_body, received, by, rate, 0)
        {
            return Some("the client sends its request too slowly");
        }
        let sent = progress.sent;
        if self
            .response
            .observe(progress.write_blocked, sent, by, rate, rate.unseen())
        {
            return Some("the client reads its response too slowly");
        }
        None
    }
}
