//! When a multicall lets other tasks run, and when its time is over.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    task::yield_now,
    time::{Instant, Sleep, sleep_until},
};

/// How long a multicall runs before it lets other tasks run. Other callers do not notice this time, and
/// yielding costs a thousandth of it.
const SLICE: Duration = Duration::from_millis(1);

/// The time of one multicall.
pub(super) struct Pace {
    started: Instant,
    timeout: Duration,
    /// When the multicall was polled last, in nanoseconds after its start.
    polled: AtomicU64,
    /// Outside of a runtime there are no other tasks, and there is no timer.
    has_runtime: bool,
}

/// Why an entry has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    BeforeItStarted,
    BeforeItEnded,
}

impl Pace {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            started: Instant::now(),
            timeout,
            polled: AtomicU64::new(0),
            has_runtime: Handle::try_current().is_ok(),
        }
    }

    /// Runs all entries. Notes when each poll begins.
    pub(super) async fn run<F: Future>(&self, entries: F) -> F::Output {
        let mut entries = pin!(entries);
        poll_fn(|cx| {
            self.polled.store(nanos(self.started.elapsed()), Relaxed);
            entries.as_mut().poll(cx)
        })
        .await
    }

    /// Runs one entry: after other tasks, if the multicall has run for a while, and until the time is over.
    pub(super) async fn entry<F: Future>(&self, entry: F) -> Result<F::Output, Over> {
        let mut entry = pin!(entry);
        let mut timer = pin!(None);
        let mut has_started = false;
        poll_fn(|cx| {
            let elapsed = self.started.elapsed();
            if !has_started && elapsed >= self.timeout {
                return Poll::Ready(Err(Over::BeforeItStarted));
            }
            if self.has_runtime && self.has_run_for(elapsed) >= SLICE {
                return wait_for_others(cx);
            }
            has_started = true;
            if let Poll::Ready(output) = entry.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            self.poll_timer(timer.as_mut(), cx)
                .map(|()| Err(Over::BeforeItEnded))
        })
        .await
    }

    /// How long the current poll of the multicall has taken.
    fn has_run_for(&self, elapsed: Duration) -> Duration {
        elapsed.saturating_sub(Duration::from_nanos(self.polled.load(Relaxed)))
    }

    /// Waits for the end of the time. The timer is created when an entry has to wait.
    fn poll_timer(&self, mut timer: Pin<&mut Option<Sleep>>, cx: &mut Context<'_>) -> Poll<()> {
        if timer.is_none() {
            timer.set(self.timer());
        }
        match timer.as_pin_mut() {
            Some(timer) => timer.poll(cx),
            None => Poll::Pending,
        }
    }

    fn timer(&self) -> Option<Sleep> {
        let end = self.started.checked_add(self.timeout)?;
        if !self.has_runtime {
            return None;
        }
        // tokio panics if the runtime was built without a timer, and nothing tells this before.
        catch_unwind(AssertUnwindSafe(|| sleep_until(end))).ok()
    }
}

/// Yields. tokio then also looks for input before it polls this task again.
fn wait_for_others<T>(cx: &mut Context<'_>) -> Poll<T> {
    match pin!(yield_now()).poll(cx) {
        Poll::Pending => {}
        // It does not happen. Nobody would wake this task.
        Poll::Ready(()) => cx.waker().wake_by_ref(),
    }
    Poll::Pending
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
