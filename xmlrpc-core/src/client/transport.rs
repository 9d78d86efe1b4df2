use std::{
    error, fmt, io,
    pin::Pin,
    task::{Context, Poll},
};

use tower::util::BoxCloneSyncService;
use tower_service::Service;

#[cfg(feature = "server")]
use super::Client;
use crate::{Request, Response, box_error::BoxError};

/// A service that takes an encoded request to a server and returns the response.
///
/// You do not implement it: every [`tower::Service`] from [`Request`] to [`Response`] that can be
/// cloned is a transport. So tower layers can wrap any transport. A `Dispatcher` is a transport,
/// and `xmlrpc_client` has one over HTTP.
///
/// ```
/// use std::time::Duration;
/// use tower::{Service, ServiceBuilder, service_fn, BoxError};
/// use xmlrpc_core::{Client, Request, Response};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// // A server that returns 42 for every call.
/// let transport = service_fn(|request: Request| async move {
///     assert_eq!(request.label, "answer");
///     let body = "<methodResponse><params><param><value><int>42</int></value></param></params></methodResponse>";
///     Ok::<_, BoxError>(Response::new(body))
/// });
/// let client = Client::new(transport);
/// assert_eq!(client.call::<i64>("answer", ()).await?, 42);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    label = "not a transport",
    note = "a transport is a `tower::Service<xmlrpc_core::Request, Response = xmlrpc_core::Response>` that is `Clone + Send + 'static` and whose future is `Send + 'static`",
    note = "for the URL of a server, use `xmlrpc_client::Client::new(url)`, which has a transport over HTTP",
    note = "a client is not a transport: `NameClient::new(client)` takes it as it is, and `client.into_core()` of `xmlrpc_client` returns a `xmlrpc_core::Client`"
)]
pub trait Transport:
    Service<Request, Response = Response, Error: Into<BoxError>, Future: Send + 'static>
    + Clone
    + Send
    + 'static
{
}

#[diagnostic::do_not_recommend]
impl<T> Transport for T where
    T: Service<Request, Response = Response, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + 'static
{
}

/// A transport with its type erased, for a struct that must not be generic over the transport.
///
/// ```
/// use xmlrpc_core::{BoxTransport, Client, Dispatcher};
///
/// struct App {
///     backend: Client<BoxTransport>,
/// }
///
/// let app = App { backend: Client::new(Dispatcher::new()).boxed() };
/// # let _ = app.backend;
/// ```
///
/// # Mistakes
///
/// A client over another transport is not a `Client<BoxTransport>`. Call [`boxed`](crate::Client::boxed),
/// which a client of `xmlrpc_client` has too:
///
/// ```compile_fail,E0308
/// # use xmlrpc_core::{BoxTransport, Client, Dispatcher};
/// // expected `Client<BoxTransport>`, found `Client<Dispatcher>`
/// let client: Client<BoxTransport> = Client::new(Dispatcher::new());
/// ```
///
/// ```
/// # use xmlrpc_core::{BoxTransport, Client, Dispatcher};
/// let client: Client<BoxTransport> = Client::new(Dispatcher::new()).boxed();
/// # let _ = client;
/// ```
///
/// The same happens with stubs: `BoxTransport` is the default transport, so `CalcClient` alone means
/// `CalcClient<BoxTransport>`. Over HTTP, the compiler says ``expected `CalcClient`, found
/// `CalcClient<Http>` ``:
///
/// ```compile_fail,E0308
/// # use xmlrpc_core::{Client, Dispatcher, xmlrpc_service};
/// # #[xmlrpc_service(client)]
/// # trait Calc { async fn add(&self, a: i64, b: i64) -> i64; }
/// fn calc(client: Client<Dispatcher>) -> CalcClient {
///     CalcClient::new(client) // expected `CalcClient`, found `CalcClient<Dispatcher>`
/// }
/// ```
///
/// ```
/// # use xmlrpc_core::{Client, Dispatcher, xmlrpc_service};
/// # #[xmlrpc_service(client)]
/// # trait Calc { async fn add(&self, a: i64, b: i64) -> i64; }
/// fn calc(client: Client<Dispatcher>) -> CalcClient {
///     CalcClient::new(client.boxed()) // or return `CalcClient<Dispatcher>`
/// }
/// ```
#[derive(Clone)]
pub struct BoxTransport(BoxCloneSyncService<Request, Response, BoxError>);

