//! A request in flight, and the bytes of a small one.

use std::sync::{Arc, atomic::Ordering::SeqCst};

use bytes::Bytes;
use xmlrpc_core::ResponseCharge;

use super::Budget;

/// One request, in a number that also has bytes. So there may be 16 million requests, and they may
/// have 1 TiB.
const ONE: u64 = 1 << 40;

/// The bytes in such a number.
pub(super) fn bytes(number: u64) -> usize {
    usize::try_from(number % ONE).unwrap_or(usize::MAX)
}

/// The requests in such a number.
fn requests(number: u64) -> usize {
    usize::try_from(number / ONE).unwrap_or(usize::MAX)
}

/// A request in flight, until it is dropped.
pub(crate) struct InFlight {
    budget: Arc<Budget>,
    /// The bytes of its small body or of its small response.
    bytes: usize,
}

impl InFlight {
    /// Counts a request. Returns `None` if there are as many as there may be.
    pub(crate) fn enter(budget: Arc<Budget>) -> Option<Self> {
        let before = requests(budget.small.fetch_add(ONE, SeqCst));
        let entered = Self { budget, bytes: 0 };
        (before < entered.budget.max_requests).then_some(entered)
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Sets the number of bytes that this request holds.
    pub(crate) fn hold(&mut self, bytes: usize) {
        let before = self.bytes;
        self.bytes = bytes;
        if bytes > before {
            let more = (bytes - before) as u64;
            self.budget.small.fetch_add(more, SeqCst);
        } else if bytes < before {
            self.give_back((before - bytes) as u64);
        }
    }

    fn give_back(&self, number: u64) {
        let budget = &self.budget;
        let before = budget.small.fetch_sub(number, SeqCst);
        // Large bodies may wait for what small requests have beyond their share.
        if bytes(before) > budget.small_share() && budget.waiting.load(SeqCst) > 0 {
            budget.admit();
        }
    }

    /// Whether a small request may hold what it holds.
    pub(crate) fn fits(&self) -> bool {
        let budget = &self.budget;
        let small = bytes(budget.small.load(SeqCst));
        small <= budget.small_share()
            || small.saturating_add(budget.large_bytes.load(SeqCst)) <= budget.max_bytes
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.give_back(ONE + self.bytes as u64);
    }
}

/// The body of a response, which counts until it has been written.
///
/// hyper drops a body when it has taken the last frame, but keeps the bytes of that frame until they
/// are in the buffers of the socket. So the bytes own what is released then.
pub(crate) fn charged(body: Bytes, in_flight: InFlight, large: Option<ResponseCharge>) -> Bytes {
    Bytes::from_owner(Charged {
        body,
        _in_flight: in_flight,
        _large: large,
    })
}

struct Charged {
    body: Bytes,
    _in_flight: InFlight,
    _large: Option<ResponseCharge>,
}

impl AsRef<[u8]> for Charged {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}
