//! What an endpoint bounds: bytes, times and requests.

use std::{sync::Arc, time::Duration};

use crate::Endpoint;

impl Endpoint {
    /// The maximum size of a body in bytes, both as received and after inflating. A larger body is
    /// refused with 413. The server never keeps more than this of any body.
    ///
    /// Most clients read the response only after they have sent everything. So the server reads and
    /// discards up to 16 MiB of a refused body, for up to 2 seconds. It does not read a body whose
    /// `Content-Length` is larger, or that the client offers with `Expect: 100-continue`. If part
    /// of a body is left unread, the server closes the connection after the response. A client that
    /// continues to send may then see a broken pipe instead of the response.
    ///
    /// The default is `bytes` of the [`Limits`](xmlrpc_core::Limits) of the dispatcher, which also
    /// apply. To accept larger documents, raise these limits before you create the endpoint.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_body_bytes = bytes;
        self
    }

    /// The time-out for receiving the whole body, counted from the head of the request; 60 seconds
    /// by default. If it expires, the server responds with 408 and closes the connection. It does
    /// not include the time of the method: use a layer to limit that.
    ///
    /// A body that has already arrived takes no time. So `Duration::ZERO` refuses every body that
    /// the server would have to wait for. `Duration::MAX` removes the time-out.
    ///
    /// It uses the timer of tokio: a runtime that you build yourself needs `enable_time`. Outside
    /// of a tokio runtime, the time-out does not apply.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).body_timeout = timeout;
        self
    }

    /// The maximum number of bytes in flight; 256 MiB by default.
    ///
    /// A body counts from its first byte until its method returns, with its size after inflating. A
    /// response counts from the time that it has 64 KiB while it is encoded, with the memory that its
    /// buffer takes, until its last byte is in the buffers of the socket. The partial response to a
    /// multicall counts from its first 4 KiB on. What a method itself allocates does not count.
    ///
    /// A quarter is reserved for small requests, which have a body of at most 64 KiB. Such a body counts
    /// twice until its method returns, because the buffers of its connection are about as large. They are
    /// refused with 503 only if they use up this quarter themselves and the rest is in use too. So
    /// slow clients with large bodies or large responses cannot lock out small calls.
    ///
    /// A sixteenth, which belongs to this quarter, is only for bodies of at most 4 KiB and responses of at
    /// most 8 KiB.
    ///
    /// While a request waits for its client to send the rest of the body, everything that it holds counts: what has
    /// arrived of a small body, 16 KiB for the connection, the headers with 160 bytes for each, and 80 KiB for an
    /// inflater. All these requests together may have half of all, or the reserved quarter if a large body needs the
    /// rest. If they exceed it, or another request finds no room, the one that has been waiting longest gets 503 with
    /// a `Retry-After`, and its connection is closed. So slow clients with small bodies cannot lock out small calls
    /// either. Headers of more than 4 KiB count until the response is made.
    ///
    /// Larger bodies share the other three quarters. Such a body reserves its `Content-Length`. If it is compressed or
    /// chunked, it reserves 128 KiB, and then more in steps. The server makes a step only if the rest of the
    /// [maximum](Self::max_body_bytes) is free as well. If the bytes are not free, the server does not read on, and
    /// the body waits in a queue. When the body has arrived, it waits again until ten times its size is free as well:
    /// for what it is decoded into, and for the response. After [a time](Self::admission_timeout), the server responds
    /// with 503 and a `Retry-After`.
    ///
    /// All bodies that have not begun may keep a quarter of all, with what has arrived of them, their headers and their
    /// connections. Beyond that, a body gets 503 at once. If a small call finds no room, and no request waits for its
    /// client, the body that came last makes room.
    ///
    /// A large body that waits for its client gives back what will not arrive in time at its rate, and waits
    /// again when it needs it. While others wait, bodies of less than 64 KiB/s make room for them, and so do
    /// those that are too slow for [`body_timeout`](Self::body_timeout): the slowest gets 503 and a
    /// `Retry-After`.
    ///
    /// A response does not wait. If a response of more than 64 KiB finds no room, the server stops
    /// encoding it, and the caller gets a fault −32002 that says so. In a multicall, the entry gets this
    /// fault, earlier results stay, and the entries after it do not run and get a fault −32002 as
    /// well. This happens only to calls whose body was much smaller than their response, and to methods
    /// that had to wait.
    ///
    /// The memory of the process stays below one and a half times this, with the memory that
    /// decoding takes for a moment, if the allocator returns what is freed, as that of the example servers
    /// does. With glibc's, it was 1.8 times this (`docs/production.md`). It must be possible to receive and decode the
    /// largest body that you accept: if one body needs more than there is, it is accepted alone.
    ///
    /// All clones of an endpoint share one budget. This method and
    /// [`max_requests_in_flight`](Self::max_requests_in_flight) begin a new one.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// let endpoint = Endpoint::new(Dispatcher::new().max_response_bytes(16 << 20))
    ///     .max_body_bytes(1 << 20)
    ///     .max_bytes_in_flight(64 << 20);
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn max_bytes_in_flight(mut self, bytes: usize) -> Self {
        self.budget = self.budget.with_max_bytes(bytes);
        self
    }

    /// How long a large body waits for [bytes in flight](Self::max_bytes_in_flight); 10 seconds by
    /// default. It may wait several times: before the server receives it, whenever it needs more than it has reserved, and
    /// before the server decodes it. After this time, the server responds with 503 and a `Retry-After`.
    ///
    /// This time does not count as time of the [body](Self::body_timeout). `Duration::ZERO` refuses
    /// at once, and `Duration::MAX` waits without a limit. Outside of a tokio runtime, the time-out
    /// does not apply.
    #[must_use]
    pub fn admission_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).admission_timeout = timeout;
        self
    }

    /// The maximum number of requests in flight; 10,000 by default. Beyond it, the server responds
    /// with 503 and a `Retry-After`: to the request that has been waiting longest for the rest of its body, or
    /// to the new one if all others have arrived.
    ///
    /// A request counts from its head until the last byte of its response is in the buffers of the
    /// socket. So it also counts while a slow client reads, unlike with a concurrency limit of
    /// tower, whose permit ends with the head of the response.
    #[must_use]
    pub fn max_requests_in_flight(mut self, requests: usize) -> Self {
        self.budget = self.budget.with_max_requests(requests);
        self
    }
}
