use std::{error, fmt};

use xmlrpc_core::client::BoxError;

/// The reason of a time-out while connecting.
#[cfg(any(feature = "reqwest", feature = "hyper", feature = "balance"))]
pub(crate) const CONNECT_TIMEOUT: &str =
    "there was no connection within `ClientBuilder::connect_timeout`";

/// The error of building a client: an invalid URL, header or setting.
///
/// Its text never contains a user name, a password or the value of a header.
///
/// ```
/// use xmlrpc_client::Client;
///
/// let error = Client::new("localhost:8000").unwrap_err();
/// assert_eq!(error.to_string(), "invalid URL: is `http://` missing?");
/// ```
pub struct BuildError {
    inner: Box<Inner>,
}

struct Inner {
    text: String,
    source: Option<BoxError>,
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

    /// The library that sends requests, or the one for TLS, does not accept its settings.
    pub(crate) fn http_client(source: impl Into<BoxError>) -> Self {
        let mut error = Self::new("cannot create the HTTP client");
        error.inner.source = Some(source.into());
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
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// An error together with the server that it is about.
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
