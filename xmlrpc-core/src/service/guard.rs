//! A method that panics costs its caller a fault, and nobody else anything.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{MethodFuture, RpcCall, call::Handler};
use crate::{Fault, message::EncodedResponse};

/// Runs a method and turns a panic, while its parameters are decoded, while its future is made or
/// while it is polled, into a fault.
///
/// The panic's text is logged, and not sent. Where the program is built with `panic = "abort"`
/// there is nothing to catch.
pub(super) enum Guarded {
    Running {
        method: Arc<str>,
        future: MethodFuture,
    },
    Failed(Option<Fault>),
}

impl Guarded {
    pub(super) fn run(handler: &dyn Handler, call: RpcCall) -> Self {
        let method = Arc::clone(&call.method);
        // Unwind safety: the caller sees nothing that the panic could have left half-done but the
        // implementation itself, whose locks poison as they would in a thread that panicked.
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
            Self::Failed(fault) => Poll::Ready(Err(fault.take().unwrap_or_else(polled_again))),
        }
    }
}

fn polled_again() -> Fault {
    Fault::internal("the future of a call was polled after its end")
}

fn fault(method: &str, panic: Box<dyn Any + Send>) -> Fault {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(a panic without a text)");
    let fault = Fault::internal(format!("the method `{method}` panicked: {text}"));
    // What a method panics with may panic once more when it is dropped.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
    fault
}
