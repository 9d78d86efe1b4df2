//! Runs the call of a large body, whose bytes count until its method returns.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use bytes::Bytes;
use xmlrpc_core::{Dialect, Fault, Request, Response, ResponseBudget, message::fault_response};

use crate::{
    budget::{BodyCharge, LargeCharge},
    served::Served,
};

/// Runs a call. Returns what its body still has, which is there for its response.
pub(crate) async fn large(
    served: &Served,
    mut call: Request,
    charge: LargeCharge,
) -> (Response, Arc<LargeCharge>, Arc<BodyCharge>) {
    let size = call.body.len();
    let charge = Arc::new(charge);
    let body = Arc::new(BodyCharge(Arc::clone(&charge)));
    // A transport does not decode it.
    let decoded = Arc::new(AtomicBool::new(served.forwards()));
    // So the bytes of the body count as long as the context of the call exists, even if the caller leaves
    // while a thread still decodes the body.
    call.extensions.insert(Arc::clone(&body));
    let budget: Arc<dyn ResponseBudget> = charge.clone();
    let mut call = call.with_response_budget(budget);
    call.body = Bytes::from_owner(Document {
        bytes: call.body,
        decoded: Arc::clone(&decoded),
    });
    let response = {
        let mut running = pin!(served.start(call));
        poll_fn(|cx| {
            let polled = running.as_mut().poll(cx);
            // The method waits for something. Its call may keep its own bytes, and gives back those
            // for decoding it.
            if polled.is_pending() && decoded.load(SeqCst) {
                charge.shrink(size);
            }
            polled
        })
        .await
    };
    (response, charge, body)
}

/// The document of a call, which is released when its parameters have been decoded.
struct Document {
    bytes: Bytes,
    decoded: Arc<AtomicBool>,
}

impl AsRef<[u8]> for Document {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        self.decoded.store(true, SeqCst);
    }
}

/// The fault that replaces a large response which does not fit.
pub(crate) fn no_room(size: usize) -> Bytes {
    tracing::debug!(
        bytes = size,
        setting = "Endpoint::max_bytes_in_flight",
        "dropped a response, because too many bytes are in flight"
    );
    let fault = Fault::new(
        Fault::OVERLOADED,
        "the method ran, but too many large responses are being sent: ask for less at once, or later",
    );
    fault_response(&fault, Dialect::default()).into()
}
