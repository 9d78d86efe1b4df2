//! A request in flight, and the bytes of a small one.

use std::sync::{Arc, atomic::Ordering::SeqCst};

use bytes::Bytes;

use super::{Budget, LargeCharge};

/// A request in flight, until it is dropped.
pub(crate) struct InFlight {
    budget: Arc<Budget>,
    /// The bytes of its small body or of its small response.
    bytes: usize,
}

impl InFlight {
    /// Counts a request. Returns `None` if there are as many as there may be.
    pub(crate) fn enter(budget: &Arc<Budget>) -> Option<Self> {
        let before = budget.requests.fetch_add(1, SeqCst);
        let entered = Self {
            budget: Arc::clone(budget),
            bytes: 0,
        };
        (before < budget.max_requests).then_some(entered)
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Sets the number of bytes that this request holds.
    pub(crate) fn hold(&mut self, bytes: usize) {
        let budget = &self.budget;
        if bytes == self.bytes {
            return;
        }
        if bytes > self.bytes {
            budget.small.fetch_add(bytes - self.bytes, SeqCst);
        } else {
            let before = budget.small.fetch_sub(self.bytes - bytes, SeqCst);
            if before > budget.small_share() && budget.waiting.load(SeqCst) > 0 {
                budget.admit();
            }
        }
        self.bytes = bytes;
    }

    /// Whether a small request may hold what it holds.
    pub(crate) fn fits(&self) -> bool {
        let budget = &self.budget;
        let small = budget.small.load(SeqCst);
        small <= budget.small_share()
            || small.saturating_add(budget.large_bytes.load(SeqCst)) <= budget.max_bytes
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.hold(0);
        self.budget.requests.fetch_sub(1, SeqCst);
    }
}

/// The body of a response, which counts until it has been written.
///
/// hyper drops a body when it has taken the last frame, but keeps the bytes of that frame until they
/// are in the buffers of the socket. So the bytes own what is released then.
pub(crate) fn charged(body: Bytes, in_flight: InFlight, large: Option<LargeCharge>) -> Bytes {
    Bytes::from_owner(Charged {
        body,
        _in_flight: in_flight,
        _large: large,
    })
}

struct Charged {
    body: Bytes,
    _in_flight: InFlight,
    _large: Option<LargeCharge>,
}

impl AsRef<[u8]> for Charged {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}
