//! Decodes large documents outside of the executor, on at most as many threads as there are
//! processors.
//!
//! A worker thread of the executor serves many connections. A document of several megabytes would
//! keep it busy for tens of milliseconds. So such a document is read and decoded on a thread that
//! may block. The method starts there as well. If it finishes at once, its response is encoded
//! there.

use std::{
    cell::RefCell,
    pin::Pin,
    sync::{Arc, LazyLock, Weak},
    task::{Context, Poll, Waker},
};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};
use tracing::Span;

use super::{
    RpcCall,
    catch_panic::Guarded,
    handler::Handler,
    large_response::{LargeCall, has_processor},
    processor::Processor,
};
use crate::{Fault, message::EncodedResponse};

/// The threads that decode. The runtime runs no tasks: only its pool of threads that may block is used.
///
/// The pool of the caller's runtime would do, but it gives its work to any idle thread. Each of up to
/// hundreds of threads would then keep memory for the largest document that it has ever decoded, because
/// glibc reserves memory for each thread. Of these threads, only as many decode as there are processors,
/// as many run methods, and there is one more for each method that computes for long.
///
/// It is never dropped. It is `None` if the system has no resources for it.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let mut builder = Builder::new_current_thread();
    builder
        .thread_name("xmlrpc-decode")
        .on_thread_start(yield_to_executor)
        .build()
        .ok()
});

/// Lowers the priority of this thread. If all processors are busy, the executor's threads then answer
/// small calls first: half of them took 0.2 ms instead of 0.5 ms, and 99 % of them 5 ms instead of 7 ms
/// (`--bench load`). Seven steps still leave a sixth of a processor to decoding. Ten leave a tenth, and
/// were not measurably better.
///
/// Threads that a method starts here inherit it. Only Linux has a priority for each thread.
fn yield_to_executor() {
    #[cfg(target_os = "linux")]
    {
        // A sandbox may refuse it. Then everything works as before.
        let _ = rustix::process::nice(7);
    }
}

thread_local! {
    /// The document that this thread decodes for an executor.
    static HERE: RefCell<Option<Decoding>> = const { RefCell::new(None) };
}

struct Decoding {
    /// `None` if the caller has it.
    processor: Option<Processor>,
    /// Ends when the caller leaves.
    caller: Weak<()>,
}

/// Whether this thread may be kept busy: it decodes a document for an executor, or there is no
/// executor.
pub(super) fn may_block() -> bool {
    HERE.with_borrow(Option::is_some) || Handle::try_current().is_err()
}

/// The parameters of a large call are decoded, and its method may take long. Returns a fault if the caller
/// has left: then the method need not run.
pub(super) fn decoded() -> Result<(), Fault> {
    HERE.with_borrow(|here| match here {
        None => Ok(()),
        Some(decoding) => {
            if let Some(processor) = &decoding.processor {
                processor.leave_to_method();
            }
            if decoding.caller.strong_count() == 0 {
                return Err(Fault::internal(
                    "the caller left before its call was decoded",
                ));
            }
            Ok(())
        }
    })
}

/// Starts a method. If its parameters are large, it starts on a thread that may block.
pub(super) fn decode(handler: &Arc<dyn Handler>, call: RpcCall) -> Guarded {
    if !call.is_large() || may_block() {
        if LargeCall::is_needed(&call) {
            return Guarded::Large(Box::new(LargeCall::new(handler, call)));
        }
        return Guarded::run(&**handler, call);
    }
    let handler = Arc::clone(handler);
    Guarded::Running {
        method: Arc::clone(&call.method),
        future: Box::pin(run(move || Guarded::run(&*handler, call))),
    }
}

/// Starts a call on a thread that may block. If it has to wait, it goes on in the task that polls
/// this future.
pub(super) async fn run(
    start: impl FnOnce() -> Guarded + Send + 'static,
) -> Result<EncodedResponse, Fault> {
    let started = match Handle::try_current() {
        Ok(runtime) => on_thread(&runtime, start).await?,
        Err(_) => Started::Waiting(start()),
    };
    match started {
        Started::Finished(result) => result,
        Started::Waiting(call) => call.await,
    }
}

enum Started {
    Finished(Result<EncodedResponse, Fault>),
    Waiting(Guarded),
}

async fn on_thread(
    runtime: &Handle,
    start: impl FnOnce() -> Guarded + Send + 'static,
) -> Result<Started, Fault> {
    // A method with a large response may dispatch a large document itself.
    let processor = if has_processor() {
        None
    } else {
        Some(Processor::wait().await)
    };
    let span = Span::current();
    let caller = Arc::new(());
    let decoding = Decoding {
        processor,
        caller: Arc::downgrade(&caller),
    };
    let threads = THREADS.as_ref().map_or(runtime, Runtime::handle);
    let runtime = runtime.clone();
    let mut task = Cancelled(threads.spawn_blocking(move || {
        // The method may start tasks and timers.
        let _runtime = runtime.enter();
        let _here = Here::enter(decoding);
        span.in_scope(|| first_poll(start()))
    }));
    let started = (&mut task.0).await;
    drop(caller);
    started.map_err(Fault::internal)
}

/// Polls a call once. Its next poll is that of the real task, with the real waker.
fn first_poll(mut call: Guarded) -> Started {
    match Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Started::Finished(result),
        Poll::Pending => Started::Waiting(call),
    }
}

/// Cancels the task when it is dropped, if it has not started.
struct Cancelled<T>(JoinHandle<T>);

impl<T> Drop for Cancelled<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Marks this thread until it is dropped.
struct Here;

impl Here {
    fn enter(decoding: Decoding) -> Self {
        HERE.set(Some(decoding));
        Self
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        HERE.set(None);
    }
}
