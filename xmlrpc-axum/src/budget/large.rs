//! The bytes of large bodies, and the queues of bodies that wait for them.

use std::{
    collections::{BTreeSet, VecDeque},
    pin::Pin,
    sync::{Arc, MutexGuard, PoisonError, atomic::Ordering::SeqCst},
    task::{Context, Poll, Waker},
};

use super::{Budget, LargeCharge};

/// What decoding a body and making its response may take, for each byte of the body, besides the
/// body itself. A map with one short member becomes nine times as large when it is decoded, and is
/// written again.
const DECODED: usize = 10;

#[derive(Default)]
pub(super) struct Large {
    /// The bytes of all charges.
    pub(super) bytes: usize,
    /// Those of bodies that are being received, or have arrived and wait to be decoded.
    pub(super) receiving: usize,
    to_receive: VecDeque<Waiter>,
    to_decode: VecDeque<Waiter>,
    /// The waiters that got their bytes and have not noticed it yet.
    admitted: BTreeSet<u64>,
    last_ticket: u64,
}

struct Waiter {
    ticket: u64,
    need: Need,
    waker: Waker,
}

/// What a body waits for.
#[derive(Clone, Copy)]
enum Need {
    /// To receive this many bytes.
    Receive(usize),
    /// To decode a body. It has `own` bytes and then gets `all`.
    Decode { own: usize, all: usize },
}

impl Budget {
    /// Waits until a body of so many bytes may be received. `kept` bytes of it have already arrived.
    /// Returns `None` at once if too much is waiting.
    pub(crate) fn receive(self: &Arc<Self>, bytes: usize, kept: usize) -> Option<Admission> {
        let before = self.kept.fetch_add(kept, SeqCst);
        let admission = Admission {
            budget: Arc::clone(self),
            need: Need::Receive(bytes),
            kept,
            charge: None,
            ticket: None,
        };
        (kept == 0 || before.saturating_add(kept) <= self.max_kept()).then_some(admission)
    }

    /// Waits until a body that has arrived may be decoded.
    pub(crate) fn decode(self: &Arc<Self>, charge: LargeCharge) -> Admission {
        let own = charge.bytes();
        let all = own.saturating_mul(1 + DECODED);
        Admission {
            budget: Arc::clone(self),
            need: Need::Decode { own, all },
            kept: 0,
            charge: Some(charge),
            ticket: None,
        }
    }

