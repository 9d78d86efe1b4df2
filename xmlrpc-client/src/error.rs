use std::{
    error, fmt, io,
    net::{IpAddr, SocketAddr},
};

use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::Url;
use xmlrpc_core::client::{BoxError, TransportError};

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

    pub(crate) fn http_client(source: reqwest::Error) -> Self {
        let mut error = Self::new("cannot create the HTTP client");
        error.inner.source = Some(source.without_url().into());
        error
    }

    #[cfg(all(feature = "hyper", feature = "rustls"))]
    pub(crate) fn tls(source: tokio_rustls::rustls::Error) -> Self {
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

/// The error of a request, from the library that has sent it. It does not contain the URL, whose path
/// or query may be secret.
pub(crate) struct Broken {
    pub(crate) error: BoxError,
    /// Whether the library could not connect: nothing was sent.
    pub(crate) is_connect: bool,
    pub(crate) is_timeout: bool,
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        Self {
            is_connect: error.is_connect(),
            is_timeout: error.is_timeout(),
            error: error.without_url().into(),
        }
    }
}

/// Classifies an error, and names the server.
///
/// A time-out while connecting counts as a failure to connect: nothing was sent.
pub(crate) fn transport_error(peer: &str, broken: Broken) -> TransportError {
    let Broken {
        error,
        is_connect,
        is_timeout,
    } = broken;
    let error = match certificate_hint(&*error).filter(|_| is_connect) {
        None => PeerError::new(peer, error),
        Some(hint) => PeerError::new(peer, Reason::new(hint, error)),
    };
    if is_connect {
        TransportError::connect(error)
    } else if is_timeout {
        TransportError::timeout(error)
    } else {
        TransportError::other(error)
    }
}

/// What to do about a certificate that the client does not trust. The text is all that is known about
/// these errors: reqwest does not make their type public.
fn certificate_hint(error: &(dyn error::Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.source();
        // Only the last one has the text alone.
        if next.is_some() {
            continue;
        }
        let text = error.to_string();
        if text.contains("CaUsedAsEndEntity") {
            return Some(
                "the certificate of the server is one of an authority, which servers must not use: \
                 create one with `CA:FALSE`",
            );
        }
        if text.contains("UnknownIssuer") {
            return Some(
                "the certificate of the server is signed by an unknown authority: if you trust it, pass \
                 its certificate to `ClientBuilder::root_certificate`",
            );
        }
    }
    None
}

/// An error with a likely reason in front of it.
pub(crate) fn with_reason(peer: &str, reason: String, broken: Broken) -> TransportError {
    TransportError::other(PeerError::new(peer, Reason::new(reason, broken.error)))
}

/// Whether an error says that the server closed the connection before its response was complete.
pub(crate) fn is_closed(error: &(dyn error::Error + 'static)) -> bool {
    use io::ErrorKind as Kind;

    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && error.is_incomplete_message()
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let is_closed = matches!(
                error.kind(),
                Kind::BrokenPipe
                    | Kind::ConnectionAborted
                    | Kind::ConnectionReset
                    | Kind::NotConnected
                    | Kind::UnexpectedEof
            );
            if is_closed {
                return true;
            }
        }
        next = error.source();
    }
    false
}

/// The local address of the connection on which an error happened, if it is known.
pub(crate) fn connection(error: &(dyn error::Error + 'static)) -> Option<SocketAddr> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            let mut extensions = http::Extensions::new();
            error.connect_info()?.get_extras(&mut extensions);
            return extensions.get().map(HttpInfo::local_addr);
        }
        next = error.source();
    }
    None
}

/// The part of the URL that may be shown: scheme, host and port.
pub(crate) fn peer(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The same, with the IP address that was chosen.
pub(crate) fn peer_at(url: &Url, address: Option<IpAddr>) -> String {
    match address {
        Some(address) => format!("{} at {address}", peer(url)),
        None => peer(url),
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

/// A likely reason for an error.
#[derive(Debug)]
struct Reason {
    text: String,
    source: BoxError,
}

impl Reason {
    fn new(text: impl Into<String>, source: BoxError) -> Self {
        Self {
            text: text.into(),
            source,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl error::Error for Reason {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}