impl BoxTransport {
    /// Erases the type of a transport. [`Client::boxed`](crate::Client::boxed) does the same for a whole
    /// client.
    ///
    /// ```
    /// use xmlrpc_core::{BoxTransport, Client, Dispatcher};
    ///
    /// let client = Client::new(BoxTransport::new(Dispatcher::new()));
    /// # let _ = client;
    /// ```
    pub fn new(transport: impl Transport + Sync) -> Self {
        let transport = tower::ServiceExt::map_err(transport, Into::into);
        Self(BoxCloneSyncService::new(transport))
    }
}

impl Service<Request> for BoxTransport {
    type Response = Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.0.call(request)
    }
}

impl fmt::Debug for BoxTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoxTransport").finish_non_exhaustive()
    }
}

/// The same as [`Client::boxed`](crate::Client::boxed). The compiler suggests this conversion where it expects a
/// [`BoxTransport`].
#[cfg(feature = "server")]
impl From<Client<crate::Dispatcher>> for Client<BoxTransport> {
    fn from(client: Client<crate::Dispatcher>) -> Self {
        client.boxed()
    }
}

/// An error of a transport, with its kind.
///
/// A transport returns it if it knows more about the failure than an [`io::Error`] can express. The
/// kind decides what [`ClientError::is_connect`](crate::ClientError::is_connect) and
/// [`ClientError::is_timeout`](crate::ClientError::is_timeout) return.
///
/// ```
/// use xmlrpc_core::client::TransportError;
///
/// let error = TransportError::connect("no route to host");
/// assert_eq!(error.to_string(), "could not connect");
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    Connect,
    Timeout,
    Limit,
    Other,
}

impl TransportErrorKind {
    /// Why sending the request again may help. `None` if it would not.
    pub(crate) fn retry_reason(self) -> Option<&'static str> {
        match self {
            Self::Connect => Some("no connection"),
            Self::Timeout => Some("a time-out"),
            Self::Other => Some("the request failed"),
            Self::Limit => None,
        }
    }
}

impl TransportError {
    /// The transport could not connect: no request was sent.
    ///
    /// ```
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Request, Response, client::TransportError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let transport = service_fn(|_: Request| async {
    ///     Err::<Response, _>(TransportError::connect("no route to host"))
    /// });
    /// let error = Client::new(transport).call::<i64>("add", (2, 3)).await.unwrap_err();
    /// assert!(error.is_connect());
    /// assert_eq!(error.to_string(), "calling `add`: could not connect: no route to host");
    /// # }
    /// ```
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Connect, source)
    }

    /// A time-out of the transport has expired.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Timeout, source)
    }

    /// The response is larger than the transport accepts.
    pub fn limit(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Limit, source)
    }

    /// Any other error, for example a connection that broke before the response was complete.
    pub fn other(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Other, source)
    }

    /// Whether the transport could not connect. Nothing was sent, so sending the request again is safe.
    ///
    /// ```
    /// use xmlrpc_core::client::TransportError;
    ///
    /// assert!(TransportError::connect("no route to host").is_connect());
    /// assert!(!TransportError::timeout("no response").is_connect());
    /// ```
    pub fn is_connect(&self) -> bool {
        self.kind == TransportErrorKind::Connect
    }

    /// Whether a time-out of the transport has expired.
    pub fn is_timeout(&self) -> bool {
        self.kind == TransportErrorKind::Timeout
    }

    /// Whether the response is larger than the transport accepts.
    pub fn is_limit(&self) -> bool {
        self.kind == TransportErrorKind::Limit
    }

    fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    pub(crate) fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::Limit => "the response is too large",
            TransportErrorKind::Other => "the request failed",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The kind of a transport error, found in the error or in one of its sources.
pub(crate) fn kind_of(error: &(dyn error::Error + 'static)) -> TransportErrorKind {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<TransportError>() {
            return error.kind();
        }
        if error.is::<tower::timeout::error::Elapsed>() || error.is::<tokio::time::error::Elapsed>()
        {
            return TransportErrorKind::Timeout;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::TimedOut => return TransportErrorKind::Timeout,
                io::ErrorKind::ConnectionRefused => return TransportErrorKind::Connect,
                _ => {}
            }
        }
        next = error.source();
    }
    TransportErrorKind::Other
}
