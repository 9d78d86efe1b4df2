//! Hedging: a second attempt beside one that is slow, within a budget.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

/// A hedge costs as much as so many calls bring in: 5 %.
const CALLS_PER_HEDGE: u32 = 20;

/// So many hedges can be saved up.
const MOST: u32 = 100;

pub(super) struct Hedging {
    pub(super) after: Duration,
    budget: Budget,
}

impl Hedging {
    pub(super) fn new(after: Duration) -> Self {
        Self {
            after,
            budget: Budget::default(),
        }
    }

    /// Counts a call that may be hedged.
    pub(super) fn count(&self) {
        self.budget.deposit();
    }

    /// Takes a hedge from the budget, if there is one.
    pub(super) fn allow(&self) -> bool {
        self.budget.withdraw()
    }

    /// Puts back a hedge that was not needed.
    pub(super) fn put_back(&self) {
        self.budget.add(CALLS_PER_HEDGE);
    }
}

/// The number of calls that have not been used for hedges.
#[derive(Default)]
struct Budget {
    calls: AtomicU32,
}

impl Budget {
    fn deposit(&self) {
        self.add(1);
    }

    fn add(&self, calls: u32) {
        let add = |now: u32| Some(now.saturating_add(calls).min(MOST * CALLS_PER_HEDGE));
        let _ = self.calls.fetch_update(Relaxed, Relaxed, add);
    }

    fn withdraw(&self) -> bool {
        let take = |now: u32| now.checked_sub(CALLS_PER_HEDGE);
        self.calls.fetch_update(Relaxed, Relaxed, take).is_ok()
    }
}
