//! Clients that send the next requests before they have the response (RFC 9112, section 9.3.2).
//!
//! The HTTP layer buffers such requests, and drops them when it closes the connection. So the server has to know
//! whether there are any before it decides to close. It sees that the HTTP layer reads: while a request runs, this
//! happens only if nothing is left in its buffer.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// A client that has sent so many requests before it had the response to an earlier one is never idle.
const MANY: u32 = 16;

/// What is known about the requests of a connection. Only its task writes most of it.
#[derive(Default)]
pub(super) struct Pipeline {
    /// Whether all that has been read belongs to the current request or to earlier ones.
    is_last_read: AtomicBool,
    /// Whether the head of the next request has begun to arrive together with an earlier request.
    head_is_early: AtomicBool,
    /// The number of requests that had arrived early.
    early: AtomicU32,
    /// The connection ends with its next response.
    ends: AtomicBool,
}

impl Pipeline {
    /// A head begins to arrive, together with an earlier request or alone.
    pub(super) fn head_is_early(&self, early: bool) {
        self.head_is_early.store(early, Relaxed);
    }

    /// A whole head has been read, and perhaps more. If it was not seen to begin, it was read together with an earlier
    /// request.
    pub(super) fn request_begins(&self, has_begun: bool) {
        let early = !has_begun || self.head_is_early.load(Relaxed);
        self.is_last_read.store(false, Relaxed);
        if early {
            let before = self.early.load(Relaxed);
            self.early.store(before.saturating_add(1), Relaxed);
        }
    }

    /// The HTTP layer has tried to read while a request runs. It got something, or there was nothing.
    pub(super) fn reads(&self, something: bool) {
        self.is_last_read.store(!something, Relaxed);
    }

    /// Whether the client has already sent another request, or a part of it.
    pub(super) fn has_more(&self) -> bool {
        !self.is_last_read.load(Relaxed)
    }

    /// Whether a request had arrived before the response to an earlier one.
    pub(super) fn is_used(&self) -> bool {
        self.early.load(Relaxed) > 0
    }

    /// How many requests had arrived before the response to an earlier one. `None` if these are few, or if the
    /// connection is about to end.
    pub(super) fn many(&self) -> Option<u32> {
        let early = self.early.load(Relaxed);
        (early >= MANY && !self.ends()).then_some(early)
    }

    pub(super) fn end_with_next_response(&self) {
        self.ends.store(true, Relaxed);
    }

    pub(super) fn ends(&self) -> bool {
        self.ends.load(Relaxed)
    }
}
