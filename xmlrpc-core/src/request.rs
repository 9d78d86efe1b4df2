//! Requests, which a transport sends.

#[cfg(feature = "server")]
use std::sync::Arc;
use std::{borrow::Cow, fmt};

use bytes::Bytes;
use http::{Extensions, HeaderMap};

#[cfg(feature = "server")]
use crate::ResponseBudget;

/// A request: an encoded `methodCall`, with its headers and extensions.
///
/// A transport sends the [`body`](Self::body) and returns a [`Response`](crate::Response). It
/// ignores the other fields if it has no equivalent for them.
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
    /// What bounds the memory of the response.
    #[cfg(feature = "server")]
    pub(crate) budget: Option<Arc<dyn ResponseBudget>>,
}

impl Request {
    /// Creates a request without headers and extensions.
    pub fn new(label: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) -> Self {
        Self {
            label: label.into(),
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: body.into(),
            #[cfg(feature = "server")]
            budget: None,
        }
    }

    /// The same request with a budget for the memory of its response, for a transport that serves a
    /// [`Dispatcher`](crate::Dispatcher). See [`ResponseBudget`].
    #[cfg(feature = "server")]
    #[cfg_attr(docsrs, doc(cfg(feature = "server")))]
    #[must_use]
    pub fn with_response_budget(mut self, budget: Arc<dyn ResponseBudget>) -> Self {
        self.budget = Some(budget);
        self
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
