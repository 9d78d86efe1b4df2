//! Many calls in one request: what can be an entry, how they are sent, and what is done where the
//! peer does not take them.

mod entries;
mod fallback;
mod send;

use std::{fmt, pin::Pin, time::Duration};

use serde::de::DeserializeOwned;

use super::{Call, Client, ClientError, Transport, options::CallOptions};

pub use entries::MulticallCalls;

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
    exchange: CallOptions,
    idempotent: bool,
    fallback: bool,
    concurrency: usize,
}

impl<T: Transport> Client<T> {
    /// Many calls in one request, through the peer's `system.multicall`.
    ///
    /// `calls` is a tuple (each result of its own type), an array or a `Vec`;
    /// [`multicall_iter`](Self::multicall_iter) takes any iterator. Each call has its own
    /// result or fault; the error of the whole is for what concerns all of them: the exchange, or
    /// an answer that is none to a multicall.
    ///
    /// # Errors
    ///
    /// Before anything is sent: a call that was made for another client, one with options of its
    /// own (give them to the multicall), and parameters that cannot be encoded.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ());
    /// let sum = client.call::<i64>("add", (2, 3));
    /// let (names, sum) = client.multicall((names, sum)).await?;
    /// assert!(names?.len() > 2);
    /// assert!(sum.is_err(), "there is no such method");
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicall<C: MulticallCalls<T>>(&self, calls: C) -> Multicall<T, C> {
        Multicall::new(self.clone(), calls)
    }

    /// Many calls of one type in one request, as many as an iterator yields; see
    /// [`multicall`](Self::multicall). The results are a `Vec`, in the order of the calls.
    ///
    /// The iterator is run at once; what it yields is encoded, and sent when the multicall is awaited.
    ///
    /// ```
    /// # use xmlrpc_core::{xmlrpc_service, Client, Dispatcher};
    /// # #[xmlrpc_service]
    /// # trait Calc {
    /// #     async fn square(&self, n: i64) -> i64;
    /// # }
    /// # struct Exact;
    /// # impl Calc for Exact {
    /// #     async fn square(&self, n: i64) -> i64 { n * n }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new().service(CalcServer::new(Exact)));
    /// # let calc = CalcClient::new(&client);
    /// let squares = client.multicall_iter((1..=4).map(|n| calc.square(n))).await?;
    /// let squares: Vec<i64> = squares.into_iter().collect::<Result<_, _>>()?;
    /// assert_eq!(squares, [1, 4, 9, 16]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicall_iter<R: DeserializeOwned + 'static>(
        &self,
        calls: impl IntoIterator<Item = Call<T, R>>,
    ) -> Multicall<T, Vec<Call<T, R>>> {
        self.multicall(calls.into_iter().collect::<Vec<_>>())
    }
}

impl<T: Transport, C: MulticallCalls<T>> Multicall<T, C> {
    pub(super) fn new(client: Client<T>, calls: C) -> Self {
        let options = MulticallOptions {
            exchange: CallOptions::default(),
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

impl<T: Transport, C: MulticallCalls<T>> IntoFuture for Multicall<T, C> {
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
            let mut results = send::send_all(client, entries, options).await?;
            Ok(C::join(&mut results))
        })
    }
}

impl<T, C> fmt::Debug for Multicall<T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multicall").finish_non_exhaustive()
    }
}
