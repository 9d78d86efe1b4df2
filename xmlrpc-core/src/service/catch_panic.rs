//! Protects the server from panics of methods: the caller receives a fault, and other calls are not
//! affected.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    MethodFuture, RpcCall,
    handler::Handler,
    large_response::{CalledMethod, LargeCall},
};
use crate::{Fault, error::OneLine, message::EncodedResponse};

/// Runs a method and converts a panic into a fault. The panic may happen while the parameters are
/// decoded, while the future is created, or while it is polled.
///
/// The text of the panic is logged and not sent. In a program built with `panic = "abort"`, a panic
/// still ends the program.
pub(super) enum Guarded {
    Running {
        method: Arc<CalledMethod>,
        future: MethodFuture,
    },
    /// Its response is expected to be large.
    Large(Box<LargeCall>),
    Failed(Option<Fault>),
}

impl Guarded {
    pub(super) fn run(handler: &dyn Handler, call: RpcCall) -> Self {
        let method = Arc::clone(&call.method);
        // Unwind safety: after a panic, nothing here uses the state that it may have left
        // incomplete. Only the implementation does, and its locks are poisoned as in a thread that
        // panicked.
        match catch_unwind(AssertUnwindSafe(|| handler.call(call))) {
            Ok(future) => Self::Running { method, future },
            Err(panic) => Self::failed(fault(&method, panic)),
        }
    }

    pub(super) fn failed(fault: Fault) -> Self {
        Self::Failed(Some(fault))
    }
}

impl Future for Guarded {
    type Output = Result<EncodedResponse, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Running { method, future } => {
                catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)))
                    .unwrap_or_else(|panic| Poll::Ready(Err(fault(method, panic))))
            }
            Self::Large(call) => call.poll(cx),
            Self::Failed(fault) => Poll::Ready(Err(fault.take().unwrap_or_else(polled_again))),
        }
    }
}

fn polled_again() -> Fault {
    Fault::internal("the future of a call was polled after it completed")
}

fn fault(method: &str, panic: Box<dyn Any + Send>) -> Fault {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(a panic without a message)");
    let fault = Fault::internal(format!(
        "the method `{}` panicked: {text}",
        OneLine::new(method)
    ));
    // The payload of the panic may panic again when it is dropped.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
    fault
}
