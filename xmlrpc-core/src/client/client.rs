use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use super::{BoxTransport, Transport};
use crate::{Dialect, Limits};

/// Calls methods over a transport: the typed ones of a generated stub, and any other by name.
///
/// Cloning is cheap, and clones are the same client: a call made for one may be awaited, or
/// multicalled, by another.
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
}

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) dialect: Dialect,
    pub(super) limits: Limits,
    pub(super) timeout: Option<Duration>,
    pub(super) max_multicall_entries: usize,
    pub(super) multicall_fallback: bool,
    /// Shared by all clients that were made of one: they have the same peer.
    pub(super) lacks_multicall: Arc<AtomicBool>,
}

impl<T: Transport> Client<T> {
    /// A client over a transport, with no time-out, [`Dialect::EXTENDED`], [`Limits::RESPONSE`], and
    /// at most 1,000 entries to a multicall.
    ///
    /// What `with_…` returns is another client: calls that were made for the one cannot be entries
    /// of a multicall of the other.
    pub fn new(transport: T) -> Self {
        let settings = Settings {
            dialect: Dialect::default(),
            limits: Limits::RESPONSE,
            timeout: None,
            max_multicall_entries: 1_000,
            multicall_fallback: false,
            lacks_multicall: Arc::default(),
        };
        Self {
            transport,
            settings: Arc::new(settings),
        }
    }

    /// How parameters are written.
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

    /// What an answer may be: its size, its depth, its number of elements. The default is
    /// [`Limits::RESPONSE`].
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Limits};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new()).limits(Limits::RESPONSE.depth(0));
    /// let error = client.call::<Vec<String>>("system.listMethods", ()).await.unwrap_err();
    /// assert!(error.is_decode(), "the answer is an array");
    /// # }
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        Arc::make_mut(&mut self.settings).limits = limits;
        self
    }

    /// How long a call may take, from its sending to the end of its answer; [`Call::timeout`](super::Call::timeout)
    /// says it for one call.
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
    /// assert_eq!(error.to_string(), "calling `add`: no answer within 10ms");
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).timeout = Some(timeout);
        self
    }

    /// How many entries the peer takes in one `system.multicall`. A longer multicall is sent in
    /// several, one after the other. 0 counts as 1.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new().max_multicall_entries(2)).max_multicall_entries(2);
    /// let call = || client.call::<Vec<String>>("system.listMethods", ());
    /// let answers = client.multicall(vec![call(), call(), call()]).await?; // two requests
    /// assert!(answers.iter().all(Result::is_ok));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn max_multicall_entries(mut self, entries: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_multicall_entries = entries.max(1);
        self
    }

    /// Whether the calls of a multicall go one by one where the peer has no `system.multicall`; by
    /// default they do not, and its fault is the error of the multicall.
    /// [`Multicall::multicall_fallback`](super::Multicall::multicall_fallback) says it for one multicall, and
    /// [`multicall_concurrency`](super::Multicall::multicall_concurrency) how many of them may be under way.
    ///
    /// A peer says that it has none by the fault -32601, xmlrpc-c's -506, one of the texts by which
    /// Python, PHP, Ruby, Apache, Twisted and others say it of `system.multicall`, or, as
    /// node-xmlrpc does, by an empty 404. Any other fault is an error, as is one that names a call of
    /// the multicall: some of the calls may have run then.
    ///
    /// The client remembers what it has learned of its peer, together with all that were made of it,
    /// until the last of them is dropped.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// // A peer without it.
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

    /// The same client with the type of its transport erased.
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
        let transport = tower::util::BoxCloneSyncService::new(tower::ServiceExt::map_err(
            self.transport,
            Into::into,
        ));
        Client {
            transport,
            settings: self.settings,
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

    /// The [`Limits`] of an answer.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Limits};
    ///
    /// assert_eq!(Client::new(Dispatcher::new()).configured_limits(), &Limits::RESPONSE);
    /// ```
    pub fn configured_limits(&self) -> &Limits {
        &self.settings.limits
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

/// What a stub can be made of: a [`Client`], or a crate's own client around one.
///
/// ```
/// use xmlrpc_core::{BoxTransport, Client, Dispatcher, client::IntoClient, xmlrpc_service};
///
/// #[xmlrpc_service(client)]
/// trait Calc {
///     async fn add(&self, a: i64, b: i64) -> i64;
/// }
///
/// /// The clients of an application, all over one transport.
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
    message = "`{Self}` is no XML-RPC client",
    label = "not a client",
    note = "wrap a transport, a `Dispatcher` for instance, with `xmlrpc_core::Client::new(transport)`"
)]
pub trait IntoClient {
    /// The transport of the client.
    type Transport: Transport;

    /// The client itself.
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
