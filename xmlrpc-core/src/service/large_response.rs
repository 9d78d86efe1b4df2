//! Encodes large responses so that they do not keep the executor busy.
//!
//! Nobody knows how large a response is before it is encoded. So a method whose last responses were
//! large is expected to return another one. It is encoded by the thread that polls its call, because a result need not
//! be `Send`. Meanwhile another thread does the work of that worker of the executor.

use std::{
    cell::Cell,
    fmt,
    ops::Deref,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Semaphore,
    task::block_in_place,
};

use super::offload;

/// After a large response, so many more of the same method are expected to be large.
const EXPECTED: u8 = 16;

/// So many threads encode large responses, or wait for a processor to do so. Others encode them in the executor.
static THREADS: Semaphore = Semaphore::const_new(64);

/// The method that calls name, with what is known about its responses. They share it.
#[derive(Default)]
pub(super) struct CalledMethod {
    name: Box<str>,
    /// How many of the next responses are expected to be large. Calls may change it at the same time, so
    /// it is not exact.
    large: AtomicU8,
}

impl CalledMethod {
    /// Whether the next response may be large.
    pub(super) fn expects_large(&self) -> bool {
        self.large.load(Relaxed) > 0
    }

    /// A response was large, or a large one was expected.
    #[cold]
    pub(super) fn encoded(&self, is_large: bool) {
        let before = self.large.load(Relaxed);
        let now = if is_large {
            EXPECTED
        } else {
            before.saturating_sub(1)
        };
        if now != before {
            self.large.store(now, Relaxed);
        }
    }
}

impl From<&str> for CalledMethod {
    fn from(name: &str) -> Self {
        Self {
            name: name.into(),
            large: AtomicU8::new(0),
        }
    }
}

impl Deref for CalledMethod {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for CalledMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for CalledMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

thread_local! {
    /// Whether the runtime does not let this thread block.
    static REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// Encodes a response that is expected to be large. At most as many threads as processors do so at the same time.
///
/// A runtime of one thread has no other thread for its tasks. There it is encoded as any other.
#[cold]
pub(super) fn encode<R>(encode: impl FnOnce() -> R) -> R {
    let Ok(runtime) = Handle::try_current() else {
        return encode();
    };
    // Without unwinding, the panic that is caught below would end the process.
    let may_block = cfg!(panic = "unwind")
        && runtime.runtime_flavor() == RuntimeFlavor::MultiThread
        && !offload::may_block()
        && !REFUSED.get();
    match THREADS.try_acquire() {
        Ok(_place) if may_block => while_others_run(&runtime, encode),
        _ => encode(),
    }
}

fn while_others_run<R>(runtime: &Handle, encode: impl FnOnce() -> R) -> R {
    let mut encode = Some(encode);
    let encoded = catch_unwind(AssertUnwindSafe(|| {
        block_in_place(|| {
            let _processor = runtime.block_on(offload::processor());
            encode.take().map(|encode| encode())
        })
    }));
    match (encoded, encode) {
        (Ok(Some(encoded)), _) => encoded,
        // A `LocalSet` does not let its thread block, and nothing else tells whether there is one.
        (_, Some(encode)) => {
            REFUSED.set(true);
            encode()
        }
        (Err(panic), None) => resume_unwind(panic),
        (Ok(None), None) => unreachable!("the closure runs once"),
    }
}
