//! The processors that large documents and large responses may use.

use std::{
    sync::{
        Arc, LazyLock, Mutex, PoisonError, Weak,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a method may use the processor on which its parameters were decoded.
///
/// Methods with large results take as much memory as they like, so not many of them may run at once. Making a
/// response of 60 MB takes a tenth of a second. A method that takes longer should not delay the documents of others.
const BORROWED_FOR: Duration = Duration::from_millis(250);

/// More threads than processors would only take memory. All dispatchers share the processors.
static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(one_for_each);

/// The methods that leave their processor to the next document at once. If it waited until the previous call is over,
/// up to a tenth fewer documents would be served (`--bench load`).
static METHODS: LazyLock<Arc<Semaphore>> = LazyLock::new(one_for_each);

fn one_for_each() -> Arc<Semaphore> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(processors))
}

/// The thread that ends what is borrowed. A timer of tokio would need a runtime that has timers.
///
/// It is `None` if the system has no resources for it.
static COLLECTOR: LazyLock<Option<Sender<Loan>>> = LazyLock::new(|| {
    let (sender, loans) = mpsc::channel();
    let thread = thread::Builder::new().name("xmlrpc-processors".into());
    thread.spawn(move || collect(&loans)).ok().map(|_| sender)
});

/// One processor. Dropping it lets others have it.
pub(super) struct Processor(Arc<Permit>);

type Permit = Mutex<Option<OwnedSemaphorePermit>>;

struct Loan {
    until: Instant,
    permit: Weak<Permit>,
}

impl Processor {
    /// Waits for a processor.
    pub(super) async fn wait() -> Self {
        // The semaphore is never closed.
        let permit = Arc::clone(&PERMITS).acquire_owned().await.ok();
        Self(Arc::new(Mutex::new(permit)))
    }

    /// Lets others have it, because the parameters are decoded and the method runs: at once, or after a while if many
    /// methods run.
    pub(super) fn leave_to_method(&self) {
        if let Ok(method) = Arc::clone(&METHODS).try_acquire_owned() {
            set(&self.0, Some(method));
            return;
        }
        let loan = Loan {
            until: Instant::now() + BORROWED_FOR,
            permit: Arc::downgrade(&self.0),
        };
        let collector = COLLECTOR.as_ref();
        if collector.is_none_or(|collector| collector.send(loan).is_err()) {
            set(&self.0, None);
        }
    }
}

/// Loans end in the order in which they began.
fn collect(loans: &Receiver<Loan>) {
    for Loan { until, permit } in loans {
        thread::sleep(until.saturating_duration_since(Instant::now()));
        if let Some(permit) = permit.upgrade() {
            set(&permit, None);
        }
    }
}

/// Replaces a permit, which others can have then.
fn set(permit: &Permit, by: Option<OwnedSemaphorePermit>) {
    *permit.lock().unwrap_or_else(PoisonError::into_inner) = by;
}
