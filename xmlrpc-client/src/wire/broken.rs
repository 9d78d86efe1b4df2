//! The errors of requests over HTTP.

use std::{error, fmt, io, net::SocketAddr};

use hyper_util::client::legacy::connect::HttpInfo;
use xmlrpc_core::client::{BoxError, TransportError};

use crate::error::PeerError;

/// The error of a request, from the library that has sent it. It does not contain the URL, whose path
/// or query may be secret.
pub(crate) struct Broken {
    pub(crate) error: BoxError,
    /// Whether the library could not connect: nothing was sent.
    pub(crate) is_connect: bool,
    pub(crate) is_timeout: bool,
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
/// these errors: their type belongs to a library that the feature `rustls` does not always enable.
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
