//! Many calls in one request: what can be an entry, how they are sent, and what is done where the
//! peer does not take them.

mod entries;
mod fallback;
mod send;

use std::{fmt, pin::Pin, time::Duration};

use super::{Client, ClientError, Transport, call::Options};

pub use entries::Entries;

pub(super) const METHOD: &str = "system.multicall";

/// Many calls that go in one request, made by [`Client::multicall`]. Awaiting it sends them.
///
/// More calls than the peer takes at once ([`Client::max_multicall_entries`]) go in several
/// requests, one after the other. When one of them fails the rest is not sent, and the calls
/// without an answer have that error each; what was answered before stays.
///
/// A peer that has no `system.multicall` answers with a fault, which is the error of the whole,
/// unless the calls [may go one by one](Self::multicall_fallback).
///
/// ```
/// # use std::time::Duration;
/// # use xmlrpc_core::{Client, Dispatcher, Fault};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let client = Client::new(Dispatcher::new());
/// let names = client.call::<Vec<String>>("system.listMethods", ());
/// let sum = client.call::<i64>("add", (2, 3));
///
/// // Options are those of the whole.
/// let multicall = client.multicall((names, sum)).timeout(Duration::from_secs(5));
/// let (names, sum) = multicall.await?;
/// assert!(names?.len() > 2);
/// let error = sum.unwrap_err();
/// assert_eq!(error.fault().map(Fault::code), Some(Fault::METHOD_NOT_FOUND));
/// # Ok(())
/// # }
/// ```
#[must_use = "a multicall does nothing until it is awaited"]
pub struct Multicall<T, C> {
    pub(super) client: Client<T>,
    calls: C,
    options: MulticallOptions,
}

/// What a multicall says of itself.
struct MulticallOptions {
    exchange: Options,
    idempotent: bool,
    fallback: bool,
    concurrency: usize,
}

impl<T: Transport, C: Entries<T>> Multicall<T, C> {
    pub(super) fn new(client: Client<T>, calls: C) -> Self {
        let options = MulticallOptions {
            exchange: Options::default(),
            idempotent: false,
            fallback: client.settings.multicall_fallback,
            concurrency: 1,
        };
        Self {
            client,
            calls,
            options,
        }
    }

    /// How long each request of this multicall may take, instead of what the client says.
    ///
    /// ```
    /// # use std::{future::pending, time::Duration};
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Request, Response, client::BoxError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let client = Client::new(service_fn(|_: Request| pending::<Result<Response, BoxError>>()));
    /// let calls = [client.call::<i64>("add", (1, 2)), client.call("add", (3, 4))];
    /// let error = client.multicall(calls).timeout(Duration::from_millis(10)).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.exchange.timeout = Some(timeout);
        self
    }

    /// Sends a header with each request of this multicall, beside those of the client. A name or
    /// value that cannot be a header is an error when the multicall is awaited.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ());
    /// let (names,) = client.multicall((names,)).header("x-tenant", "blue").await?;
    /// # names?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.exchange.header(name, value);
        self
    }

    /// Puts a value beside each request, for the transport and its layers.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// #[derive(Clone)]
    /// struct TraceId(u64);
    ///
    /// let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ());
    /// let (names,) = client.multicall((names,)).extension(TraceId(7)).await?;
    /// # names?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn extension<E: Clone + Send + Sync + 'static>(mut self, extension: E) -> Self {
        self.options.exchange.extensions.insert(extension);
        self
    }

    /// Says that each of these calls may run more than once, whether it is marked or not; see
    /// [`Idempotent`](super::Idempotent). Without it, a request is marked when all its calls are.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ());
    /// let (names,) = client.multicall((names,)).idempotent().await?;
    /// # names?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.options.idempotent = true;
        self
    }

    /// Sends each call in a request of its own where the peer has no `system.multicall`, one after
    /// the other or [some at once](Self::multicall_concurrency). [`Client::multicall_fallback`] says it for
    /// all multicalls of a client, and which answers it takes for this.
    ///
    /// The client remembers it of its peer, and asks no more. As with a multicall of several
    /// requests, a failure that is not one call's own, of the transport for instance, ends it. A 404 is a
    /// call's own once another has been answered: node-xmlrpc says so that it has no such method.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// // A peer without it.
    /// let client = Client::new(Dispatcher::new().multicall(false));
    /// let list = || client.call::<Vec<String>>("system.listMethods", ());
    /// assert!(client.multicall([list(), list()]).await.is_err());
    ///
    /// let [one, other] = client.multicall([list(), list()]).multicall_fallback(true).await?;
    /// assert_eq!(one?, other?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicall_fallback(mut self, on: bool) -> Self {
        self.options.fallback = on;
        self
    }

    /// How many calls may be under way at once where they go one by one. The default is 1, and the
    /// peer gets them in order then; 0 counts as 1. It allows nothing by itself, and does not
    /// concern the requests of a multicall that is split.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new().multicall(false));
    /// let lists = (0..100).map(|_| client.call::<Vec<String>>("system.listMethods", ()));
    /// let lists = client.multicall_iter(lists).multicall_fallback(true).multicall_concurrency(8).await?;
    /// assert_eq!(lists.len(), 100);
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicall_concurrency(mut self, calls: usize) -> Self {
        self.options.concurrency = calls.max(1);
        self
    }
}

impl<T: Transport, C: Entries<T>> IntoFuture for Multicall<T, C> {
    type Output = Result<C::Output, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            client,
            calls,
            options,
        } = self;
        let mut entries = Vec::new();
        calls.split(&mut entries);
        Box::pin(async move {
            let mut answers = send::answers(client, entries, options).await?;
            Ok(C::join(&mut answers))
        })
    }
}

impl<T, C> fmt::Debug for Multicall<T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multicall").finish_non_exhaustive()
    }
}
