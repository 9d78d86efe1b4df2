use std::{error, fmt};

use reqwest::Url;
use xmlrpc_core::client::{BoxError, TransportError};

/// Why a client could not be built: a URL, a header or a setting that is none.
///
/// Its text never has a user's name or password in it, nor the value of a header.
///
/// ```
/// use xmlrpc_client::Client;
///
/// let error = Client::new("localhost:8000").unwrap_err();
/// assert_eq!(error.to_string(), "not a URL: does it lack `http://`?");
/// ```
pub struct BuildError {
    inner: Box<Inner>,
}

struct Inner {
    text: String,
    source: Option<reqwest::Error>,
}

impl BuildError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                text: text.into(),
                source: None,
            }),
        }
    }

    pub(crate) fn http_client(source: reqwest::Error) -> Self {
        let mut error = Self::new("the HTTP client cannot be set up");
        error.inner.source = Some(source.without_url());
        error
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.text)?;
        let mut next = error::Error::source(self);
        while let Some(error) = next {
            write!(f, ": {error}")?;
            next = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildError({self})")
    }
}

impl error::Error for BuildError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.inner.source.as_ref().map(|source| source as _)
    }
}

/// Puts the peer in place of the URL, whose path or query may be a secret, and says what the
/// failure means.
///
/// A time-out while connecting is a failure to connect: nothing was sent.
pub(crate) fn transport_error(peer: &str, error: reqwest::Error) -> TransportError {
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let error = PeerError::new(peer, error.without_url());
    if connect {
        TransportError::connect(error)
    } else if timeout {
        TransportError::timeout(error)
    } else {
        TransportError::other(error)
    }
}

/// The URL as far as it can be shown: the scheme, the host, and a port of its own.
pub(crate) fn peer(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// An error, and the peer that it was met with.
#[derive(Debug)]
pub(crate) struct PeerError {
    peer: String,
    source: BoxError,
}

impl PeerError {
    pub(crate) fn new(peer: &str, source: impl Into<BoxError>) -> Self {
        Self {
            peer: peer.to_owned(),
            source: source.into(),
        }
    }
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.peer)
    }
}

impl error::Error for PeerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}
