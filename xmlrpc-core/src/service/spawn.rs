//! Runs methods outside of the task of their request.

use tokio::{runtime::Handle, task::JoinHandle};
use tracing::{Instrument, Span};

use super::MethodFuture;
use crate::{Fault, message::EncodedResponse};

/// Runs a method in its own task, which is never cancelled: `#[xmlrpc(run_to_completion)]`.
///
/// The task starts when the future is first polled. Outside of a runtime, the method runs in the task
/// that polls it.
pub fn run_to_completion(
    method: impl Future<Output = Result<EncodedResponse, Fault>> + Send + 'static,
) -> MethodFuture {
    Box::pin(async move {
        match Handle::try_current() {
            Ok(runtime) => end(runtime.spawn(method.instrument(Span::current()))).await,
            Err(_) => method.await,
        }
    })
}

/// Runs a method on a thread that may block: `#[xmlrpc(blocking)]`.
pub fn blocking(
    method: impl FnOnce() -> Result<EncodedResponse, Fault> + Send + 'static,
) -> MethodFuture {
    let span = Span::current();
    Box::pin(async move {
        match Handle::try_current() {
            Ok(runtime) => end(runtime.spawn_blocking(move || span.in_scope(method))).await,
            Err(_) => span.in_scope(method),
        }
    })
}

/// Waits for the method. A panic continues here, so that the guard around all methods catches it.
async fn end(task: JoinHandle<Result<EncodedResponse, Fault>>) -> Result<EncodedResponse, Fault> {
    match task.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(Fault::internal(error)),
        },
    }
}
