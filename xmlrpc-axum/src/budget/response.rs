//! The bytes of responses to small requests, while they are made and while they are sent.

use std::sync::atomic::Ordering::SeqCst;

use xmlrpc_core::ResponseBudget;

use super::{
    Budget, SMALL, VERY_SMALL, in_flight,
    large::{Large, add},
};

/// A response counts as small, as a small request does, until it grows beyond 64 KiB.
impl ResponseBudget for Budget {
    fn resize(&self, from: usize, to: usize) -> bool {
        if from.max(to) <= SMALL {
            return self.resize_small(from, to);
        }
        let mut large = self.lock();
        let own = if from > SMALL { from } else { 0 };
        let fits = to <= from || large.has_room_for_response(own, to, self);
        if fits {
            let others = large.bytes.saturating_sub(own);
            if to > SMALL {
                large.bytes = others.saturating_add(to);
            } else {
                large.bytes = others;
                self.small.fetch_add(to as u64, SeqCst);
            }
        }
        self.end(large);
        if fits && from <= SMALL {
            self.give_back_small(from);
        }
        fits
    }
}

impl Budget {
    fn resize_small(&self, from: usize, to: usize) -> bool {
        if to <= from {
            self.give_back_small(from - to);
            return true;
        }
        let more = to - from;
        self.small.fetch_add(more as u64, SeqCst);
        let small = in_flight::bytes(self.small.load(SeqCst));
        let reserve = if to <= VERY_SMALL { 0 } else { self.reserve() };
        let fits = self.small_fits(small, reserve);
        if !fits {
            self.give_back_small(more);
        }
        fits
    }

    fn give_back_small(&self, bytes: usize) {
        let before = self.small.fetch_sub(bytes as u64, SeqCst);
        // Large bodies may wait for what small requests have beyond their share.
        if in_flight::bytes(before) > self.shared() && self.waiting.load(SeqCst) > 0 {
            self.admit();
        }
    }
}

impl Large {
    /// Whether a response that has `own` bytes may have `bytes`.
    ///
    /// A response does not wait. One that is larger than the share is made and sent alone.
    pub(super) fn has_room_for_response(&self, own: usize, bytes: usize, budget: &Budget) -> bool {
        let others = self.bytes.saturating_sub(own);
        others == self.receiving || add(&[others, budget.overflow(), bytes]) <= budget.large_share()
    }
}
