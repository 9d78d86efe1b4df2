//! How far a call is: how many bytes were sent and received.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use super::{Call, Multicall, MulticallCalls, Transport};

/// How many bytes of a request were sent, and how many of its response were received; see
/// [`Call::progress`].
///
/// Within one request, no number ever falls.
///
/// ```
/// use xmlrpc_core::client::Progress;
///
/// fn show(progress: Progress) {
///     let Progress { sent, to_send, received, to_receive, .. } = progress;
///     if sent < to_send {
///         println!("sending: {sent} of {to_send} bytes");
///     } else if let Some(to_receive) = to_receive {
///         println!("receiving: {received} of {to_receive} bytes");
///     } else {
///         println!("receiving: {received} bytes");
///     }
/// }
/// # let _ = show;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of the request, starting with 1. Each retry is a new request, and so is each part of a
    /// multicall that is sent in several requests.
    pub request: u32,
    /// How many bytes of the request were handed to the connection. Its buffers, and those of the
    /// system, may still hold some of them.
    pub sent: u64,
    /// The size of the request in bytes.
    pub to_send: u64,
    /// How many bytes of the response were received.
    pub received: u64,
    /// The size of the response in bytes. `None` if it is not known yet: the response has not begun, or
    /// the server has not announced its size. It is known when the response is complete.
    pub to_receive: Option<u64>,
}

impl<T: Transport, R> Call<T, R> {
    /// Calls `report` while this call is sent and its response is received, for example to show a progress
    /// bar for a large document.
    ///
    /// Bytes are those of the documents, without headers, as the connection carries them: if the response
    /// is compressed, its compressed bytes count. Reports come at the start of each request, after each
    /// piece that was sent or received, and when the response is complete. If the client
    /// [retries](super::RetryPolicy) the call, the numbers start again with the next
    /// [request](Progress::request). If the call fails, the reports end.
    ///
    /// The transport makes the reports. That of `xmlrpc_client` does so over HTTP, unix sockets and SCGI.
    /// Other transports, such as a `Dispatcher`, make none unless they look for [`OnProgress`]. `report`
    /// runs in the tasks that send and receive, so it must not block. It is never called by two threads
    /// at once.
    ///
    /// For a multicall, use [`Multicall::progress`]: its entries share their request.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # async fn example() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let video = vec![0_u8; 50_000_000];
    /// let upload = client
    ///     .call::<bool>("upload", (serde_bytes::Bytes::new(&video),))
    ///     .progress(|progress| println!("{} of {} bytes", progress.sent, progress.to_send));
    /// let done = upload.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn progress(self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.extension(OnProgress::new(report))
    }
}

impl<T: Transport, C: MulticallCalls<T>> Multicall<T, C> {
    /// Calls `report` while the requests of this multicall are sent and their responses are received; see
    /// [`Call::progress`].
    ///
    /// If the client sends the calls in several requests, each has its own numbers and its own
    /// [`Progress::request`]. Reports about several requests at the same time may alternate.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let list = || client.call::<Vec<String>>("system.listMethods", ());
    /// let results = client
    ///     .multicall([list(), list()])
    ///     .progress(|progress| println!("request {}: {progress:?}", progress.request))
    ///     .await?;
    /// # assert!(results[0].is_ok());
    /// # Ok(())
    /// # }
    /// ```
    pub fn progress(self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.extension(OnProgress::new(report))
    }
}

/// Wants to know the [`Progress`] of a request. [`Call::progress`] puts it into the extensions of the
/// request, where a transport finds it.
///
/// A transport calls [`start`](Self::start) once for each request that it sends.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use xmlrpc_core::{Client, Request, Response, client::{BoxError, OnProgress}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// // A transport that receives each response in two pieces.
/// let transport = tower::service_fn(|request: Request| async move {
///     let reporter = request.extensions.get::<OnProgress>().map(|on| on.start(request.body.len()));
///     let body = "<methodResponse><params><param><value>ok</value></param></params></methodResponse>";
///     if let Some(reporter) = reporter {
///         reporter.sent(request.body.len());
///         reporter.response(Some(body.len() as u64));
///         reporter.received(40);
///         reporter.received(body.len() - 40);
///         reporter.finish();
///     }
///     Ok::<_, BoxError>(Response::new(body))
/// });
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// # let list = Arc::clone(&seen);
/// let call = Client::new(transport)
///     .call::<String>("status", ())
///     .progress(move |progress| list.lock().unwrap().push((progress.received, progress.to_receive)));
/// assert_eq!(call.await?, "ok");
/// let expected = [(0, None), (0, None), (0, Some(82)), (40, Some(82)), (82, Some(82))];
/// assert_eq!(*seen.lock().unwrap(), expected);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OnProgress {
    shared: Arc<Shared<Report>>,
}

type Report = dyn FnMut(Progress) + Send;

struct Shared<F: ?Sized> {
    /// How many requests have started.
    requests: AtomicU32,
    report: Mutex<F>,
}

impl OnProgress {
    fn new(report: impl FnMut(Progress) + Send + 'static) -> Self {
        Self {
            shared: Arc::new(Shared {
                requests: AtomicU32::new(0),
                report: Mutex::new(report),
            }),
        }
    }

    /// Reports that a request of this many bytes starts.
    pub fn start(&self, to_send: usize) -> ProgressReporter {
        let progress = Progress {
            request: self.shared.requests.fetch_add(1, Relaxed).saturating_add(1),
            sent: 0,
            to_send: to_send as u64,
            received: 0,
            to_receive: None,
        };
        self.shared.report(progress);
        ProgressReporter {
            request: Arc::new(Reported {
                progress: Mutex::new(progress),
                on: self.clone(),
            }),
        }
    }
}

impl Shared<Report> {
    fn report(&self, progress: Progress) {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report(progress);
    }
}

impl fmt::Debug for OnProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnProgress").finish_non_exhaustive()
    }
}

/// Reports the [`Progress`] of one request; from [`OnProgress::start`]. Clones report about the same
/// request.
#[derive(Clone)]
pub struct ProgressReporter {
    request: Arc<Reported>,
}

struct Reported {
    progress: Mutex<Progress>,
    on: OnProgress,
}

impl ProgressReporter {
    /// So many more bytes of the request were sent.
    pub fn sent(&self, bytes: usize) {
        self.report(|progress| {
            let sent = progress.sent.saturating_add(bytes as u64);
            progress.sent = sent.min(progress.to_send);
        });
    }

    /// The whole request was sent.
    pub fn sent_all(&self) {
        self.report(|progress| progress.sent = progress.to_send);
    }

    /// The response has begun, and has this size, if the peer has announced it.
    pub fn response(&self, bytes: Option<u64>) {
        self.report(|progress| progress.to_receive = bytes);
    }

    /// So many more bytes of the response were received.
    pub fn received(&self, bytes: usize) {
        self.report(|progress| progress.received = progress.received.saturating_add(bytes as u64));
    }

    /// The response is complete.
    pub fn finish(&self) {
        self.report(|progress| progress.to_receive = Some(progress.received));
    }

    /// Reports a change, unless nothing has changed.
    fn report(&self, change: impl FnOnce(&mut Progress)) {
        let progress = &self.request.progress;
        // It stays locked during the report, so that the reports come in the order of the changes.
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *progress;
        change(&mut progress);
        if *progress != before {
            self.request.on.shared.report(*progress);
        }
    }
}

impl fmt::Debug for ProgressReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let progress = &self.request.progress;
        let progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_tuple("ProgressReporter").field(&*progress).finish()
    }
}
