//! Hedging: a second attempt beside one that is slow, within a budget.

use std::{
    future::poll_fn,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    task::Poll,
    time::Duration,
};

use tokio::time::timeout;

use super::{
    failover::{Call, Failed, Next, Outcome, Running, Verdict, judge},
    failures::reason_of_status,
    set::Purpose,
};

/// A hedge costs as much as so many calls bring in: 5 %.
const CALLS_PER_HEDGE: u32 = 20;

/// So many hedges can be saved up.
const MOST: u32 = 100;

/// A probe that a hedge has overtaken may take so long.
const LONGEST_PROBE: Duration = Duration::from_secs(10);

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

impl Call<'_> {
    /// Waits for an attempt, and begins a second one at another endpoint if it takes long.
    pub(super) async fn hedged(&mut self, mut first: Running, hedging: &Hedging) -> Outcome {
        if let Ok(result) = timeout(hedging.after, &mut first.sending).await {
            return self.ended(first.attempt, result);
        }
        let Some(second) = self.hedge(&first, hedging) else {
            let result = (&mut first.sending).await;
            return self.ended(first.attempt, result);
        };
        let mut both = [Some(first), Some(second)];
        let mut earlier: Option<Failed> = None;
        loop {
            let (ended, result) = poll_fn(|cx| {
                for slot in &mut both {
                    let Some(running) = slot else { continue };
                    if let Poll::Ready(result) = running.sending.as_mut().poll(cx)
                        && let Some(running) = slot.take()
                    {
                        return Poll::Ready((running.attempt, result));
                    }
                }
                Poll::Pending
            })
            .await;
            // The other attempt is given up only if this one has a result or a fault.
            let mut failed = match self.ended(ended, result) {
                Outcome::Answered(response) => {
                    let others = both.into_iter().flatten();
                    others.for_each(go_on_if_probe);
                    return Outcome::Answered(response);
                }
                Outcome::Failed(failed) => failed,
            };
            if let Some(other) = earlier.take() {
                return Outcome::Failed(self.both_failed(other, failed));
            }
            let [one, other] = &mut both;
            let (running, free) = if one.is_some() {
                (one, other)
            } else {
                (other, one)
            };
            match running
                .as_ref()
                .and_then(|running| self.beside(running, &mut failed))
            {
                Some(third) => {
                    *free = Some(third);
                    self.failures.keep(failed);
                }
                None => earlier = Some(failed),
            }
        }
    }

    /// Begins a second attempt, if the budget allows it and another endpoint is ready.
    fn hedge(&mut self, first: &Running, hedging: &Hedging) -> Option<Running> {
        let attempts = self.balancer.retries.policy.attempts();
        // Both attempts count.
        if self.is_hedged || self.sent.saturating_add(2) > attempts || !hedging.allow() {
            return None;
        }
        let Some(second) = self.begin_beside(first) else {
            hedging.put_back();
            return None;
        };
        self.is_hedged = true;
        tracing::debug!(
            endpoint = &*second.attempt.endpoint.name,
            "the call is hedged"
        );
        Some(second)
    }

    /// One of two attempts has failed. Begins another one beside the one that is still running, under the same
    /// conditions as after a single attempt that has failed.
    fn beside(&mut self, running: &Running, failed: &mut Failed) -> Option<Running> {
        if !self.balancer.set.has_ready(&self.others(running)) {
            return None;
        }
        let is_allowed = match failed.next {
            Next::Elsewhere => true,
            Next::Again => self.may_send_again(&mut failed.result, true, 1).is_some(),
            Next::Nothing => false,
        };
        if !is_allowed {
            return None;
        }
        self.begin_beside(running)
    }

    /// Begins an attempt at an endpoint that is ready.
    fn begin_beside(&self, running: &Running) -> Option<Running> {
        let others = self.others(running);
        let attempt = self.balancer.set.begin(&others, Purpose::Hedge)?;
        Some(self.start(attempt))
    }

    /// The endpoints that must not get the call while this attempt is running.
    fn others(&self, running: &Running) -> Vec<u64> {
        let mut others = self.tried.clone();
        others.push(running.attempt.endpoint.id);
        others
    }

    fn both_failed(&mut self, one: Failed, other: Failed) -> Failed {
        let (weaker, stronger) = if other.next >= one.next {
            (one, other)
        } else {
            (other, one)
        };
        self.failures.keep(weaker);
        stronger
    }
}

/// An attempt that another one has overtaken goes on in the background if it is the probe of an endpoint. Otherwise
/// an endpoint whose calls take longer than the delay of hedges would never be used again.
fn go_on_if_probe(running: Running) {
    let Running {
        mut attempt,
        sending,
    } = running;
    if !attempt.is_probe() {
        return;
    }
    attempt.leave_call();
    tokio::spawn(async move {
        // Otherwise it counts as given up.
        if let Ok(Ok(response)) = timeout(LONGEST_PROBE, sending).await {
            match judge(&response) {
                Verdict::Good => attempt.succeeded(),
                Verdict::Bad(failure) | Verdict::Refused(failure) => {
                    attempt.failed(failure, &reason_of_status(response.status));
                }
            }
        }
    });
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
