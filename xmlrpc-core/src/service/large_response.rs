//! Encodes large responses so that they do not keep the executor busy.
//!
//! Nobody knows how large a response is before it is encoded. So a method whose last responses were large is
//! expected to return another one. Its calls are polled by as many threads at a time as there are processors, and
//! the others wait before they have a result. Each is polled by the task to which it belongs, because methods may
//! use the locals of that task. Meanwhile another thread does the work of that worker of the executor.

use std::{
    cell::Cell,
    fmt,
    ops::Deref,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

use super::{RpcCall, catch_panic::Guarded, handler::Handler, offload, processor::Processor};
use crate::{Fault, message::EncodedResponse};

/// After a large response, so many more of the same method are expected to be large.
const EXPECTED: u8 = 16;

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

    /// Whether this thread polls a call that has waited for a processor.
    static HAS_PROCESSOR: Cell<bool> = const { Cell::new(false) };
}

/// This thread has a processor until this is dropped.
///
/// A method below layers is started once with them and once alone. If a call waited a second time inside of the first,
/// it could be given a processor that it does not use before it gets another one, for which the others wait as well.
struct HasProcessor;

impl HasProcessor {
    fn enter() -> Self {
        HAS_PROCESSOR.set(true);
        Self
    }
}

impl Drop for HasProcessor {
    fn drop(&mut self) {
        HAS_PROCESSOR.set(false);
    }
}

/// Whether this thread polls a call that has waited for a processor, and must not wait for another one.
pub(super) fn has_processor() -> bool {
    HAS_PROCESSOR.get()
}

/// Whether other threads can do the work of this one.
///
/// A runtime of one thread has no other one. Without unwinding, the panic that is caught below would end the process.
#[cold]
fn can_give_way() -> bool {
    let has_others = |runtime: Handle| runtime.runtime_flavor() == RuntimeFlavor::MultiThread;
    cfg!(panic = "unwind")
        && Handle::try_current().is_ok_and(has_others)
        && !offload::may_block()
        && !REFUSED.get()
        && !has_processor()
}

/// A call whose response is expected to be large.
pub(super) struct LargeCall {
    state: State,
    turn: Option<Turn>,
}

type Turn = Pin<Box<dyn Future<Output = Processor> + Send>>;

enum State {
    Waiting(Arc<dyn Handler>, Option<RpcCall>),
    Running(Guarded),
}

impl LargeCall {
    /// Whether the response to this call is expected to be large, and something can be done about it.
    pub(super) fn is_needed(call: &RpcCall) -> bool {
        call.method.expects_large() && can_give_way()
    }

    pub(super) fn new(handler: &Arc<dyn Handler>, call: RpcCall) -> Self {
        Self {
            state: State::Waiting(Arc::clone(handler), Some(call)),
            turn: None,
        }
    }

    /// Waits for a processor, and polls the call.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<EncodedResponse, Fault>> {
        let turn = self.turn.get_or_insert_with(|| Box::pin(Processor::wait()));
        let _processor = ready!(turn.as_mut().poll(cx));
        self.turn = None;
        let _here = HasProcessor::enter();
        while_others_run(&mut self.state, cx)
    }
}

impl State {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<EncodedResponse, Fault>> {
        if let Self::Waiting(handler, call) = self
            && let Some(call) = call.take()
        {
            *self = Self::Running(Guarded::run(&**handler, call));
        }
        match self {
            Self::Running(call) => Pin::new(call).poll(cx),
            Self::Waiting(..) => Poll::Pending, // `run` has panicked, which it does not
        }
    }
}

/// Polls the call while another thread does the work of this one.
fn while_others_run(
    state: &mut State,
    cx: &mut Context<'_>,
) -> Poll<Result<EncodedResponse, Fault>> {
    let mut has_begun = false;
    let polled = catch_unwind(AssertUnwindSafe(|| {
        block_in_place(|| {
            has_begun = true;
            state.poll(cx)
        })
    }));
    match polled {
        Ok(polled) => polled,
        Err(panic) if has_begun => resume_unwind(panic),
        // A `LocalSet` does not let its thread block, and nothing else tells whether there is one.
        Err(_) => {
            REFUSED.set(true);
            state.poll(cx)
        }
    }
}
