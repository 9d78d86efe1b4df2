//! When a multicall lets other tasks run, and when its time is over.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
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

/// Reading the clock costs a tenth of a cheap entry. So it is read once for so many entries that are cheap,
/// as long as none of them has turned out to be expensive.
const CHEAP_ENTRIES: usize = 8;
const CHEAP: Duration = Duration::from_micros(20);

/// The time of one multicall. All times are in nanoseconds after its start.
pub(super) struct Pace {
    started: Instant,
    timeout: u64,
    /// When the current poll of the multicall began.
    polled: AtomicU64,
    /// When the clock was read.
    read: AtomicU64,
    /// How many entries have run since the clock was read, and how many may.
    unread: AtomicUsize,
    stride: AtomicUsize,
    max_stride: AtomicUsize,
    /// Outside of a runtime there are neither other tasks nor a timer.
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
            timeout: nanos(timeout),
            polled: AtomicU64::new(0),
            read: AtomicU64::new(0),
            unread: AtomicUsize::new(0),
            stride: AtomicUsize::new(1),
            max_stride: AtomicUsize::new(CHEAP_ENTRIES),
            has_runtime: Handle::try_current().is_ok(),
        }
    }

    /// Runs all entries. Notes when each poll begins.
    pub(super) async fn run<F: Future>(&self, entries: F) -> F::Output {
        let mut entries = pin!(entries);
        poll_fn(|cx| {
            let now = nanos(self.started.elapsed());
            self.polled.store(now, Relaxed);
            self.read.store(now, Relaxed);
            entries.as_mut().poll(cx)
        })
        .await
    }

    /// Waits until an entry may start: after other tasks, if the multicall has run for a while.
    ///
    /// # Errors
    ///
    /// The time is over.
    pub(super) async fn turn(&self) -> Result<(), Over> {
        while !self.is_on_time()? {
            yield_now().await;
        }
        Ok(())
    }

    /// Whether an entry may start at once.
    ///
    /// # Errors
    ///
    /// The time is over.
    #[inline]
    pub(super) fn is_on_time(&self) -> Result<bool, Over> {
        let now = self.now();
        if now >= self.timeout {
            return Err(Over::BeforeItStarted);
        }
        Ok(!self.has_run_long(now))
    }

    /// Waits for the end of an entry that has been polled in this poll of the multicall.
    ///
    /// # Errors
    ///
    /// The time is over.
    pub(super) async fn finish<F: Future + Unpin>(&self, entry: &mut F) -> Result<F::Output, Over> {
        let mut timer = None;
        let mut was_just_polled = true;
        poll_fn(|cx| {
            if !std::mem::take(&mut was_just_polled) {
                if self.has_run_long(self.now()) {
                    return wait_for_others(cx);
                }
                if let Poll::Ready(output) = Pin::new(&mut *entry).poll(cx) {
                    return Poll::Ready(Ok(output));
                }
            }
            if timer.is_none() {
                timer = self.timer();
            }
            match &mut timer {
                Some(timer) => timer.as_mut().poll(cx).map(|()| Err(Over::BeforeItEnded)),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Whether other tasks should run before an entry goes on.
    fn has_run_long(&self, now: u64) -> bool {
        self.has_runtime && now - self.polled.load(Relaxed) >= nanos(SLICE)
    }

    /// The time, or when the clock was read for an entry shortly before.
    fn now(&self) -> u64 {
        let unread = self.unread.load(Relaxed) + 1;
        if unread < self.stride.load(Relaxed) {
            self.unread.store(unread, Relaxed);
            return self.read.load(Relaxed);
        }
        self.unread.store(0, Relaxed);
        let now = nanos(self.started.elapsed());
        let took = now - self.read.swap(now, Relaxed);
        self.set_stride(took);
        now
    }

    /// Chooses for how many entries the clock is not read, by the time that the last ones took.
    fn set_stride(&self, took: u64) {
        if took >= nanos(SLICE) {
            // An entry was expensive. Others will be so, too.
            self.max_stride.store(1, Relaxed);
        }
        let stride = if took < nanos(CHEAP) {
            (self.stride.load(Relaxed) * 2).min(self.max_stride.load(Relaxed))
        } else {
            1
        };
        self.stride.store(stride, Relaxed);
    }

    /// A timer for the end of the time. Only entries that wait need one.
    fn timer(&self) -> Option<Pin<Box<Sleep>>> {
        if !self.has_runtime || self.timeout == u64::MAX {
            return None;
        }
        let end = self
            .started
            .checked_add(Duration::from_nanos(self.timeout))?;
        // tokio panics if the runtime was built without a timer, and nothing tells this before.
        catch_unwind(AssertUnwindSafe(|| Box::pin(sleep_until(end)))).ok()
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

/// 584 years at most.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
