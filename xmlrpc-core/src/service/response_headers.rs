//! The headers that methods and layers add to the response.

use std::{
    error, fmt,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, TE, TRAILER,
        TRANSFER_ENCODING, UPGRADE,
    },
};

use crate::Fault;

/// What a header takes in addition to its name and value, counted as HTTP/2 does.
const OVERHEAD: usize = 32;

/// The headers that methods and layers add to the response, from
/// [`Context::response_headers`](super::Context::response_headers).
///
/// All calls of one request share them, because they share its response: the entries of a multicall, and
/// methods that run on other threads. The response has them whether the method succeeds or fails. A
/// header that is added after the response has been made has no effect. So has every header if the
/// transport has no headers.
///
/// ```
/// use xmlrpc_core::{Context, Dispatcher, Fault, Request, xmlrpc_service};
///
/// #[xmlrpc_service]
/// trait Session {
///     async fn login(&self, #[xmlrpc(context)] cx: &Context, user: &str) -> Result<bool, Fault>;
/// }
///
/// struct Sessions;
///
/// impl Session for Sessions {
///     async fn login(&self, cx: &Context, user: &str) -> Result<bool, Fault> {
///         let cookie = format!("user={user}; HttpOnly; Secure");
///         cx.response_headers().append("set-cookie", cookie)?;
///         Ok(true)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dispatcher = Dispatcher::new().service(SessionServer::new(Sessions));
/// let call = "<methodCall><methodName>login</methodName>\
///             <params><param><value>ada</value></param></params></methodCall>";
/// let response = dispatcher.dispatch(Request::new("login", call)).await?;
/// assert_eq!(response.headers["set-cookie"], "user=ada; HttpOnly; Secure");
/// # Ok(())
/// # }
/// ```
///
/// The bytes of all headers together are [limited](super::Dispatcher::max_response_header_bytes).
///
/// These headers describe the message itself, so they are refused: `Connection`, `Content-Encoding`,
/// `Content-Length`, `Content-Range`, `Content-Type`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`,
/// `Transfer-Encoding` and `Upgrade`. A layer of HTTP can still change them.
pub struct ResponseHeaders {
    /// Created for the first header, because most responses have none.
    added: OnceLock<Box<Mutex<Added>>>,
    max_bytes: usize,
}

#[derive(Default)]
struct Added {
    headers: HeaderMap,
    bytes: usize,
}

impl ResponseHeaders {
    pub(super) const MAX_BYTES: usize = 8 << 10;

    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            added: OnceLock::new(),
            max_bytes,
        }
    }

    /// Adds a header. Other values of the same name stay, as `Set-Cookie` needs it.
    ///
    /// # Errors
    ///
    /// The name or value is not a valid header, the name is one of those that are
    /// [refused](Self), or the headers would exceed their maximum size. The error becomes
    /// [`Fault::internal`], so a method can use `?`.
    pub fn append(
        &self,
        name: impl TryInto<HeaderName>,
        value: impl TryInto<HeaderValue>,
    ) -> Result<(), ResponseHeaderError> {
        let (name, value) = checked(name, value)?;
        let mut added = self.added();
        added.reserve(size(&name, &value), 0, self.max_bytes)?;
        // The map has its own maximum, which is above any sensible one of ours.
        match added.headers.try_append(name, value) {
            Ok(_) => Ok(()),
            Err(_) => Err(too_large(self.max_bytes)),
        }
    }

    /// Sets a header. It replaces all values of the same name that methods and layers have added.
    ///
    /// # Errors
    ///
    /// The errors of [`append`](Self::append).
    pub fn insert(
        &self,
        name: impl TryInto<HeaderName>,
        value: impl TryInto<HeaderValue>,
    ) -> Result<(), ResponseHeaderError> {
        let (name, value) = checked(name, value)?;
        let mut added = self.added();
        let before = added.headers.get_all(&name).iter();
        let before: usize = before.map(|before| size(&name, before)).sum();
        added.reserve(size(&name, &value), before, self.max_bytes)?;
        match added.headers.try_insert(name, value) {
            Ok(_) => Ok(()),
            Err(_) => Err(too_large(self.max_bytes)),
        }
    }

    /// A copy of the headers that have been added so far.
    ///
    /// ```
    /// use xmlrpc_core::Context;
    ///
    /// // A test can call a method with its own context, and look at the headers.
    /// let context = Context::default();
    /// context.response_headers().append("x-served-by", "test")?;
    /// assert_eq!(context.response_headers().to_map()["x-served-by"], "test");
    /// # Ok::<(), xmlrpc_core::service::ResponseHeaderError>(())
    /// ```
    pub fn to_map(&self) -> HeaderMap {
        match self.added.get() {
            Some(added) => lock(added).headers.clone(),
            None => HeaderMap::new(),
        }
    }

    /// Takes the headers for the response.
    pub(super) fn take(&self) -> HeaderMap {
        match self.added.get() {
            Some(added) => std::mem::take(&mut lock(added).headers),
            None => HeaderMap::new(),
        }
    }

    fn added(&self) -> MutexGuard<'_, Added> {
        lock(self.added.get_or_init(Box::default))
    }
}

