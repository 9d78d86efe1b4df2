//! Runs methods outside of the task of their request.

use std::sync::Arc;

use tokio::{
    runtime::Handle,
    task::{AbortHandle, JoinHandle},
};
use tracing::{Instrument, Span};

use super::{MethodFuture, blocking_queue::BlockingQueue, response_encoder::ResponseEncoder};
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

/// The queue of blocking methods that a call waits in.
pub fn queue(encoder: &ResponseEncoder) -> Option<Arc<BlockingQueue>> {
    encoder.context.blocking().cloned()
}

/// Runs a method on a thread that may block: `#[xmlrpc(blocking)]`.
///
/// The method waits for its turn in the queue. If the future is dropped before the method has started,
/// the method does not run. Outside of a runtime, it runs where the future is polled, without a queue.
pub fn blocking(
    queue: Option<Arc<BlockingQueue>>,
    method: impl FnOnce() -> Result<EncodedResponse, Fault> + Send + 'static,
) -> MethodFuture {
    let span = Span::current();
    Box::pin(async move {
        let Ok(runtime) = Handle::try_current() else {
            return span.in_scope(method);
        };
        let turn = match &queue {
            Some(queue) => Some(queue.turn().await?),
            None => None,
        };
        let task = runtime.spawn_blocking(move || {
            let _turn = turn;
            span.in_scope(method)
        });
        let _withdraw = Withdraw(task.abort_handle());
        end(task).await
    })
}

/// Removes a blocking method whose caller has left, unless it has already started.
struct Withdraw(AbortHandle);

impl Drop for Withdraw {
    fn drop(&mut self) {
        self.0.abort();
    }
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
