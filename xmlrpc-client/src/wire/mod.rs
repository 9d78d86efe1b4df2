//! The wires, which carry a request to the server, and what they share.

mod body;
mod scgi;

// Over HTTP.
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod broken;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod exchange;
#[cfg(all(feature = "gzip", any(feature = "reqwest", feature = "hyper")))]
mod inflate;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod keep_alive;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod proxy;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod upload;
#[cfg(feature = "hyper")]
mod with_hyper;
#[cfg(feature = "reqwest")]
mod with_reqwest;

use http::HeaderMap;

use self::scgi::Scgi;
#[cfg(feature = "hyper")]
use self::with_hyper::HyperPost;
#[cfg(feature = "reqwest")]
use self::with_reqwest::ReqwestPost;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
use crate::Wire;
use crate::{BuildError, connection_settings::ConnectionSettings, url::Url};

#[cfg(any(feature = "reqwest", feature = "hyper"))]
const CANNOT_BE_SENT: &str = "invalid URL: it cannot be sent in a request";

pub(crate) enum Channel {
    #[cfg(feature = "reqwest")]
    Reqwest(Box<ReqwestPost>),
    #[cfg(feature = "hyper")]
    Hyper(Box<HyperPost>),
    Scgi(Scgi),
}

impl Channel {
    /// Creates the wire for the scheme of the URL.
    pub(crate) fn new(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        let is_scgi = url.scheme() == "scgi";
        if (is_scgi || settings.unix_socket.is_some()) && settings.proxy.is_always() {
            let what = if is_scgi { "SCGI" } else { "a unix socket" };
            return Err(BuildError::new(format!(
                "a proxy cannot be used with {what}; remove `proxy`, or use an `http` URL"
            )));
        }
        if !is_scgi {
            return Self::http(url, settings);
        }
        #[cfg(feature = "reqwest")]
        if settings.http_client.is_some() {
            return Err(BuildError::new(
                "a custom HTTP client cannot be used with SCGI; remove `http_client`, or use an `http` URL",
            ));
        }
        Scgi::new(url, settings).map(Self::Scgi)
    }

    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    fn http(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        Ok(match settings.wire {
            #[cfg(feature = "reqwest")]
            Wire::Reqwest => Self::Reqwest(Box::new(ReqwestPost::new(url, settings)?)),
            #[cfg(feature = "hyper")]
            Wire::Hyper => Self::Hyper(Box::new(HyperPost::new(url, settings)?)),
        })
    }

    #[cfg(not(any(feature = "reqwest", feature = "hyper")))]
    fn http(url: &Url, _: &ConnectionSettings) -> Result<Self, BuildError> {
        Err(BuildError::new(format!(
            "`{}` URLs need the feature `reqwest` or `hyper` of xmlrpc-client",
            url.scheme()
        )))
    }

    /// The server, as it may be shown.
    pub(crate) fn peer(&self) -> &str {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Reqwest(post) => post.peer(),
            #[cfg(feature = "hyper")]
            Self::Hyper(post) => post.peer(),
            Self::Scgi(scgi) => scgi.peer(),
        }
    }

    /// The server cannot be reached any more, perhaps because it has just ended.
    #[cfg(feature = "balance")]
    pub(crate) fn mark_unreachable(&self) {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Reqwest(post) => post.mark_unreachable(),
            #[cfg(feature = "hyper")]
            Self::Hyper(post) => post.mark_unreachable(),
            Self::Scgi(_) => {}
        }
    }

    /// Adds the headers that the wire sends with each request.
    pub(crate) fn prepare(&self, headers: &mut HeaderMap) {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Reqwest(post) => post.prepare(headers),
            #[cfg(feature = "hyper")]
            Self::Hyper(post) => post.prepare(headers),
            Self::Scgi(_) => {
                let _ = headers;
            }
        }
    }
}
