//! The bytes of a large body and of the response to it.

use std::sync::{
    Arc, MutexGuard,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use xmlrpc_core::ResponseBudget;

use super::{Budget, large::Large};

/// Bytes of a large body, and of what it becomes. They are free again when it is dropped.
///
/// The response to a large body takes the place of the body. It only needs bytes that the body does not
/// have.
pub(crate) struct LargeCharge {
    budget: Arc<Budget>,
    /// What the body may take. Both numbers change only while the budget is locked.
    body: AtomicUsize,
    /// What the response takes.
    response: AtomicUsize,
    receiving: bool,
}

impl LargeCharge {
    /// The charge for bytes that the budget has counted.
    pub(super) fn new(budget: Arc<Budget>, bytes: usize, receiving: bool) -> Self {
        Self {
            budget,
            body: AtomicUsize::new(bytes),
            response: AtomicUsize::new(0),
            receiving,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.body.load(SeqCst).max(self.response.load(SeqCst))
    }

    /// Gives bytes of the body back, until so many are left.
    pub(crate) fn shrink(&self, bytes: usize) {
        let large = self.budget.lock();
        let before = self.bytes();
        let body = self.body.load(SeqCst).min(bytes);
        self.body.store(body, SeqCst);
        self.count(large, before);
    }

    /// Its bytes have gone to another charge.
    pub(super) fn forget(self) {
        self.body.store(0, SeqCst);
        self.response.store(0, SeqCst);
    }

    /// Counts the change since it had so many bytes.
    fn count(&self, mut large: MutexGuard<'_, Large>, before: usize) {
        let now = self.bytes();
        large.bytes = large.bytes.saturating_sub(before).saturating_add(now);
        if self.receiving {
            let receiving = large.receiving.saturating_sub(before);
            large.receiving = receiving.saturating_add(now);
        }
        self.budget.end(large);
    }
}

impl ResponseBudget for LargeCharge {
    fn resize(&self, from: usize, to: usize) -> bool {
        let large = self.budget.lock();
        let before = self.bytes();
        let response = self.response.load(SeqCst);
        let response = response.saturating_sub(from).saturating_add(to);
        let fits = to <= from
            || response <= before
            || large.has_room_for_response(before, response, &self.budget);
        if fits {
            self.response.store(response, SeqCst);
            self.count(large, before);
        }
        fits
    }
}

impl Drop for LargeCharge {
    fn drop(&mut self) {
        let before = self.bytes();
        // Its bytes may have gone to another charge.
        if before > 0 {
            self.body.store(0, SeqCst);
            self.response.store(0, SeqCst);
            self.count(self.budget.lock(), before);
        }
    }
}

/// The bytes of the body, which are given back when the last owner of the call leaves. The response may
/// keep its own.
pub(crate) struct BodyCharge(pub(crate) Arc<LargeCharge>);

impl Drop for BodyCharge {
    fn drop(&mut self) {
        self.0.shrink(0);
    }
}
