//! Requests that wait for their clients to send the rest of a body. When there is no room for
//! another request, the one that has been waiting longest makes room.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::{MutexGuard, PoisonError, atomic::Ordering::SeqCst},
    task::Waker,
};

use super::{
    Budget,
    in_flight::{ONE, bytes, requests},
};

/// What a connection holds while the body of its request arrives, besides the headers and the body:
/// its buffers and its task.
pub(super) const CONNECTION: usize = 16 << 10;

#[derive(Default)]
pub(super) struct Receiving {
    /// The requests that wait, in the order in which they began to wait.
    waiting: BTreeMap<u64, Waiting>,
    /// The bytes of `waiting`.
    bytes: usize,
    /// The requests that were chosen to make room and have not ended yet, with their bytes.
    leaving: HashMap<u64, usize>,
    last_ticket: u64,
}

struct Waiting {
    bytes: usize,
    waker: Waker,
}

impl Receiving {
    fn evict(&mut self, budget: &Budget) -> Option<Waker> {
        let (ticket, oldest) = self.waiting.pop_first()?;
        self.bytes = self.bytes.saturating_sub(oldest.bytes);
        self.leaving.insert(ticket, oldest.bytes);
        budget.leaving.fetch_add(ONE + oldest.bytes as u64, SeqCst);
        Some(oldest.waker)
    }
}

impl Budget {
    /// Adds a request that waits for its client and has these bytes. Returns its ticket.
    pub(super) fn begin_waiting(&self, bytes: usize, waker: Waker) -> u64 {
        let mut receiving = self.receiving();
        receiving.last_ticket += 1;
        let ticket = receiving.last_ticket;
        receiving.bytes = receiving.bytes.saturating_add(bytes);
        receiving.waiting.insert(ticket, Waiting { bytes, waker });
        self.within_share(receiving);
        ticket
    }

    /// Updates a request that waits. Returns whether it may continue.
    pub(super) fn wait_on(&self, ticket: u64, bytes: usize, waker: Option<&Waker>) -> bool {
        let mut receiving = self.receiving();
        let Some(waiting) = receiving.waiting.get_mut(&ticket) else {
            return false;
        };
        let before = mem::replace(&mut waiting.bytes, bytes);
        if let Some(waker) = waker {
            waiting.waker.clone_from(waker);
        }
        receiving.bytes = receiving.bytes.saturating_sub(before).saturating_add(bytes);
        self.within_share(receiving);
        true
    }

    /// Those that wait may together have as much as is reserved for small requests. A single one may
    /// have more.
    fn within_share(&self, mut receiving: MutexGuard<'_, Receiving>) {
        let mut wakers = Vec::new();
        while receiving.bytes > self.small_share() && receiving.waiting.len() > 1 {
            wakers.extend(receiving.evict(self));
        }
        drop(receiving);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Removes a request that waits no longer. Returns whether it may continue. If not, it makes room
    /// until [`left`](Self::left).
    pub(super) fn end_waiting(&self, ticket: u64) -> bool {
        let mut receiving = self.receiving();
        let Some(waiting) = receiving.waiting.remove(&ticket) else {
            return false;
        };
        receiving.bytes = receiving.bytes.saturating_sub(waiting.bytes);
        true
    }

    /// A request that was chosen to make room has ended.
    pub(super) fn left(&self, ticket: u64) {
        if let Some(bytes) = self.receiving().leaving.remove(&ticket) {
            self.leaving.fetch_sub(ONE + bytes as u64, SeqCst);
        }
    }

    /// Asks the request that has been waiting longest to make room. Returns whether there is one.
    #[cold]
    pub(super) fn evict(&self) -> bool {
        let waker = self.receiving().evict(self);
        let evicted = waker.is_some();
        if let Some(waker) = waker {
            waker.wake();
        }
        evicted
    }

    /// The bytes of small requests, without those that are making room.
    pub(super) fn small_bytes(&self) -> usize {
        bytes(self.small.load(SeqCst)).saturating_sub(bytes(self.leaving.load(SeqCst)))
    }

    /// The number of requests, without those that are making room.
    pub(super) fn small_requests(&self) -> usize {
        requests(self.small.load(SeqCst)).saturating_sub(requests(self.leaving.load(SeqCst)))
    }

    fn receiving(&self) -> MutexGuard<'_, Receiving> {
        self.receiving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
