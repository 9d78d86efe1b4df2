//! The wires, which carry a request to the server, and what they share.

mod body;
mod exchange;
#[cfg(feature = "gzip")]
mod inflate;
mod keep_alive;
mod scgi;
mod upload;
#[cfg(feature = "hyper")]
mod with_hyper;
mod with_reqwest;

use http::HeaderMap;
use reqwest::Url;

#[cfg(feature = "hyper")]
use self::with_hyper::HyperPost;
use self::{scgi::Scgi, with_reqwest::Post};
use crate::{BuildError, Wire, connection_settings::ConnectionSettings};

pub(crate) enum Channel {
    Http(Box<Post>),
    #[cfg(feature = "hyper")]
    Hyper(Box<HyperPost>),
    Scgi(Scgi),
}

impl Channel {
    /// Creates the wire for the scheme of the URL.
    pub(crate) fn new(url: Url, settings: ConnectionSettings) -> Result<Self, BuildError> {
        let is_scgi = url.scheme() == "scgi";
        if (is_scgi || settings.unix_socket.is_some()) && settings.proxy.is_always() {
            let what = if is_scgi { "SCGI" } else { "a unix socket" };
            return Err(BuildError::new(format!(
                "a proxy cannot be used with {what}; remove `proxy`, or use an `http` URL"
            )));
        }
        if !is_scgi {
            return Ok(match settings.wire {
                Wire::Reqwest => Self::Http(Box::new(Post::new(url, settings)?)),
                #[cfg(feature = "hyper")]
                Wire::Hyper => Self::Hyper(Box::new(HyperPost::new(url, &settings)?)),
            });
        }
        if settings.http_client.is_some() {
            return Err(BuildError::new(
                "a custom HTTP client cannot be used with SCGI; remove `http_client`, or use an `http` URL",
            ));
        }
        let ConnectionSettings {
            unix_socket,
            address,
            connect_timeout,
            ..
        } = settings;
        Scgi::new(&url, unix_socket, address, connect_timeout).map(Self::Scgi)
    }

    /// The server, as it may be shown.
    pub(crate) fn peer(&self) -> &str {
        match self {
            Self::Http(post) => post.peer(),
            #[cfg(feature = "hyper")]
            Self::Hyper(post) => post.peer(),
            Self::Scgi(scgi) => scgi.peer(),
        }
    }

    /// Adds the headers that the wire sends with each request.
    pub(crate) fn prepare(&self, headers: &mut HeaderMap) {
        match self {
            #[cfg(feature = "hyper")]
            Self::Hyper(post) => post.prepare(headers),
            Self::Http(_) | Self::Scgi(_) => {
                let _ = headers;
            }
        }
    }
}
