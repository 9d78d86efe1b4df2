//! The bytes of large bodies, and the queues of bodies that wait for them.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, MutexGuard, PoisonError, atomic::Ordering::SeqCst},
    task::Waker,
};

use super::{Budget, LargeCharge, admission::Admission, slow::Slow};

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
    to_grow: VecDeque<Waiter>,
    to_decode: VecDeque<Waiter>,
    /// The waiters that got their bytes and have not noticed it yet.
    pub(super) admitted: BTreeSet<u64>,
    pub(super) last_ticket: u64,
    /// The bodies that make room if others wait to receive.
    pub(super) slow: Slow,
}

pub(super) struct Waiter {
    pub(super) ticket: u64,
    pub(super) need: Need,
    pub(super) waker: Waker,
}

/// What a body waits for.
#[derive(Clone, Copy)]
pub(super) enum Need {
    /// To be received. It gets `part`, and may need `all`.
    Receive { part: usize, all: usize },
    /// To receive more. It has `own` bytes and then gets `part`. It may need `all`.
    Grow { own: usize, part: usize, all: usize },
    /// To decode a body. It has `own` bytes and then gets `all`.
    Decode { own: usize, all: usize },
}

impl Budget {
    /// Waits until a body that may need `all` bytes may be received. It gets a part of them.
    pub(crate) fn receive(self: &Arc<Self>, part: usize, all: usize) -> Admission {
        let part = part.min(all);
        Admission::new(self, Need::Receive { part, all }, None)
    }

    /// Waits until a body that has begun to arrive may have `part` of the `all` bytes that it may need.
    ///
    /// Bodies that have a part each do not wait for each other. Consider the one that was admitted last. All
    /// that it may need was free then beside the others. They have no more now, because none of them was
    /// admitted after it. So it goes on and ends. Then the same holds for the one that was admitted before it.
    pub(crate) fn grow(
        self: &Arc<Self>,
        charge: LargeCharge,
        part: usize,
        all: usize,
    ) -> Admission {
        let own = charge.bytes();
        let part = part.max(own);
        let all = all.max(part);
        Admission::new(self, Need::Grow { own, part, all }, Some(charge))
    }

    /// Waits until a body that has arrived may be decoded.
    pub(crate) fn decode(self: &Arc<Self>, charge: LargeCharge) -> Admission {
        let own = charge.bytes();
        let all = own.saturating_mul(1 + DECODED);
        Admission::new(self, Need::Decode { own, all }, Some(charge))
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
        large.make_room(self, &mut wakers);
        self.make_room_of_small(&large, &mut wakers);
        self.publish(&large);
        drop(large);
        for waker in wakers {
            waker.wake();
        }
    }

    /// Asks requests that wait for their clients to make room for the next large body, if they have more than
    /// their share and that helps.
    fn make_room_of_small(&self, large: &Large, wakers: &mut Vec<Waker>) {
        if !large.waits_for_small(self.overflow(), self) {
            return;
        }
        let mut receiving = self.receiving();
        while receiving.exceeds(self.small_share())
            && large.waits_for_small(self.overflow_soon(), self)
            && let Some(waker) = receiving.evict(self)
        {
            wakers.push(waker);
        }
    }

    fn publish(&self, large: &Large) {
        self.large_bytes.store(large.bytes, SeqCst);
        let waiting = large.to_receive.len() + large.to_grow.len() + large.to_decode.len();
        self.waiting.store(waiting, SeqCst);
    }
}

impl Large {
    /// Takes the next waiter for which there is room, and gives it its bytes.
    fn next(&mut self, budget: &Budget) -> Option<Waiter> {
        let need = self.front()?;
        if self.has_room(need, 0, budget) {
            self.take(need);
            return self.queue(need).pop_front();
        }
        if !matches!(need, Need::Grow { .. }) {
            return None;
        }
        // Another one of those that have begun may need less. One that does not wait for the others goes
        // on, and then frees what it has.
        let fits = |waiter: &Waiter| self.has_room(waiter.need, 0, budget);
        let place = self.to_grow.iter().position(fits)?;
        let waiter = self.to_grow.remove(place)?;
        self.take(waiter.need);
        Some(waiter)
    }

