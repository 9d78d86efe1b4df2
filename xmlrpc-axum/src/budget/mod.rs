//! Bounds the bytes and the requests in flight of an endpoint.
//!
//! A quarter of the bytes is reserved for small requests, which are counted and do not wait. Small responses may have
//! half of it (`in_flight.rs`). Those that
//! arrive slowly make room for others (`receiving.rs`). Large bodies share the rest. They wait in queues,
//! each in its order: before they are received, while they are received and need more, and before they
//! are decoded. Bodies that are being received may take half of the rest, so they cannot block those that
//! have arrived. Slow ones make room for others (`slow.rs`).
//!
//! A body of unknown size takes bytes in steps, and each step is only allowed if all that the body may still
//! need is free (`large.rs`). So bodies that have a part do not wait for each other.

mod admission;
mod charge;
mod in_flight;
mod large;
mod receiving;
mod response;
mod slow;

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
};

pub(crate) use self::{
    admission::Admission,
    charge::{BodyCharge, LargeCharge},
    in_flight::{InFlight, Queued, charged, with_buffers},
    slow::SlowPlace,
};
use self::{large::Large, receiving::Receiving};

/// A request with a larger body is large, and so is a larger response.
pub(crate) const SMALL: usize = 64 << 10;

/// A request that counts at most so many bytes is very small.
const VERY_SMALL: usize = 8 << 10;

/// What an endpoint holds in memory, and how much it may hold.
pub(crate) struct Budget {
    max_bytes: usize,
    max_requests: usize,
    /// The number of requests, and the bytes of small bodies and small responses. One number, because
    /// every request changes both.
    small: AtomicU64,
    /// The part of `small` that is small responses which are not very small.
    responses: AtomicUsize,
    /// The part of `small` that is about to be free, because its requests make room for others.
    leaving: AtomicU64,
    receiving: Mutex<Receiving>,
    large: Mutex<Large>,
    /// A copy of the bytes in `large`.
    large_bytes: AtomicUsize,
    /// The number of bodies that wait in `large`.
    waiting: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(max_bytes: usize, max_requests: usize) -> Arc<Self> {
        Arc::new(Self {
            max_bytes,
            max_requests,
            small: AtomicU64::new(0),
            responses: AtomicUsize::new(0),
            leaving: AtomicU64::new(0),
            receiving: Mutex::default(),
            large: Mutex::default(),
            large_bytes: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
        })
    }

    /// An unused budget with the same settings.
    pub(crate) fn with_max_bytes(&self, bytes: usize) -> Arc<Self> {
        Self::new(bytes, self.max_requests)
    }

    pub(crate) fn with_max_requests(&self, requests: usize) -> Arc<Self> {
        Self::new(self.max_bytes, requests)
    }

    /// The bytes that are reserved for small requests.
    fn small_share(&self) -> usize {
        self.max_bytes / 4
    }

    /// The bytes that large bodies and large responses may have.
    fn large_share(&self) -> usize {
        self.max_bytes - self.small_share()
    }

    /// The bytes that only very small requests may have. So those of up to 64 KiB that run cannot lock
    /// them out.
    fn reserve(&self) -> usize {
        self.max_bytes / 16
    }

    /// What small requests have beyond their share, without the reserve.
    fn overflow(&self) -> usize {
        in_flight::bytes(self.small.load(SeqCst)).saturating_sub(self.shared())
    }

    /// The same without the requests that are making room.
    fn overflow_soon(&self) -> usize {
        self.small_bytes().saturating_sub(self.shared())
    }

    /// What small requests have beside the reserve.
    fn shared(&self) -> usize {
        self.small_share() - self.reserve()
    }

    /// Whether small requests may have `small` bytes, if `reserve` bytes stay free.
    fn small_fits(&self, small: usize, reserve: usize) -> bool {
        let small = small.saturating_add(reserve);
        small <= self.small_share()
            || small.saturating_add(self.large_bytes.load(SeqCst)) <= self.max_bytes
    }

    /// What requests that wait for their clients may have together, if nobody else needs it. If a large
    /// body does, it is the share of small requests.
    fn max_receiving(&self) -> usize {
        self.max_bytes / 2
    }

    /// What bodies that wait to be received may have together.
    fn max_queued(&self) -> usize {
        self.small_share()
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("max_bytes", &self.max_bytes)
            .field("max_requests", &self.max_requests)
            .finish_non_exhaustive()
    }
}
