//! Responses, which a transport receives.

use std::fmt;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};

#[cfg(feature = "server")]
use crate::response_budget::{Charge, ResponseCharge};

/// A response: an encoded `methodResponse`, or another body that the server sent.
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
    #[cfg(feature = "server")]
    pub(crate) charge: Charge,
}

impl Response {
    /// Creates a response with status 200, without headers and extensions.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: body.into(),
            #[cfg(feature = "server")]
            charge: Charge::default(),
        }
    }

    /// Takes the bytes that the response has of a [`ResponseBudget`](crate::ResponseBudget), if a
    /// dispatcher made it and had to ask for them. They are the capacity of the buffer of the body, or a
    /// little less.
    ///
    /// The transport holds the charge until it has sent the response. A clone of a response has
    /// no charge.
    #[cfg(feature = "server")]
    #[cfg_attr(docsrs, doc(cfg(feature = "server")))]
    pub fn take_charge(&mut self) -> Option<ResponseCharge> {
        self.charge.0.take().map(|charge| *charge)
    }
}

/// Whether a body is probably an XML-RPC response. It counts as the response of the call under any status.
///
/// This only looks for a name, so that it stays fast. It misses UTF-16.
#[cfg(feature = "client")]
pub fn is_method_response(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"methodResponse").is_some()
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