    /// What the next waiter needs.
    fn front(&self) -> Option<Need> {
        // Decoding goes first: it frees bytes. Bodies that have begun go before others.
        let queues = [&self.to_decode, &self.to_grow, &self.to_receive];
        queues.iter().find_map(|queue| Some(queue.front()?.need))
    }

    /// Whether a newcomer with this need is first: no waiter goes before it.
    pub(super) fn is_first(&self, need: Need) -> bool {
        self.to_decode.is_empty()
            && (matches!(need, Need::Decode { .. }) || self.to_grow.is_empty())
            && (!matches!(need, Need::Receive { .. }) || self.to_receive.is_empty())
    }

    /// Asks slow bodies to make room for the next waiter, if that helps.
    fn make_room(&mut self, budget: &Budget, wakers: &mut Vec<Waker>) {
        let Some(need @ (Need::Receive { .. } | Need::Grow { .. })) = self.front() else {
            return;
        };
        if !self.has_room(need, self.slow.all_bytes(), budget) {
            return;
        }
        while !self.has_room(need, self.slow.leaving_bytes(), budget)
            && let Some(waker) = self.slow.evict()
        {
            wakers.push(waker);
        }
    }

    /// Whether there is room if bodies that are being received give up `leaving` bytes.
    pub(super) fn has_room(&self, need: Need, leaving: usize, budget: &Budget) -> bool {
        self.has_room_beside(budget.overflow(), need, leaving, budget)
    }

    /// Whether the next waiter only waits because small requests have so much beyond their share.
    fn waits_for_small(&self, overflow: usize, budget: &Budget) -> bool {
        let fits = |overflow| {
            let leaving = self.slow.leaving_bytes();
            move |need| self.has_room_beside(overflow, need, leaving, budget)
        };
        overflow > 0
            && self
                .front()
                .is_some_and(|need| !fits(overflow)(need) && fits(0)(need))
    }

    fn has_room_beside(
        &self,
        overflow: usize,
        need: Need,
        leaving: usize,
        budget: &Budget,
    ) -> bool {
        let bytes = self.bytes.saturating_sub(leaving);
        let receiving = self.receiving.saturating_sub(leaving);
        let share = budget.large_share();
        match need {
            Need::Receive { all, .. } => fits_to_receive(bytes, receiving, all, overflow, share),
            Need::Grow { own, all, .. } => {
                let (bytes, receiving) = (bytes.saturating_sub(own), receiving.saturating_sub(own));
                fits_to_receive(bytes, receiving, all, overflow, share)
            }
            // One body at least can always be decoded, because those that are being received have
            // taken only their half.
            Need::Decode { own, all } => {
                let others = bytes.saturating_sub(own);
                bytes == receiving || add(&[others, overflow, all]) <= share
            }
        }
    }

    pub(super) fn take(&mut self, need: Need) {
        let (own, gets) = match need {
            Need::Receive { part, .. } => (0, part),
            Need::Grow { own, part, .. } => (own, part),
            Need::Decode { own, all } => (own, all),
        };
        self.bytes = self.bytes.saturating_sub(own).saturating_add(gets);
        self.receiving = self.receiving.saturating_sub(own);
        if !matches!(need, Need::Decode { .. }) {
            self.receiving = self.receiving.saturating_add(gets);
        }
    }

    /// The queue in which a body waits.
    pub(super) fn queue(&mut self, need: Need) -> &mut VecDeque<Waiter> {
        match need {
            Need::Receive { .. } => &mut self.to_receive,
            Need::Grow { .. } => &mut self.to_grow,
            Need::Decode { .. } => &mut self.to_decode,
        }
    }
}

/// Whether a body may have `all` bytes beside the `bytes` of others, of which `receiving` belong to bodies
/// that are being received. A body that is larger than the shares is received alone.
fn fits_to_receive(
    bytes: usize,
    receiving: usize,
    all: usize,
    overflow: usize,
    share: usize,
) -> bool {
    let nothing = bytes == 0 && overflow == 0;
    let shares_half = receiving == 0 || add(&[receiving, all]) <= share / 2;
    nothing || (shares_half && add(&[bytes, overflow, all]) <= share)
}

pub(super) fn add(numbers: &[usize]) -> usize {
    let sum = numbers.iter();
    sum.fold(0, |sum, number| sum.saturating_add(*number))
}
