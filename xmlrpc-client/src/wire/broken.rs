//! The errors of requests over HTTP.

use std::{error, fmt, io, net::SocketAddr};

use hyper_util::client::legacy::connect::HttpInfo;
use xmlrpc_core::client::{BoxError, TransportError};

use crate::error::{CONNECT_TIMEOUT, PeerError};

/// The error of a request, from the library that has sent it. It does not contain the URL, whose path
/// or query may be secret.
pub(crate) struct Broken {
    pub(crate) error: BoxError,
    /// Whether the library could not connect: nothing was sent.
    pub(crate) is_connect: bool,
    pub(crate) is_timeout: bool,
}

impl Broken {
    /// Whether nothing of the request was sent.
    pub(crate) fn was_not_sent(&self) -> bool {
        self.is_connect || is_canceled(&*self.error)
    }
}

const SPOKE_FIRST: &str = "the server sent something before it had a request, as HTTP servers do not: \
                           is the port right?";

/// Classifies an error, and names the server.
///
/// A time-out while connecting counts as a failure to connect: nothing was sent. So does a connection that
/// breaks before the request is written.
pub(crate) fn transport_error(peer: &str, broken: Broken) -> TransportError {
    let was_not_sent = broken.was_not_sent();
    let Broken {
        error,
        is_connect,
        is_timeout,
    } = broken;
    let reason = match (is_connect, was_not_sent) {
        (true, _) if is_timeout && !is_of_system(&*error) => Some(CONNECT_TIMEOUT),
        (true, _) => certificate_hint(&*error),
        (false, true) if speaks_first(&*error) => Some(SPOKE_FIRST),
        (false, true) => Some("the server closed the connection before the request was sent"),
        (false, false) => None,
    };
    let error = match reason {
        None => PeerError::new(peer, error),
        Some(reason) => PeerError::new(peer, Reason::new(reason, error)),
    };
    if was_not_sent {
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

/// Whether the connection broke before anything of the request was written to it. With this error, hyper gives
/// the request back to its caller. hyper-util then sends it again, but only if the connection was a kept one.
fn is_canceled(error: &(dyn error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let hyper = error.downcast_ref::<hyper::Error>();
        if hyper.is_some_and(hyper::Error::is_canceled) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Whether the system has reported the error. It has its own time-out for connecting, of minutes.
fn is_of_system(error: &(dyn error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.raw_os_error().is_some()) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Whether the server sent something that no request had asked for. The text is all that is known.
fn speaks_first(error: &(dyn error::Error + 'static)) -> bool {
    let mut innermost = error;
    while let Some(error) = innermost.source() {
        innermost = error;
    }
    innermost.to_string().contains("unexpected message")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The same through a socket happens only if a reset arrives at the right moment.
    #[tokio::test]
    async fn a_request_that_hyper_gives_back_was_not_sent() {
        let (io, _peer) = tokio::io::duplex(1_024);
        let io = hyper_util::rt::TokioIo::new(io);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        drop(connection);
        let request = http::Request::new(String::new());
        let error = sender.try_send_request(request).await.unwrap_err();
        assert!(error.message().is_some());
        let error = transport_error(
            "http://peer",
            Broken {
                error: error.into_error().into(),
                is_connect: false,
                is_timeout: false,
            },
        );
        assert!(error.is_connect());
        let text = format!("{error:?}");
        assert!(text.contains("before the request was sent"), "{text}");
    }

    /// Through a socket it is a matter of chance which arrives first.
    #[tokio::test]
    async fn servers_that_speak_first_are_probably_not_http_servers() {
        use tokio::io::AsyncWriteExt;

        let (io, mut peer) = tokio::io::duplex(1_024);
        peer.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").await.unwrap();
        let io = hyper_util::rt::TokioIo::new(io);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        let sending = sender.send_request(http::Request::new(String::new()));
        let (error, _) = tokio::join!(sending, connection);
        let error = transport_error(
            "http://peer",
            Broken {
                error: error.unwrap_err().into(),
                is_connect: false,
                is_timeout: false,
            },
        );
        assert!(error.is_connect());
        let text = format!("{error:?}");
        assert!(text.contains("is the port right?"), "{text}");
    }
}
