//! Many calls in one request: the entries, how they are sent, and the fallback for servers without
//! `system.multicall`.

mod entries;
mod fallback;
mod send;

use std::{fmt, pin::Pin, time::Duration};

use super::{Call, Client, ClientError, Transport, options::CallOptions};

pub use entries::MulticallCalls;

pub(super) const METHOD: &str = crate::message::SYSTEM_MULTICALL;

/// Many calls in one request, created by [`Client::multicall`]. Await it to send them.
///
/// If there are more calls than the server accepts ([`Client::max_multicall_entries`]), the client
/// sends several requests, one after the other. If one of them fails, the rest is not sent. Each
/// call without a response then has that error. Earlier results stay.
///
/// An entry of the response is an array of one element or a fault. Any other entry is read as the
/// result itself, unless [`Client::strict_multicall`] is on.
///
/// A server without `system.multicall` responds with a fault. The fault is the error of the whole
/// multicall, unless the [fallback](Self::multicall_fallback) is on.
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
/// // Set options on the multicall, not on its calls.
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

/// The options of a multicall.
struct MulticallOptions {
    exchange: CallOptions,
    idempotent: bool,
    fallback: bool,
    concurrency: usize,
}

impl<T: Transport> Client<T> {
    /// Prepares many calls in one request, through `system.multicall` of the server.
    ///
    /// `calls` is a tuple (each call with its own result type), an array or a `Vec`.
    /// [`multicall_iter`](Self::multicall_iter) takes any iterator.
    ///
    /// Each call has its own result or fault. The error of the whole multicall is for problems that
    /// affect all calls: the connection failed, or the response does not fit a multicall.
    ///
    /// # Errors
    ///
    /// Before anything is sent: a call belongs to another client, a call has its own options (set
    /// them on the multicall instead), or parameters cannot be encoded.
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
    /// assert!(sum.is_err(), "the server has no such method");
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicall<C: MulticallCalls<T>>(&self, calls: C) -> Multicall<T, C> {
        Multicall::new(self.clone(), calls)
    }

    /// Prepares a multicall of all calls that an iterator yields; see
    /// [`multicall`](Self::multicall). All calls have the same result type. The results are a `Vec`
    /// in the order of the calls.
    ///
    /// The iterator runs immediately and its calls are encoded. They are sent when the multicall is
    /// awaited.
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
    pub fn multicall_iter<R: 'static>(
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

    /// The time-out of each request of this multicall, instead of the one of the client.
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

    /// Adds a header to each request of this multicall, in addition to those of the client. If the
    /// name or value is not a valid header, awaiting the multicall returns an error.
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

    /// Attaches a value to each request, for the transport and its layers.
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

    /// Marks all of these calls as safe to run more than once; see
    /// [`Idempotent`](super::Idempotent). Without it, a request is marked only if each of its calls
    /// is marked.
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

    /// Whether to send each call in its own request if the server lacks `system.multicall`. The
    /// calls go one after the other, or [several at the same time](Self::multicall_concurrency).
    ///
    /// [`Client::multicall_fallback`] sets this for all multicalls of a client, and lists the
    /// responses that trigger it.
    ///
    /// The client remembers that its server lacks `system.multicall` and does not try again. An
    /// error that is not specific to one call, such as a failed connection, ends the multicall. A
    /// status 404 is specific to one call if any other call has an XML-RPC response, before or after
    /// it: node-xmlrpc reports an unknown method this way.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// // A server without `system.multicall`.
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

    /// How many calls the fallback runs at the same time. The default is 1: the server then
    /// receives them in order. 0 counts as 1. It does not switch the fallback on, and does not
    /// affect the requests of a split multicall.
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
        let decoders = calls.split(&mut entries);
        Box::pin(async move {
            let mut results = send::send_all(client, entries, options).await?;
            Ok(C::join(decoders, &mut results))
        })
    }
}

impl<T, C> fmt::Debug for Multicall<T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multicall").finish_non_exhaustive()
    }
}
