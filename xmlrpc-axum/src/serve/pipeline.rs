//! Clients that send the next requests before they have the response (RFC 9112, section 9.3.2).
//!
//! The HTTP layer buffers such requests, and drops them when it closes the connection. So the server has to know
//! whether there are any before it decides to close. It compares what has arrived with the length of the request.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

use http::Request;
use http_body::Body;

/// Bytes beyond a request that are not another one. The shortest request has 18.
const SLACK: u64 = 8;

/// The end of a chunked body.
const LAST_CHUNK: u64 = 5;

/// A client that has sent so many requests before it had the response to an earlier one is never idle.
const MANY: u32 = 16;

/// What is known about the requests of a connection. Only its task writes most of it.
#[derive(Default)]
pub(super) struct Pipeline {
    /// What had been received when the current request began.
    from: AtomicU64,
    /// The bytes of the current request, as far as they are known.
    length: AtomicU64,
    /// Whether the current request had arrived before the last response was written.
    was_waiting: AtomicBool,
    /// The number of requests that had arrived so early.
    early: AtomicU32,
    /// The connection ends with its next response.
    is_last: AtomicBool,
}

impl Pipeline {
    pub(super) fn from(&self) -> u64 {
        self.from.load(Relaxed)
    }

    /// The first bytes of a request have been read, after this many others.
    pub(super) fn head_begins(&self, received: u64) {
        // The beginning of it may have been read together with the last request.
        let end = self.from().wrapping_add(self.length.load(Relaxed));
        let rest = received.saturating_sub(end);
        self.from
            .store(if rest > SLACK { end } else { received }, Relaxed);
        self.length.store(0, Relaxed);
        self.was_waiting.store(false, Relaxed);
    }

    /// A whole head has been read, and its request has so many bytes. It was read together with an earlier
    /// request unless `head_begins` was called before.
    pub(super) fn request_begins(&self, length: u64) {
        let last = self.length.swap(length, Relaxed);
        if last > 0 {
            self.from.store(self.from().wrapping_add(last), Relaxed);
            self.was_waiting.store(true, Relaxed);
            let early = self.early.load(Relaxed).saturating_add(1);
            self.early.store(early, Relaxed);
        }
    }

    /// A chunk of a body whose length was not known has been read.
    pub(super) fn chunk(&self, bytes: usize) {
        // Its size as hexadecimal digits, and the ends of two lines.
        let digits = (usize::BITS - bytes.leading_zeros()).div_ceil(4).max(1);
        let chunk = (bytes as u64).saturating_add(u64::from(digits) + 4);
        let length = self.length.load(Relaxed);
        self.length.store(length.saturating_add(chunk), Relaxed);
    }

    /// Whether the client has already sent more than the current request.
    pub(super) fn has_more(&self, received: u64) -> bool {
        let end = self.from().wrapping_add(self.length.load(Relaxed));
        received.saturating_sub(end) > SLACK
    }

    /// Whether the current request had arrived before the last response was written. The socket may then have
    /// more of them.
    pub(super) fn was_waiting(&self) -> bool {
        self.was_waiting.load(Relaxed)
    }

    /// How many requests had arrived before the response to an earlier one. `None` if these are few, or if the
    /// connection is about to end.
    pub(super) fn many(&self) -> Option<u32> {
        let early = self.early.load(Relaxed);
        (early >= MANY && !self.is_last()).then_some(early)
    }

    pub(super) fn end_with_next_response(&self) {
        self.is_last.store(true, Relaxed);
    }

    pub(super) fn is_last(&self) -> bool {
        self.is_last.load(Relaxed)
    }
}

/// The length of a request as most clients write it, with one space after each colon. Without the chunks if the
/// length of the body is unknown.
pub(super) fn length<B: Body>(request: &Request<B>) -> u64 {
    // The method, two spaces, the version, the ends of two lines.
    let line = request.method().as_str().len() + 14;
    let uri = request.uri();
    let path = uri.path_and_query().map_or(1, |path| path.as_str().len());
    // Proxies get the whole URL.
    let origin = match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => scheme.len() + 3 + authority.as_str().len(),
        _ => 0,
    };
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    let head = (line + origin + path + headers) as u64;
    let body = request.body().size_hint().exact();
    head.saturating_add(body.unwrap_or(LAST_CHUNK))
}
