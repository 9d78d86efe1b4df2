//! What a transport carries: an encoded document, and what travels beside it.

use std::{borrow::Cow, error, fmt};

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, header::CONTENT_TYPE};

/// Any error: what transports and layers return, as tower's do.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// A `methodCall` on its way to a peer.
///
/// A transport sends [`body`](Self::body) and answers with a [`Response`]. The other fields are
/// for the transports that have a place for them; one that has none leaves them out.
///
/// ```
/// use xmlrpc_core::Request;
///
/// let request = Request::new("pow", "<?xml version=\"1.0\"?><methodCall>…</methodCall>");
/// assert_eq!(request.label, "pow");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The name of the method, for a client's logs and metrics. A server never trusts it: the
    /// name in the body is the one that is called.
    pub label: Cow<'static, str>,
    /// Headers to send (client) or that came (server), as far as the transport has headers.
    pub headers: HeaderMap,
    /// Anything else, by type: what an HTTP layer learned of the peer, how a call may be retried.
    pub extensions: Extensions,
    /// The encoded document.
    pub body: Bytes,
}

impl Request {
    /// A request without headers or extensions.
    pub fn new(label: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) -> Self {
        Self {
            label: label.into(),
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: body.into(),
        }
    }
}

/// A `methodResponse` on its way back, or whatever else the peer answered.
///
/// ```
/// use xmlrpc_core::Response;
///
/// let response = Response::new("<methodResponse>…</methodResponse>");
/// assert_eq!(response.status, 200);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The status of the transport; 200 where it has none. It matters only when the body is no
    /// `methodResponse`: faults are read whatever it says.
    pub status: StatusCode,
    /// Headers that came with the answer; the `charset` of `Content-Type` is honoured.
    pub headers: HeaderMap,
    /// Anything else, by type.
    pub extensions: Extensions,
    /// The encoded document.
    pub body: Bytes,
}

impl Response {
    /// A response of status 200 without headers or extensions.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: body.into(),
        }
    }
}

impl fmt::Debug for Request {
    /// Names the headers and counts the bytes: their contents may be secrets, or large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("label", &self.label)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    /// Names the headers and counts the bytes: their contents may be secrets, or large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The `charset` parameter of the `Content-Type`, unquoted.
pub(crate) fn charset(headers: &HeaderMap) -> Option<&str> {
    let parameters = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    parameters.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}
