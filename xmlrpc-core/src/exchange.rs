//! Requests and responses: what a transport carries.

use std::{borrow::Cow, error, fmt};

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, header::CONTENT_TYPE};

use crate::{Limits, xml::replace_forbidden};

/// Any error: what transports and layers return, as tower's do.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// A request: an encoded `methodCall`, with its headers and extensions.
///
/// A transport sends the [`body`](Self::body) and returns a [`Response`]. It ignores the other
/// fields if it has no equivalent for them.
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
    /// The name of the method, for logs and metrics of the client. A server does not trust it: the
    /// name in the body decides.
    pub label: Cow<'static, str>,
    /// Headers to send (client) or received headers (server), if the transport has headers.
    pub headers: HeaderMap,
    /// Other values by type, for example the peer address or whether a call may be retried.
    pub extensions: Extensions,
    /// The encoded document.
    pub body: Bytes,
}

impl Request {
    /// Creates a request without headers and extensions.
    pub fn new(label: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) -> Self {
        Self {
            label: label.into(),
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: body.into(),
        }
    }
}

/// A response: an encoded `methodResponse`, or whatever else the server sent.
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
    /// The status of the transport, or 200 if it has none. It matters only if the body is not a
    /// `methodResponse`: a fault is read under any status.
    pub status: StatusCode,
    /// Headers of the response. The `charset` of `Content-Type` is used to read the body.
    pub headers: HeaderMap,
    /// Other values by type.
    pub extensions: Extensions,
    /// The encoded document.
    pub body: Bytes,
}

impl Response {
    /// Creates a response with status 200, without headers and extensions.
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
    /// Shows the names of the headers and the size of the body. Their contents may be secret or
    /// large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("label", &self.label)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    /// Shows the names of the headers and the size of the body. Their contents may be secret or
    /// large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How a client or a dispatcher reads documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOptions {
    pub(crate) limits: Limits,
    /// Whether characters that XML forbids are read as U+FFFD.
    pub(crate) replaces_forbidden: bool,
}

impl ReadOptions {
    pub(crate) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            replaces_forbidden: false,
        }
    }

    /// The document of a message, its charset, and the limits within which to read it.
    #[inline]
    pub(crate) fn document<'a>(
        &self,
        body: Bytes,
        headers: &'a HeaderMap,
    ) -> (Bytes, Option<&'a str>, Limits) {
        let charset = charset(headers);
        if self.replaces_forbidden
            && let Some((body, limits)) = replace_forbidden(&body, charset, &self.limits)
        {
            return (body, Some("utf-8"), limits);
        }
        (body, charset, self.limits)
    }
}

/// The `charset` parameter of the `Content-Type`, without quotes.
fn charset(headers: &HeaderMap) -> Option<&str> {
    let parameters = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    parameters.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}
