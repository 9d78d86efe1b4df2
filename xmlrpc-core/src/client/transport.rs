use std::{error, fmt, io};

use tower::util::BoxCloneSyncService;
use tower_service::Service;

use crate::exchange::{BoxError, Request, Response};

/// Whatever takes an encoded document to a peer and brings the answer back.
///
/// It is an alias: every [`tower::Service`] from [`Request`] to [`Response`] that can be cloned is
/// a transport, and so tower's layers stack on top of any of them. A
/// [`Dispatcher`](crate::Dispatcher) is one; `xmlrpc_client` has the one over HTTP.
///
/// ```
/// use std::time::Duration;
/// use tower::{Service, ServiceBuilder, service_fn, BoxError};
/// use xmlrpc_core::{Client, Request, Response};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// // A peer that answers every call with 42.
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
    message = "`{Self}` is no transport",
    label = "not a transport",
    note = "a transport is a `tower::Service<xmlrpc_core::Request, Response = xmlrpc_core::Response>` that is `Clone + Send + 'static` and whose future is `Send + 'static`"
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

/// A transport whose type has been erased, for a struct that must not be generic over it.
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
pub type BoxTransport = BoxCloneSyncService<Request, Response, BoxError>;

/// An error of a transport together with what it means for the caller.
///
/// A transport returns it where it knows more than an [`io::Error`] would say; what it says is
/// what [`ClientError::is_connect`](crate::ClientError::is_connect) and
/// [`ClientError::is_timeout`](crate::ClientError::is_timeout) answer.
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

impl TransportError {
    /// The peer could not be reached: no request was sent.
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

    /// A time-out of the transport's own has passed.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Timeout, source)
    }

    /// The answer exceeds what the transport is willing to read.
    pub fn limit(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Limit, source)
    }

    /// Anything else, for instance a connection that broke before the whole answer was there.
    pub fn other(source: impl Into<BoxError>) -> Self {
        Self::new(TransportErrorKind::Other, source)
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
            TransportErrorKind::Limit => "the answer is too large",
            TransportErrorKind::Other => "the exchange failed",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// What an error of a transport, or any error below it, says it is.
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
