use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use super::{BoxTransport, Transport, leading::Leading, observation::Observation};
use crate::{Dialect, Limits, read_options::ReadOptions};

/// Calls methods over a transport, either by name or through a generated client.
///
/// Cloning is cheap. Clones are the same client: you can prepare a call with one and send it in a
/// multicall of another.
///
/// ```
/// # use xmlrpc_core::{xmlrpc_service, Client, Dispatcher};
/// # #[xmlrpc_service]
/// # trait Calc {
/// #     async fn add(&self, a: i64, b: i64) -> i64;
/// # }
/// # struct Exact;
/// # impl Calc for Exact {
/// #     async fn add(&self, a: i64, b: i64) -> i64 { a + b }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// # let transport = Dispatcher::new().service(CalcServer::new(Exact));
/// let client = Client::new(transport);
/// let calc = CalcClient::new(client.clone());
///
/// assert_eq!(calc.add(2, 3).await?, 5);
/// assert_eq!(client.call::<i64>("add", (2, 3)).await?, 5);
///
/// let (five, nine) = client.multicall((calc.add(2, 3), calc.add(4, 5))).await?;
/// assert_eq!((five?, nine?), (5, 9));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client<T> {
    pub(super) transport: T,
    pub(super) settings: Arc<Settings>,
    /// Not a setting: calls with and without them can be in one multicall.
    pub(super) leading: Option<Arc<Leading>>,
}

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) dialect: Dialect,
    pub(super) reading: ReadOptions,
    pub(super) timeout: Option<Duration>,
    pub(super) max_multicall_entries: usize,
    pub(super) multicall_fallback: bool,
    pub(super) system_multicall: bool,
    pub(super) strict_multicall: bool,
    /// Shared by all clients derived from one client: they have the same server.
    pub(super) lacks_multicall: Arc<AtomicBool>,
    pub(super) observation: Observation,
}

impl<T: Transport> Client<T> {
    /// Creates a client over a transport. It has no time-out, [`Dialect::EXTENDED`],
    /// [`Limits::RESPONSE`], and at most 1,000 entries in a multicall.
    ///
    /// Each setter returns a different client. A multicall of one client cannot contain calls of
    /// the other.
    pub fn new(transport: T) -> Self {
        let settings = Settings {
            dialect: Dialect::default(),
            reading: ReadOptions::new(Limits::RESPONSE),
            timeout: None,
            max_multicall_entries: 1_000,
            multicall_fallback: false,
            system_multicall: true,
            strict_multicall: false,
            lacks_multicall: Arc::default(),
            observation: Observation::default(),
        };
        Self {
            transport,
            settings: Arc::new(settings),
            leading: None,
        }
    }

