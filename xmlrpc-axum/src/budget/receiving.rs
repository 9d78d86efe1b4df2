//! Requests that wait: for their clients to send the rest of a body, or for the server to receive a large one.
//! If another request finds no room, the one whose client has let it wait longest makes room. If all of them wait
//! for the server, the one that came last makes room, because it would wait longest.

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
    /// The requests that wait for their clients, in the order in which they began to wait.
    waiting: BTreeMap<u64, Waiting>,
    /// The bytes of `waiting`.
    bytes: usize,
    /// Those that wait for the server.
    queued: BTreeMap<u64, Waiting>,
    /// The bytes of `queued`.
    queued_bytes: usize,
    /// The requests that were chosen to make room and have not ended yet, with their bytes.
    leaving: HashMap<u64, usize>,
    last_ticket: u64,
}

struct Waiting {
    bytes: usize,
    waker: Waker,
}

impl Receiving {
    /// Chooses the request whose client has let it wait longest.
    pub(super) fn evict(&mut self, budget: &Budget) -> Option<Waker> {
        let (ticket, oldest) = self.waiting.pop_first()?;
        self.bytes = self.bytes.saturating_sub(oldest.bytes);
        Some(self.leaves(ticket, oldest, budget))
    }

    /// Chooses the request that began last to wait for the server.
    fn evict_queued(&mut self, budget: &Budget) -> Option<Waker> {
        let (ticket, newest) = self.queued.pop_last()?;
        self.queued_bytes = self.queued_bytes.saturating_sub(newest.bytes);
        Some(self.leaves(ticket, newest, budget))
    }

    fn leaves(&mut self, ticket: u64, request: Waiting, budget: &Budget) -> Waker {
        self.leaving.insert(ticket, request.bytes);
        budget.leaving.fetch_add(ONE + request.bytes as u64, SeqCst);
        request.waker
    }

    /// Whether those that wait have more than this.
    pub(super) fn exceeds(&self, bytes: usize) -> bool {
        self.bytes.saturating_add(self.queued_bytes) > bytes
    }

    /// A request that waits, and the bytes of all that wait for the same.
    fn get_mut(&mut self, ticket: u64) -> Option<(&mut Waiting, &mut usize)> {
        match self.waiting.get_mut(&ticket) {
            Some(waiting) => Some((waiting, &mut self.bytes)),
            None => Some((self.queued.get_mut(&ticket)?, &mut self.queued_bytes)),
        }
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

    /// Adds a request that waits for the server and has these bytes. Returns `None` if too much is waiting
    /// for it.
    pub(super) fn begin_queued(&self, bytes: usize, waker: Waker) -> Option<u64> {
        let mut receiving = self.receiving();
        let all = receiving.queued_bytes.saturating_add(bytes);
        if all > self.max_queued() && !receiving.queued.is_empty() {
            return None;
        }
        receiving.queued_bytes = all;
        receiving.last_ticket += 1;
        let ticket = receiving.last_ticket;
        receiving.queued.insert(ticket, Waiting { bytes, waker });
        Some(ticket)
    }

    /// Updates a request that waits. Returns whether it may continue.
    pub(super) fn wait_on(&self, ticket: u64, bytes: usize, waker: Option<&Waker>) -> bool {
        let mut receiving = self.receiving();
        let Some((waiting, all)) = receiving.get_mut(ticket) else {
            return false;
        };
        let before = mem::replace(&mut waiting.bytes, bytes);
        if let Some(waker) = waker {
            waiting.waker.clone_from(waker);
        }
        *all = all.saturating_sub(before).saturating_add(bytes);
        self.within_share(receiving);
        true
    }

    /// Those that wait for their clients may together have half of all, or, if a large body needs it, as much as
    /// is reserved for small requests. A single one may have more.
    fn within_share(&self, mut receiving: MutexGuard<'_, Receiving>) {
        let mut wakers = Vec::new();
        while receiving.bytes > self.max_receiving() && receiving.waiting.len() > 1 {
            wakers.extend(receiving.evict(self));
        }
        let exceeds = receiving.exceeds(self.small_share());
        drop(receiving);
        wakers.into_iter().for_each(Waker::wake);
        if exceeds && self.waiting.load(SeqCst) > 0 {
            self.admit();
        }
    }

    /// Removes a request that waits no longer. Returns whether it may continue. If not, it makes room
    /// until [`left`](Self::left).
    pub(super) fn end_waiting(&self, ticket: u64) -> bool {
        let mut receiving = self.receiving();
        if let Some(waiting) = receiving.waiting.remove(&ticket) {
            receiving.bytes = receiving.bytes.saturating_sub(waiting.bytes);
            return true;
        }
        let Some(queued) = receiving.queued.remove(&ticket) else {
            return false;
        };
        receiving.queued_bytes = receiving.queued_bytes.saturating_sub(queued.bytes);
        true
    }

    /// A request that was chosen to make room has ended.
    pub(super) fn left(&self, ticket: u64) {
        if let Some(bytes) = self.receiving().leaving.remove(&ticket) {
            self.leaving.fetch_sub(ONE + bytes as u64, SeqCst);
        }
    }

    /// Asks a request that waits to make room. Returns whether there is one.
    #[cold]
    pub(super) fn evict(&self) -> bool {
        let mut receiving = self.receiving();
        let waker = receiving.evict(self);
        let waker = waker.or_else(|| receiving.evict_queued(self));
        drop(receiving);
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

    pub(super) fn receiving(&self) -> MutexGuard<'_, Receiving> {
        self.receiving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
