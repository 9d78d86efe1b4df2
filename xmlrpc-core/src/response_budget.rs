//! Bounds the memory of responses while they are made.

use std::{fmt, sync::Arc};

/// Bounds the memory that responses take, all of them together, while they are made and sent.
///
/// A transport that serves a [`Dispatcher`](crate::Dispatcher) can implement it, and pass it on with
/// [`Request::with_response_budget`](crate::Request::with_response_budget). `xmlrpc_axum::Endpoint`
/// does this.
///
/// The dispatcher asks while it encodes a response, as soon as the response has more than 64 KiB, and in
/// growing steps from then on. It also asks for the partial response to a multicall, from its
/// first 4 KiB on. If there is no room, the caller gets a fault
/// [`OVERLOADED`](crate::Fault::OVERLOADED).
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use xmlrpc_core::{Dispatcher, Request, ResponseBudget};
///
/// /// 1 MiB for all responses.
/// #[derive(Default)]
/// struct OneMebibyte(Mutex<usize>);
///
/// impl ResponseBudget for OneMebibyte {
///     fn resize(&self, from: usize, to: usize) -> bool {
///         let Ok(mut used) = self.0.lock() else {
///             return false;
///         };
///         let then = *used - from + to;
///         let fits = to <= from || then <= 1 << 20;
///         if fits {
///             *used = then;
///         }
///         fits
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let budget = Arc::new(OneMebibyte::default());
/// let dispatcher = Dispatcher::new().method("text", || "x".repeat(200_000));
/// let call = "<methodCall><methodName>text</methodName></methodCall>";
///
/// let request = Request::new("text", call).with_response_budget(budget.clone());
/// let Ok(mut response) = dispatcher.dispatch(request).await;
/// assert!(response.body.len() > 200_000);
///
/// // The response counts until the transport has sent it and drops its charge.
/// let charge = response.take_charge();
/// assert!(*budget.0.lock().unwrap() > 200_000);
/// drop(charge);
/// assert_eq!(*budget.0.lock().unwrap(), 0);
/// # }
/// ```
pub trait ResponseBudget: Send + Sync + 'static {
    /// Changes the bytes of one response. Returns whether it may have them.
    ///
    /// It has `from` bytes now, 0 at first. If this returns `false`, it keeps them. A change to the same
    /// number or to fewer bytes must succeed. This must not block, because a response is being encoded.
    fn resize(&self, from: usize, to: usize) -> bool;
}

/// The bytes that a response takes from a [`ResponseBudget`]. Dropping it gives them back.
pub struct ResponseCharge {
    budget: Arc<dyn ResponseBudget>,
    bytes: usize,
}

impl ResponseCharge {
    /// A charge without bytes.
    pub fn new(budget: Arc<dyn ResponseBudget>) -> Self {
        Self { budget, bytes: 0 }
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Changes how many bytes it has. Returns `false`, and changes nothing, if there is no room for
    /// more.
    pub fn resize(&mut self, bytes: usize) -> bool {
        let fits = bytes == self.bytes || self.budget.resize(self.bytes, bytes);
        if fits {
            self.bytes = bytes;
        }
        fits
    }

    /// Makes room for `needed` bytes in a buffer that may get `most` bytes. All memory of the buffer
    /// is charged before it is allocated. Returns `false` if there is no room.
    pub(crate) fn grow(&mut self, buffer: &mut Vec<u8>, needed: usize, most: usize) -> bool {
        let capacity = buffer.capacity();
        let wanted = if needed <= capacity {
            capacity
        } else {
            // Twice the memory, so that growing does not move the bytes too often.
            needed.max(capacity.saturating_mul(2).min(most))
        };
        if !self.resize(wanted) && (capacity >= needed || !self.resize(needed)) {
            return false;
        }
        buffer.reserve_exact(self.bytes.saturating_sub(buffer.len()));
        true
    }
}

impl Drop for ResponseCharge {
    fn drop(&mut self) {
        self.resize(0);
    }
}

impl fmt::Debug for ResponseCharge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseCharge")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// The charge of an encoded response. A copy of the response has none, because it belongs to whoever
/// copied it, such as a cache.
#[derive(Default)]
pub(crate) struct Charge(pub(crate) Option<Box<ResponseCharge>>);

impl Clone for Charge {
    fn clone(&self) -> Self {
        Self(None)
    }
}