    /// The dialect of the parameters.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dialect, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new()).dialect(Dialect::STANDARD);
    /// let error = client.call::<i64>("add", (1, None::<i64>)).await.unwrap_err();
    /// assert!(error.is_encode(), "the specification has no nil");
    /// # }
    /// ```
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        Arc::make_mut(&mut self.settings).dialect = dialect;
        self
    }

    /// The [`Limits`] of a response: size, depth and number of elements. The default is
    /// [`Limits::RESPONSE`].
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Limits};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new()).limits(Limits::RESPONSE.depth(0));
    /// let error = client.call::<Vec<String>>("system.listMethods", ()).await.unwrap_err();
    /// assert!(error.is_decode(), "the response is an array");
    /// # }
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        Arc::make_mut(&mut self.settings).reading.limits = limits;
        self
    }

    /// The time-out of a call, from sending it to the end of its response.
    /// [`Call::timeout`](super::Call::timeout) sets it for one call.
    ///
    /// ```
    /// # use std::{future::pending, time::Duration};
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Request, Response, client::BoxError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let silent = service_fn(|_: Request| pending::<Result<Response, BoxError>>());
    /// let client = Client::new(silent).timeout(Duration::from_millis(10));
    /// let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    /// assert_eq!(error.to_string(), "calling `add`: no response within 10ms");
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).timeout = Some(timeout);
        self
    }

    /// Removes the time-out: a call waits for its response forever. This is the default, but
    /// `xmlrpc_client` sets a time-out.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// let quick = Client::new(Dispatcher::new()).timeout(Duration::from_secs(1));
    /// let patient = quick.clone().without_timeout();
    /// # drop(patient);
    /// ```
    #[must_use]
    pub fn without_timeout(mut self) -> Self {
        Arc::make_mut(&mut self.settings).timeout = None;
        self
    }

    /// The maximum number of entries that the server accepts in one `system.multicall`. The client
    /// splits a longer multicall into several requests and sends them one after the other. 0 counts
    /// as 1.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new().max_multicall_entries(2)).max_multicall_entries(2);
    /// let call = || client.call::<Vec<String>>("system.listMethods", ());
    /// let results = client.multicall(vec![call(), call(), call()]).await?; // two requests
    /// assert!(results.iter().all(Result::is_ok));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn max_multicall_entries(mut self, entries: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_multicall_entries = entries.max(1);
        self
    }

    /// Whether to send the calls individually when the server lacks `system.multicall`. Off by
    /// default: the multicall then fails with the server's fault.
    ///
    /// [`Multicall::multicall_fallback`](super::Multicall::multicall_fallback) sets it for one
    /// multicall. [`multicall_concurrency`](super::Multicall::multicall_concurrency) sets how many
    /// of these calls run at the same time.
    ///
    /// The client recognizes a missing `system.multicall` by the fault −32601, by −506 of xmlrpc-c,
    /// by the texts that Python, PHP, Ruby, Apache, Twisted, `CherryPy` and others send, and by the HTTP
    /// status 404 without an XML-RPC response, with any body: node-xmlrpc sends it. Any other fault is
    /// an error. So is a fault that may name one of the calls, or the last part of its name, because
    /// some of the calls may have run. If a fault says that a method is missing and does not name it,
    /// the client asks again, with a multicall without calls. It falls back if the same happens.
    ///
    /// One risk remains: a server that runs calls, and then reports an unknown one with a fault that
    /// names only `system.multicall`, or with an HTTP status 404 for the whole. The client would then
    /// send the calls again that have run. No such server is known.
    ///
    /// For a server that reports it in another way, switch
    /// [`system_multicall`](Self::system_multicall) off.
    ///
    /// A wrong path is also a 404. The client then sends each call once, and if each of them has the
    /// status 404, this is the error of the multicall.
    ///
    /// The client remembers that its server lacks `system.multicall`, and so do all clients derived
    /// from it.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// // A server without `system.multicall`.
    /// let client = Client::new(Dispatcher::new().multicall(false)).multicall_fallback(true);
    /// let list = || client.call::<Vec<String>>("system.listMethods", ());
    /// let [one, other] = client.multicall([list(), list()]).await?; // three requests
    /// assert_eq!(one?, other?);
    /// let [one, other] = client.multicall([list(), list()]).await?; // two
    /// assert_eq!(one?, other?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn multicall_fallback(mut self, on: bool) -> Self {
        Arc::make_mut(&mut self.settings).multicall_fallback = on;
        self
    }

    /// Whether the server has `system.multicall`. On by default. If it is off, the calls of a multicall
    /// are always sent individually, whatever [`multicall_fallback`](Self::multicall_fallback) says.
    ///
    /// It is for servers that lack it and say so in words that nobody can recognize, such as
    /// ejabberd, Tryton or Perl's `XMLRPC::Lite`.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new().multicall(false)).system_multicall(false);
    /// let list = || client.call::<Vec<String>>("system.listMethods", ());
    /// let [one, other] = client.multicall([list(), list()]).await?; // two requests
    /// assert_eq!(one?, other?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn system_multicall(mut self, on: bool) -> Self {
        Arc::make_mut(&mut self.settings).system_multicall = on;
        self
    }

    /// Whether an entry of the response to a multicall is an error if it is neither an array of one
    /// element nor a fault. Off by default: such an entry is then read as the result itself, because
    /// some servers omit the array around it.
    ///
    /// Switch it on for a server that reports a failed call in this way, such as Trac, whose failed
    /// entries would look like results.
    ///
    /// ```
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Request, Response, client::BoxError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(service_fn(|_: Request| async {
    /// #     let body = "<methodResponse><params><param><value><array><data>\
    /// #         <value>no such ticket</value></data></array></value></param></params></methodResponse>";
    /// #     Ok::<_, BoxError>(Response::new(body))
    /// # }));
    /// // The server responds with the entry `no such ticket`, without an array around it.
    /// let (title,) = client.multicall((client.call::<String>("title", (7,)),)).await?;
    /// assert_eq!(title?, "no such ticket");
    ///
    /// let client = client.strict_multicall(true);
    /// let (title,) = client.multicall((client.call::<String>("title", (7,)),)).await?;
    /// assert!(title.unwrap_err().is_decode());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn strict_multicall(mut self, on: bool) -> Self {
        Arc::make_mut(&mut self.settings).strict_multicall = on;
        self
    }

    /// Whether to read characters that XML forbids as U+FFFD, the replacement character. Off by default:
    /// such a document is then an error.
    ///
    /// Some peers send texts that they do not check, such as names of files and lines of logs. The option
    /// replaces control characters, U+FFFE and U+FFFF, whether they are written themselves or as
    /// references. Bytes that are invalid in the encoding of the document remain an error.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Request, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let server = tower::service_fn(|_: Request| async {
    ///     let document = "<methodResponse><params><param><value>a&#7;b</value></param></params></methodResponse>";
    ///     Ok::<_, std::io::Error>(Response::new(document))
    /// });
    /// let client = Client::new(server);
    /// assert!(client.call::<String>("name", ()).await.is_err());
    /// let client = client.replace_forbidden_characters(true);
    /// assert_eq!(client.call::<String>("name", ()).await?, "a\u{FFFD}b");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replace_forbidden_characters(mut self, on: bool) -> Self {
        Arc::make_mut(&mut self.settings).reading.replaces_forbidden = on;
        self
    }

    /// Erases the type of the transport.
    ///
    /// It is the solution if the compiler says ``expected `Client<BoxTransport>`, found `Client<Http>` ``, or
    /// ``expected `CalcClient`, found `CalcClient<Http>` `` for a stub: write `CalcClient::new(client.boxed())`.
    ///
    /// ```
    /// use xmlrpc_core::{BoxTransport, Client, Dispatcher};
    ///
    /// let client: Client<BoxTransport> = Client::new(Dispatcher::new()).boxed();
    /// # let _ = client;
    /// ```
    pub fn boxed(self) -> Client<BoxTransport>
    where
        T: Sync,
    {
        Client {
            transport: BoxTransport::new(self.transport),
            settings: self.settings,
            leading: self.leading,
        }
    }

    /// The transport.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// let client = Client::new(Dispatcher::new());
    /// let dispatcher: &Dispatcher = client.transport();
    /// # let _ = dispatcher;
    /// ```
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// The [`Limits`] of a response.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Limits};
    ///
    /// assert_eq!(Client::new(Dispatcher::new()).configured_limits(), &Limits::RESPONSE);
    /// ```
    pub fn configured_limits(&self) -> &Limits {
        &self.settings.reading.limits
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.settings, &other.settings)
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A type that a generated client can be created from: a [`Client`], or a type that contains one.
///
/// ```
/// use xmlrpc_core::{BoxTransport, Client, Dispatcher, client::IntoClient, xmlrpc_service};
///
/// #[xmlrpc_service(client)]
/// trait Calc {
///     async fn add(&self, a: i64, b: i64) -> i64;
/// }
///
/// /// Everything that an application needs to reach its backend.
/// struct Backend {
///     client: Client<BoxTransport>,
/// }
///
/// impl IntoClient for &Backend {
///     type Transport = BoxTransport;
///
///     fn into_client(self) -> Client<BoxTransport> {
///         self.client.clone()
///     }
/// }
///
/// let backend = Backend { client: Client::new(Dispatcher::new()).boxed() };
/// let calc = CalcClient::new(&backend);
/// # let _ = calc;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an XML-RPC client",
    label = "not a client",
    note = "wrap a transport, for example a `Dispatcher`, with `xmlrpc_core::Client::new(transport)`",
    note = "for the URL of a server, use `xmlrpc_client::Client::new(url)`"
)]
pub trait IntoClient {
    /// The transport of the client.
    type Transport: Transport;

    /// Converts into a client.
    fn into_client(self) -> Client<Self::Transport>;
}

impl<T: Transport> IntoClient for Client<T> {
    type Transport = T;

    fn into_client(self) -> Self {
        self
    }
}

impl<T: Transport> IntoClient for &Client<T> {
    type Transport = T;

    fn into_client(self) -> Client<T> {
        self.clone()
    }
}
