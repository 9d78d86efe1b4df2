use std::{borrow::Cow, error, fmt, sync::Arc, time::Duration};

use http::StatusCode;

use super::{
    BoxError, CallResponse,
    error_note::{AttemptsFailed, ErrorNote, excerpt},
    retry::retry_reason,
    transport::{TransportErrorKind, kind_of},
};
use crate::{Error, Fault, TypedFault, error::OneLine, fault::chain};

/// So many characters of a text are shown.
const SHOWN: usize = 1_000;

/// So many of a list of attempts are shown. Up to 64 are in it, and the reason of each is short.
const LISTED: usize = 16_000;

/// How many characters of a transport's error are shown.
fn shown(error: &(dyn error::Error + 'static)) -> usize {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<AttemptsFailed>() {
            return LISTED;
        }
        next = error.source();
    }
    SHOWN
}

/// The error of a call.
///
/// It has the size of one pointer and is the same type for every transport. Its text names the
/// method and says what happened, on one line: texts of the peer are shortened, and their control
/// characters are escaped. [`fault`](Self::fault) has the whole text of a fault. [`source`](error::Error::source) returns the underlying error.
///
/// ```
/// # use xmlrpc_core::{Client, Dispatcher, Fault};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let client = Client::new(Dispatcher::new());
/// let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
/// assert_eq!(error.fault().map(Fault::code), Some(Fault::METHOD_NOT_FOUND));
/// assert_eq!(error.method(), "add");
/// # }
/// ```
#[derive(Clone)]
pub struct ClientError {
    inner: Arc<ClientErrorInner>,
}

struct ClientErrorInner {
    method: Cow<'static, str>,
    kind: Kind,
    response: Option<Box<CallResponse<()>>>,
    /// What the transport adds to the text.
    note: Option<ErrorNote>,
}

enum Kind {
    Fault(Fault),
    Http {
        status: StatusCode,
        excerpt: String,
        retryable: bool,
        error: Error,
    },
    Transport(BoxError),
    Timeout {
        after: Duration,
        /// The servers that were tried, if the transport has chosen them.
        attempts: String,
    },
    Encode(Error),
    Decode(Error),
    Misuse(String),
}

/// The kind of a [`ClientError`]; see [`ClientError::kind`].
///
/// ```
/// # use xmlrpc_core::{Client, Dispatcher, client::ClientErrorKind};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let client = Client::new(Dispatcher::new());
/// let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
/// assert_eq!(error.kind(), ClientErrorKind::Fault);
/// let error = client.call::<i64>("add", ["\u{1}"]).await.unwrap_err();
/// assert_eq!(error.kind(), ClientErrorKind::Encode);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientErrorKind {
    /// The server responded with a fault.
    Fault,
    /// The response has an HTTP status other than 200, and its body is not an XML-RPC response.
    Http,
    /// The client could not connect. The method has not run.
    Connect,
    /// The call timed out. The method may have run.
    Timeout,
    /// The connection failed in another way. The method may have run.
    Transport,
    /// The parameters could not be encoded. Nothing was sent.
    Encode,
    /// The response is not an XML-RPC response, has another type than requested, or exceeds a
    /// limit.
    Decode,
    /// The call was used incorrectly. Examples are an invalid header, an entry of a multicall that
    /// belongs to another client, a call that needs a runtime, and waiting for a call inside a
    /// runtime.
    Misuse,
}

impl ClientError {
    fn new(method: Cow<'static, str>, kind: Kind) -> Self {
        Self {
            inner: Arc::new(ClientErrorInner {
                method,
                kind,
                response: None,
                note: None,
            }),
        }
    }

    pub(super) fn from_fault(method: Cow<'static, str>, fault: Fault) -> Self {
        Self::new(method, Kind::Fault(fault))
    }

    pub(super) fn http(
        method: Cow<'static, str>,
        status: StatusCode,
        body: &[u8],
        error: Error,
    ) -> Self {
        let excerpt = excerpt(body, 160);
        Self::new(
            method,
            Kind::Http {
                status,
                excerpt,
                retryable: retry_reason(status, body).is_some(),
                error,
            },
        )
    }

    pub(super) fn transport(method: Cow<'static, str>, error: BoxError) -> Self {
        Self::new(method, Kind::Transport(error))
    }

    pub(super) fn timeout(
        method: Cow<'static, str>,
        after: Duration,
        attempts: Option<String>,
    ) -> Self {
        let attempts = attempts.unwrap_or_default();
        Self::new(method, Kind::Timeout { after, attempts })
    }

    pub(super) fn encode(method: Cow<'static, str>, error: Error) -> Self {
        Self::new(method, Kind::Encode(error))
    }

