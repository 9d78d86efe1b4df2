use std::{
    convert::Infallible,
    fmt, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::{Context as CallContext, catch_panic::Guarded};
use crate::{
    Dialect, Response, message::fault_response_within, observe::document, response_budget::Charge,
};

/// The future of [`Dispatcher::dispatch`](super::Dispatcher::dispatch). Dropping it cancels the
/// method.
///
/// ```
/// use xmlrpc_core::{Dispatcher, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let body = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
/// let Ok(response) = Dispatcher::new().dispatch(Request::new("system.listMethods", body)).await;
/// assert!(response.body.ends_with(b"</methodResponse>"));
///
/// // The response to invalid bytes is a fault.
/// let Ok(response) = Dispatcher::new().dispatch(Request::new("", "not XML")).await;
/// assert!(response.body.ends_with(b"</fault></methodResponse>"));
/// # }
/// ```
#[must_use = "a future does nothing until it is polled"]
pub struct Dispatch {
    running: Guarded,
    dialect: Dialect,
    max_fault_bytes: usize,
    /// For the headers of the response.
    context: Option<CallContext>,
}

impl Dispatch {
    pub(super) fn new(
        running: Guarded,
        dialect: Dialect,
        max_fault_bytes: usize,
        context: CallContext,
    ) -> Self {
        Self {
            running,
            dialect,
            max_fault_bytes,
            context: Some(context),
        }
    }
}

impl Future for Dispatch {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (body, charge) = match ready!(Pin::new(&mut self.running).poll(cx)) {
            Ok(mut response) => {
                let charge = mem::take(&mut response.charge);
                (response.into_document(), charge)
            }
            Err(mut fault) => {
                fault.log();
                let document = fault_response_within(&fault, self.dialect, self.max_fault_bytes);
                (document, Charge::default())
            }
        };
        document::response("sent", &body);
        let mut response = Response::new(body);
        if let Some(context) = self.context.take() {
            response.headers = context.response_headers().take();
        }
        response.charge = charge;
        Poll::Ready(Ok(response))
    }
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatch").finish_non_exhaustive()
    }
}
