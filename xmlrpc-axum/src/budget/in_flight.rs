//! A request in flight, and the bytes of a small one.

use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    task::Waker,
};

use bytes::Bytes;
use xmlrpc_core::{ResponseBudget, ResponseCharge};

use super::{Budget, LargeCharge, SMALL, VERY_SMALL, receiving::CONNECTION};

/// One request, in a number that also has bytes. So there may be 16 million requests, and they may
/// have 1 TiB.
pub(super) const ONE: u64 = 1 << 40;

/// What a request with a small body of this size takes: the body, and about as much in the buffers of its
/// connection, which have grown to receive it.
pub(crate) const fn with_buffers(body: usize) -> usize {
    body.saturating_mul(2)
}

/// The bytes in such a number.
pub(super) fn bytes(number: u64) -> usize {
    usize::try_from(number % ONE).unwrap_or(usize::MAX)
}

/// The requests in such a number.
pub(super) fn requests(number: u64) -> usize {
    usize::try_from(number / ONE).unwrap_or(usize::MAX)
}

/// A request in flight, until it is dropped.
pub(crate) struct InFlight {
    budget: Arc<Budget>,
    /// The bytes of its small body or of its small response, and those of `wait`.
    bytes: usize,
    /// The bytes of its small response, unless that is very small.
    response: usize,
    /// Set while it waits for its client, or for the server.
    wait: Option<Wait>,
}

/// The place of a request among those that wait.
#[derive(Clone, Copy)]
struct Wait {
    ticket: u64,
    /// What it holds besides its body.
    overhead: usize,
    /// Whether it waits for the server, and not for its client.
    queued: bool,
    evicted: bool,
}

/// Whether a request may wait for the server.
pub(crate) enum Queued {
    Waits,
    /// Too much is waiting already.
    TooMuch,
    /// It makes room for another request, and must end.
    MakesRoom,
}