    /// Gives free bytes to those that wait for them.
    pub(super) fn admit(&self) {
        let large = self.lock();
        self.end(large);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Large> {
        self.large.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits waiters, publishes the sums, and wakes the admitted after the lock is released.
    pub(super) fn end(&self, mut large: MutexGuard<'_, Large>) {
        let mut wakers = Vec::new();
        // A small request that gives bytes back first changes `small` and then reads `waiting`. So
        // this first changes `waiting` and then reads `small`: one of the two sees the other.
        self.publish(&large);
        while let Some(waiter) = large.next(self) {
            large.admitted.insert(waiter.ticket);
            wakers.push(waiter.waker);
        }
        self.publish(&large);
        drop(large);
        for waker in wakers {
            waker.wake();
        }
    }

    fn publish(&self, large: &Large) {
        self.large_bytes.store(large.bytes, SeqCst);
        let waiting = large.to_receive.len() + large.to_decode.len();
        self.waiting.store(waiting, SeqCst);
    }
}

impl Large {
    /// Takes the next waiter for which there is room, and gives it its bytes.
    fn next(&mut self, budget: &Budget) -> Option<Waiter> {
        // Decoding goes first: it frees bytes.
        let decode = !self.to_decode.is_empty();
        let queue = if decode {
            &self.to_decode
        } else {
            &self.to_receive
        };
        let need = queue.front()?.need;
        if !self.has_room(need, budget) {
            return None;
        }
        self.take(need);
        let queue = if decode {
            &mut self.to_decode
        } else {
            &mut self.to_receive
        };
        queue.pop_front()
    }

    fn has_room(&self, need: Need, budget: &Budget) -> bool {
        let overflow = budget.overflow();
        let share = budget.large_share();
        match need {
            // A body that is larger than the shares is received alone.
            Need::Receive(bytes) => {
                let nothing = self.bytes == 0 && overflow == 0;
                let shares_half = self.receiving == 0 || add(&[self.receiving, bytes]) <= share / 2;
                nothing || (shares_half && add(&[self.bytes, overflow, bytes]) <= share)
            }
            // One body at least can always be decoded, because those that are being received have
            // taken only their half.
            Need::Decode { own, all } => {
                let others = self.bytes.saturating_sub(own);
                self.bytes == self.receiving || add(&[others, overflow, all]) <= share
            }
        }
    }

    fn take(&mut self, need: Need) {
        match need {
            Need::Receive(bytes) => {
                self.bytes = self.bytes.saturating_add(bytes);
                self.receiving = self.receiving.saturating_add(bytes);
            }
            Need::Decode { own, all } => {
                self.bytes = self.bytes.saturating_sub(own).saturating_add(all);
                self.receiving = self.receiving.saturating_sub(own);
            }
        }
    }

    /// The queue in which a body waits.
    fn queue(&mut self, need: Need) -> &mut VecDeque<Waiter> {
        match need {
            Need::Receive(_) => &mut self.to_receive,
            Need::Decode { .. } => &mut self.to_decode,
        }
    }
}

/// Waits for bytes. Dropping it gives up.
pub(crate) struct Admission {
    budget: Arc<Budget>,
    need: Need,
    kept: usize,
    /// The charge of a body that has arrived.
    charge: Option<LargeCharge>,
    /// Its number in the queue.
    ticket: Option<u64>,
}

impl Admission {
    fn admitted(&mut self) -> LargeCharge {
        let (bytes, receiving) = match self.need {
            Need::Receive(bytes) => (bytes, true),
            Need::Decode { all, .. } => (all, false),
        };
        if let Some(own) = self.charge.take() {
            own.forget();
        }
        LargeCharge::new(Arc::clone(&self.budget), bytes, receiving)
    }
}

impl Future for Admission {
    type Output = LargeCharge;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LargeCharge> {
        let this = &mut *self;
        let budget = Arc::clone(&this.budget);
        let mut large = budget.lock();
        let Some(ticket) = this.ticket else {
            let is_first = large.to_decode.is_empty()
                && (matches!(this.need, Need::Decode { .. }) || large.to_receive.is_empty());
            if is_first && large.has_room(this.need, &budget) {
                large.take(this.need);
                budget.end(large);
                return Poll::Ready(this.admitted());
            }
            large.last_ticket += 1;
            let ticket = large.last_ticket;
            this.ticket = Some(ticket);
            large.queue(this.need).push_back(Waiter {
                ticket,
                need: this.need,
                waker: cx.waker().clone(),
            });
            budget.end(large);
            return Poll::Pending;
        };
        if large.admitted.remove(&ticket) {
            this.ticket = None;
            drop(large);
            return Poll::Ready(this.admitted());
        }
        let queue = large.queue(this.need);
        if let Ok(place) = queue.binary_search_by_key(&ticket, |waiter| waiter.ticket)
            && let Some(waiter) = queue.get_mut(place)
        {
            waiter.waker.clone_from(cx.waker());
        }
        Poll::Pending
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.budget.kept.fetch_sub(self.kept, SeqCst);
        let Some(ticket) = self.ticket else {
            return;
        };
        let budget = Arc::clone(&self.budget);
        let mut large = budget.lock();
        if large.admitted.remove(&ticket) {
            drop(large);
            drop(self.admitted());
            return;
        }
        let queue = large.queue(self.need);
        if let Ok(place) = queue.binary_search_by_key(&ticket, |waiter| waiter.ticket) {
            queue.remove(place);
        }
        budget.end(large);
    }
}

pub(super) fn add(numbers: &[usize]) -> usize {
    let sum = numbers.iter();
    sum.fold(0, |sum, number| sum.saturating_add(*number))
}
