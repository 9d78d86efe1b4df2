//! Bounds on the bytes of calls and responses.

use super::{Dispatcher, ResponseHeaders};

/// Settings about the size of calls and responses, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct SizeBounds {
    /// Larger documents are decoded outside of the executor.
    pub(super) offload_above: usize,
    pub(super) max_response: usize,
    pub(super) max_response_headers: usize,
}

impl SizeBounds {
    pub(super) const DEFAULT: Self = Self {
        // An ordinary document of this size is decoded in less than half a millisecond. With documents of
        // 250 kB, 256 KiB would allow up to half more of them per second. But beside 32 clients that send
        // them, small calls would wait many times as long (`--bench load`).
        offload_above: 64 << 10,
        max_response: 64 << 20,
        max_response_headers: ResponseHeaders::MAX_BYTES,
    };
}

impl Dispatcher {
    /// The maximum size of a response in bytes; 64 MiB by default. If a result needs more, the
    /// caller gets a fault −32603 that says so.
    ///
    /// The server stops encoding soon after the maximum, so a result that is much larger costs no
    /// more memory than this. In a `system.multicall` this applies to each entry; the whole
    /// multicall has [its own maximum](Self::max_multicall_bytes).
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Fault};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let dispatcher = Dispatcher::new()
    ///     .method("numbers", |count: i32| (0..count).collect::<Vec<_>>())
    ///     .max_response_bytes(1_000);
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<Vec<i32>>("numbers", (3,)).await.unwrap(), [0, 1, 2]);
    ///
    /// let error = client.call::<Vec<i32>>("numbers", (1_000,)).await.unwrap_err();
    /// assert_eq!(
    ///     error.fault().map(Fault::message),
    ///     Some("the response would have more than 1000 bytes: ask for less at once")
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.inner_mut().bounds.max_response = bytes;
        self
    }

    /// The maximum size of the text of a fault in bytes; 64 KiB by default. Escapes count: `&` takes five
    /// bytes. The caller gets the beginning of a longer text, and its length.
    ///
    /// Texts of faults often repeat what the caller has sent.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Fault};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let dispatcher = Dispatcher::new()
    ///     .method("find", |name: String| Err::<(), _>(Fault::new(404, format!("not found: {name}"))))
    ///     .max_fault_bytes(12);
    /// let client = Client::new(dispatcher);
    /// for (name, text) in [
    ///     ("a", "not found: a"),
    ///     ("ab", "not found: a… (shortened from 13 bytes)"),
    /// ] {
    ///     let error = client.call::<()>("find", (name,)).await.unwrap_err();
    ///     assert_eq!(error.fault().map(Fault::message), Some(text));
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn max_fault_bytes(mut self, bytes: usize) -> Self {
        self.inner_mut().max_fault_bytes = bytes;
        self
    }

    /// The maximum size in bytes of all [headers that methods add](ResponseHeaders) to a response; 8 KiB
    /// by default. Each header counts with the bytes of its name and its value, and 32 more, as in
    /// HTTP/2. A header that would exceed it is refused.
    ///
    /// Proxies and clients have limits as well: nginx accepts a head of 4 or 8 KiB unless set otherwise,
    /// and Python's client accepts 100 headers.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Context, Dispatcher};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new()
    ///     .method("fits", |cx: Context, value: String| {
    ///         cx.response_headers().insert("x-a", value).is_ok()
    ///     })
    ///     .max_response_header_bytes(40); // 3 + 5 + 32
    /// let client = Client::new(dispatcher);
    /// assert!(client.call::<bool>("fits", ("12345",)).await?);
    /// assert!(!client.call::<bool>("fits", ("123456",)).await?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn max_response_header_bytes(mut self, bytes: usize) -> Self {
        self.inner_mut().bounds.max_response_headers = bytes;
        self
    }

    /// Documents of more bytes than this are decoded outside of the executor; 64 KiB by default.
    ///
    /// A thread of the executor serves many connections, and a document of several megabytes would
    /// keep it busy for tens of milliseconds. So the server reads and decodes such a document on a
    /// thread of its own, `xmlrpc-decode`. It does this on at most as many threads at once as there
    /// are processors, counted over all dispatchers of the process. Layers still run before the
    /// parameters are decoded.
    ///
    /// The method also starts on that thread, in the span of the request. If it finishes without
    /// waiting, the response is encoded there as well. If it waits, it goes on in the task of its
    /// request, and its response is encoded there. Values of `tokio::task_local!` are not visible
    /// until then: use the extensions of the request, which are part of the
    /// [`Context`](crate::Context), or switch this off with `usize::MAX`.
    ///
    /// These threads are not those of `spawn_blocking` in your runtime, because an allocator such as
    /// glibc's keeps memory for each thread: the fewer threads decode large documents, the less memory
    /// the process keeps when it is idle. At most twice as many methods compute on such threads as
    /// there are processors, so that not many large results exist at once. If as many methods as processors
    /// compute for long, further ones count for 250 ms. So they do not stop the documents of others.
    ///
    /// A clock that `tokio::time::pause` has stopped goes on while such a thread works. In tests with
    /// a paused clock and large documents, switch this off with `usize::MAX`.
    ///
    /// Responses of more bytes than this do not keep the executor busy either, if their documents are small. A
    /// result need not be `Send`, so its own thread encodes it, within `tokio::task::block_in_place`: meanwhile another
    /// thread does the work of the executor. This needs a runtime with several threads. The size is known
    /// only afterwards, so this applies to the next 16 responses of a method after a large one. The first large response of a
    /// method is encoded in the executor, and so are those of a [fallback](Self::fallback).
    ///
    /// Each large entry of a `system.multicall` is decoded in the same way. Outside of a tokio
    /// runtime, everything happens in place.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().offload_above(256 << 10);
    /// # drop(dispatcher);
    /// ```
    #[must_use]
    pub fn offload_above(mut self, bytes: usize) -> Self {
        self.inner_mut().bounds.offload_above = bytes;
        self
    }
}