impl InFlight {
    /// Counts a request. Returns `None` if there are as many as there may be, and none of them makes
    /// room.
    pub(crate) fn enter(budget: Arc<Budget>) -> Option<Self> {
        let before = requests(budget.small.fetch_add(ONE, SeqCst));
        let entered = Self {
            budget,
            bytes: 0,
            response: 0,
            wait: None,
        };
        (before < entered.budget.max_requests || entered.budget.has_place()).then_some(entered)
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Sets the number of bytes that this request holds.
    pub(crate) fn hold(&mut self, bytes: usize) {
        let bytes = match &mut self.wait {
            None => bytes,
            Some(wait) => {
                let bytes = bytes.saturating_add(wait.overhead);
                wait.evicted |= !self.budget.wait_on(wait.ticket, bytes, None);
                bytes
            }
        };
        self.count(bytes);
    }

    /// Holds a small response instead of the request. Returns whether there is room for it, as there always is for a
    /// very small one.
    ///
    /// Others together leave half of the share to requests, because a client that does not read cannot be told to make
    /// room.
    pub(crate) fn hold_response(&mut self, bytes: usize) -> bool {
        self.hold(bytes);
        if bytes <= VERY_SMALL {
            return true;
        }
        self.response = bytes;
        let others = self.budget.responses.fetch_add(bytes, SeqCst);
        let all = others.saturating_add(bytes);
        let fits = all <= self.budget.small_share() / 2 && self.fits();
        if !fits {
            self.end_response();
        }
        fits
    }

    fn end_response(&mut self) {
        if self.response > 0 {
            self.budget.responses.fetch_sub(self.response, SeqCst);
            self.response = 0;
        }
    }

    /// What bounds a response that is not among the small ones. A small one without room there counts as a large one.
    pub(crate) fn response_budget(&self, bytes: usize) -> Arc<dyn ResponseBudget> {
        let budget = Arc::clone(&self.budget);
        if bytes > SMALL {
            budget
        } else {
            Arc::new(LargeCharge::new(budget, 0, false))
        }
    }

    fn count(&mut self, bytes: usize) {
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
        if bytes(before) > budget.shared() && budget.waiting.load(SeqCst) > 0 {
            budget.admit();
        }
    }

    /// Whether a small request may hold what it holds. Requests that wait for their clients make room
    /// for it.
    pub(crate) fn fits(&self) -> bool {
        // One that waits makes room for very small ones.
        let has_reserve = self.wait.is_some() || self.bytes <= VERY_SMALL;
        let reserve = if has_reserve {
            0
        } else {
            self.budget.reserve()
        };
        let small = bytes(self.budget.small.load(SeqCst));
        let is_evicted = self.wait.is_some_and(|wait| wait.evicted);
        !is_evicted
            && (small.saturating_add(reserve) <= self.budget.small_share()
                || self.budget.has_room(reserve))
    }

    /// The request waits for its client to send the rest of a body, of which it holds `body` bytes.
    /// `head` are those of its headers. Returns whether it may: if not, it makes room for another one, and
    /// must end.
    ///
    /// The waker is called when that changes.
    pub(crate) fn wait(&mut self, body: usize, head: usize, waker: &Waker) -> bool {
        let body = with_buffers(body);
        if let Some(wait) = &mut self.wait {
            let bytes = body.saturating_add(wait.overhead);
            wait.evicted |= !self.budget.wait_on(wait.ticket, bytes, Some(waker));
            return !wait.evicted;
        }
        let overhead = head.saturating_add(CONNECTION);
        let bytes = body.saturating_add(overhead);
        self.count(bytes);
        let ticket = self.budget.begin_waiting(bytes, waker.clone());
        self.wait = Some(Wait {
            ticket,
            overhead,
            queued: false,
            evicted: false,
        });
        // This may choose this request, which then ends at its next poll.
        self.fits();
        true
    }

    /// The request waits until the server receives the rest of its large body, of which it holds `body` bytes.
    /// `head` are those of its headers. The waker is called when it must make room.
    pub(crate) fn queue(&mut self, body: usize, head: usize, waker: &Waker) -> Queued {
        let overhead = head.saturating_add(CONNECTION);
        let bytes = with_buffers(body).saturating_add(overhead);
        if let Some(wait) = &mut self.wait {
            if wait.queued {
                wait.evicted |= !self.budget.wait_on(wait.ticket, bytes, Some(waker));
                return if wait.evicted {
                    Queued::MakesRoom
                } else {
                    Queued::Waits
                };
            }
            // It has waited for its client before.
            if !self.go_on(bytes) {
                return Queued::MakesRoom;
            }
        }
        self.count(bytes);
        let Some(ticket) = self.budget.begin_queued(bytes, waker.clone()) else {
            return Queued::TooMuch;
        };
        self.wait = Some(Wait {
            ticket,
            overhead,
            queued: true,
            evicted: false,
        });
        // This may choose this request, which then ends at its next poll.
        self.fits();
        Queued::Waits
    }

    /// The request waits no longer, and holds these bytes. Returns whether it may continue.
    pub(crate) fn go_on(&mut self, bytes: usize) -> bool {
        if let Some(wait) = &mut self.wait {
            if wait.evicted || !self.budget.end_waiting(wait.ticket) {
                wait.evicted = true;
                return false;
            }
            self.wait = None;
        }
        self.count(bytes);
        true
    }
}

impl Budget {
    /// Whether all requests fit, also by making room.
    #[cold]
    fn has_place(&self) -> bool {
        while self.small_requests() > self.max_requests {
            if !self.evict() {
                return false;
            }
        }
        true
    }

    /// Whether the bytes of small requests fit, also by making room.
    #[cold]
    fn has_room(&self, reserve: usize) -> bool {
        loop {
            if self.small_fits(self.small_bytes(), reserve) {
                return true;
            }
            if !self.evict() {
                return false;
            }
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.end_response();
        self.give_back(ONE + self.bytes as u64);
        if let Some(wait) = self.wait
            && (wait.evicted || !self.budget.end_waiting(wait.ticket))
        {
            self.budget.left(wait.ticket);
        }
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