impl Added {
    /// Counts a header that replaces others.
    fn reserve(&mut self, more: usize, less: usize, max: usize) -> Result<(), ResponseHeaderError> {
        let bytes = self.bytes.saturating_sub(less).saturating_add(more);
        if bytes > max {
            return Err(too_large(max));
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Default for ResponseHeaders {
    fn default() -> Self {
        Self::new(Self::MAX_BYTES)
    }
}

impl fmt::Debug for ResponseHeaders {
    /// Shows only the names of the headers. Their values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.to_map().keys()).finish()
    }
}

/// A method or a layer that panics does not leave the headers incomplete.
fn lock(added: &Mutex<Added>) -> MutexGuard<'_, Added> {
    added.lock().unwrap_or_else(PoisonError::into_inner)
}

fn size(name: &HeaderName, value: &HeaderValue) -> usize {
    name.as_str().len() + value.len() + OVERHEAD
}

fn checked(
    name: impl TryInto<HeaderName>,
    value: impl TryInto<HeaderValue>,
) -> Result<(HeaderName, HeaderValue), ResponseHeaderError> {
    // The texts omit the value, which may be secret.
    let name = name
        .try_into()
        .map_err(|_| ResponseHeaderError::new("a response header has an invalid name"))?;
    if is_of_the_message(&name) {
        return Err(ResponseHeaderError::new(format!(
            "the response header `{name}` cannot be set, because it describes the message itself"
        )));
    }
    let value = value.try_into().map_err(|_| {
        ResponseHeaderError::new(format!("the response header `{name}` has an invalid value"))
    })?;
    Ok((name, value))
}

fn is_of_the_message(name: &HeaderName) -> bool {
    const OTHERS: [&str; 2] = ["keep-alive", "proxy-connection"];
    [
        CONNECTION,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        CONTENT_RANGE,
        CONTENT_TYPE,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ]
    .contains(name)
        || OTHERS.contains(&name.as_str())
}

#[cold]
fn too_large(max: usize) -> ResponseHeaderError {
    ResponseHeaderError::new(format!(
        "the response headers would have more than the {max} bytes of \
         Dispatcher::max_response_header_bytes"
    ))
}

/// The error of a response header that cannot be added.
///
/// As a fault it is [`Fault::internal`]: the server logs the text and does not send it.
///
/// ```
/// use xmlrpc_core::Context;
///
/// let error = Context::default().response_headers().insert("content-length", "7").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the response header `content-length` cannot be set, because it describes the message itself"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHeaderError {
    text: String,
}

impl ResponseHeaderError {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

impl fmt::Display for ResponseHeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl error::Error for ResponseHeaderError {}

impl From<ResponseHeaderError> for Fault {
    fn from(error: ResponseHeaderError) -> Self {
        Self::internal(error)
    }
}
