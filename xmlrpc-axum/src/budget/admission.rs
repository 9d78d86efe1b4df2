//! Waiting for the bytes of a large body.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    Budget, LargeCharge,
    large::{Need, Waiter},
};

/// Waits for bytes. Dropping it gives up.
pub(crate) struct Admission {
    budget: Arc<Budget>,
    need: Need,
    /// The charge of a body that has begun to arrive.
    charge: Option<LargeCharge>,
    /// Its number in the queue.
    ticket: Option<u64>,
}

impl Admission {
    pub(super) fn new(budget: &Arc<Budget>, need: Need, charge: Option<LargeCharge>) -> Self {
        Self {
            budget: Arc::clone(budget),
            need,
            charge,
            ticket: None,
        }
    }

    fn admitted(&mut self) -> LargeCharge {
        let (bytes, receiving) = match self.need {
            Need::Receive { part, .. } | Need::Grow { part, .. } => (part, true),
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
            if large.is_first(this.need) && large.has_room(this.need, 0, &budget) {
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