    pub(super) fn decode(method: Cow<'static, str>, error: Error) -> Self {
        Self::new(method, Kind::Decode(error))
    }

    pub(super) fn misuse(method: Cow<'static, str>, what: impl Into<String>) -> Self {
        Self::new(method, Kind::Misuse(what.into()))
    }

    /// Adds a note to an error that nobody else has yet.
    pub(super) fn with_note(mut self, note: Option<&ErrorNote>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.note = note.cloned();
        }
        self
    }

    /// Adds the response to an error that nobody else has yet.
    pub(super) fn with_response(mut self, response: CallResponse<()>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.response = Some(Box::new(response));
        }
        self
    }

    /// The method that was called, or `system.multicall` for an error of a whole multicall.
    pub fn method(&self) -> &str {
        &self.inner.method
    }

    /// The kind of this error.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, client::ClientErrorKind};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new());
    /// let error = client.call::<i64>("system.listMethods", ()).await.unwrap_err();
    /// match error.kind() {
    ///     ClientErrorKind::Connect | ClientErrorKind::Timeout => println!("try again later"),
    ///     ClientErrorKind::Decode => println!("a list is not a number: {error}"),
    ///     _ => println!("{error}"),
    /// }
    /// # assert_eq!(error.kind(), ClientErrorKind::Decode);
    /// # }
    /// ```
    pub fn kind(&self) -> ClientErrorKind {
        match &self.inner.kind {
            Kind::Fault(_) => ClientErrorKind::Fault,
            Kind::Http { .. } => ClientErrorKind::Http,
            Kind::Timeout { .. } => ClientErrorKind::Timeout,
            Kind::Encode(_) => ClientErrorKind::Encode,
            Kind::Decode(_) => ClientErrorKind::Decode,
            Kind::Misuse(_) => ClientErrorKind::Misuse,
            Kind::Transport(error) => match kind_of(&**error) {
                TransportErrorKind::Connect => ClientErrorKind::Connect,
                TransportErrorKind::Timeout => ClientErrorKind::Timeout,
                TransportErrorKind::Limit => ClientErrorKind::Decode,
                TransportErrorKind::Other => ClientErrorKind::Transport,
            },
        }
    }

    /// The fault in the response, if this error is one.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.inner.kind {
            Kind::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// The fault in the response, converted into your own error type. See [`TypedFault`].
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, TypedFault, xmlrpc_service};
    /// #[derive(Debug, PartialEq, TypedFault)]
    /// enum StoreError {
    ///     #[fault(code = 404, message = "there is no {path}")]
    ///     NotFound { path: String },
    /// }
    ///
    /// #[xmlrpc_service]
    /// trait Store {
    ///     async fn read(&self, path: String) -> Result<String, StoreError>;
    /// }
    /// # struct Empty;
    /// # impl Store for Empty {
    /// #     async fn read(&self, path: String) -> Result<String, StoreError> {
    /// #         Err(StoreError::NotFound { path })
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let store = StoreClient::new(Client::new(Dispatcher::new().service(StoreServer::new(Empty))));
    /// let error = store.read("a".to_owned()).await.unwrap_err();
    /// assert_eq!(error.fault_as(), Some(StoreError::NotFound { path: "a".to_owned() }));
    /// # }
    /// ```
    pub fn fault_as<E: TypedFault>(&self) -> Option<E> {
        E::from_fault(self.fault()?)
    }

    /// The HTTP status, if it is not 200 and the body is not an XML-RPC response.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.inner.kind {
            Kind::Http { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The status, headers and extensions of the response, if the call was made with
    /// [`Call::with_response`](super::Call::with_response) and the server responded, for example with a
    /// fault. The value is empty.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new());
    /// let error = client.call::<i64>("add", (2, 3)).with_response().await.unwrap_err();
    /// assert_eq!(error.response().unwrap().status, 200);
    /// # }
    /// ```
    pub fn response(&self) -> Option<&CallResponse<()>> {
        self.inner.response.as_deref()
    }

    /// Whether a time-out expired: of the call, the transport, a layer or the system.
    ///
    /// The method may still have run.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ClientErrorKind::Timeout
    }

    /// Whether the client could not connect. The method has not run.
    pub fn is_connect(&self) -> bool {
        self.kind() == ClientErrorKind::Connect
    }

    /// Whether the same call may succeed if it is sent again later. These are the failures after which a
    /// [`RetryPolicy`](super::RetryPolicy) sends an idempotent call again.
    ///
    /// | error | `retryable` | `was_sent` |
    /// |---|---|---|
    /// | no connection: refused, unknown host, connect time-out, TLS, or reset before the request was sent | yes | no |
    /// | the connection broke, before or during the response | yes | yes |
    /// | a time-out | yes | yes |
    /// | HTTP status 502, 503 or 504 without an XML-RPC response | yes | yes |
    /// | another HTTP status | no | yes |
    /// | a fault | no | yes |
    /// | a response that cannot be read, or exceeds a limit | no | yes |
    /// | parameters that cannot be encoded | no | no |
    /// | a call that was used incorrectly | no | no |
    ///
    /// It does not say whether sending the call again is safe. It is if the method is idempotent, or if
    /// [`was_sent`](Self::was_sent) is false. A loop of your own needs a maximum number of attempts, and a
    /// pause before each.
    ///
    /// ```
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, ClientError, Request, Response, client::TransportError};
    /// fn may_send_again(error: &ClientError, is_idempotent: bool) -> bool {
    ///     error.retryable() && (is_idempotent || !error.was_sent())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let transport = service_fn(|_: Request| async {
    ///     Err::<Response, _>(TransportError::connect("no route to host"))
    /// });
    /// let error = Client::new(transport).call::<i64>("buy", ()).await.unwrap_err();
    /// assert!(may_send_again(&error, false));
    /// # }
    /// ```
    pub fn retryable(&self) -> bool {
        match &self.inner.kind {
            Kind::Transport(error) => kind_of(&**error).retry_reason().is_some(),
            Kind::Timeout { .. } => true,
            Kind::Http { retryable, .. } => *retryable,
            Kind::Fault(_) | Kind::Encode(_) | Kind::Decode(_) | Kind::Misuse(_) => false,
        }
    }

    /// Whether a part of the request may have been sent, so that the method may have run. If it is
    /// false, the method has certainly not run, and the call can be sent again, whatever its method does.
    ///
    /// It is true if it is unknown: a call that times out while it connects counts as sent, unless the
    /// time-out for connecting expires first. [`retryable`](Self::retryable) has a table.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = Client::new(Dispatcher::new());
    /// let error = client.call::<i64>("add", ["\u{1}"]).await.unwrap_err();
    /// assert!(!error.was_sent() && !error.retryable()); // the parameter cannot be encoded
    /// let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    /// assert!(error.was_sent() && !error.retryable()); // the fault "no such method"
    /// # }
    /// ```
    pub fn was_sent(&self) -> bool {
        !matches!(
            self.kind(),
            ClientErrorKind::Connect | ClientErrorKind::Encode | ClientErrorKind::Misuse
        )
    }

    /// Whether the parameters could not be encoded. Nothing was sent.
    pub fn is_encode(&self) -> bool {
        self.kind() == ClientErrorKind::Encode
    }

    /// Whether the response is not an XML-RPC response, has another type than requested, or exceeds
    /// a limit.
    ///
    /// It is unknown whether the method has run: the response may be the error page of a proxy.
    pub fn is_decode(&self) -> bool {
        self.kind() == ClientErrorKind::Decode
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "calling `{}`: ", OneLine::new(&self.inner.method))?;
        match &self.inner.kind {
            Kind::Fault(fault) => fault.fmt(f),
            Kind::Http {
                status, excerpt, ..
            } if excerpt.is_empty() => {
                write!(f, "HTTP status {status}, without a body")
            }
            Kind::Http {
                status, excerpt, ..
            } => {
                write!(
                    f,
                    "HTTP status {status}; the body is not an XML-RPC response and begins: {excerpt}"
                )
            }
            Kind::Transport(error) => OneLine::up_to(shown(&**error), &chain(&**error)).fmt(f),
            Kind::Timeout { after, attempts } if attempts.is_empty() => {
                write!(f, "no response within {after:?}")
            }
            Kind::Timeout { after, attempts } => {
                let attempts = OneLine::up_to(LISTED, attempts);
                write!(f, "no response within {after:?} from {attempts}")
            }
            Kind::Encode(error) => write!(f, "cannot encode the parameters: {error}"),
            Kind::Decode(error) => write!(f, "cannot read the response: {error}"),
            Kind::Misuse(what) => OneLine::up_to(SHOWN, what).fmt(f),
        }?;
        match &self.inner.note {
            Some(note) => write!(f, "; {}", OneLine::up_to(LISTED, note.text())),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientError({self})")
    }
}

impl error::Error for ClientError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.inner.kind {
            Kind::Fault(fault) => Some(fault),
            Kind::Encode(error) | Kind::Decode(error) | Kind::Http { error, .. } => Some(error),
            Kind::Transport(error) => Some(&**error),
            Kind::Timeout { .. } | Kind::Misuse(_) => None,
        }
    }
}
