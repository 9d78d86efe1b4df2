//! Sends a document with an HTTP POST, over TCP, TLS or a unix socket.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, LOCATION},
};
use reqwest::Url;
use xmlrpc_core::{Response, client::TransportError};

#[cfg(feature = "gzip")]
use crate::inflate;
use crate::{BuildError, body, error};

pub(crate) struct Post {
    client: reqwest::Client,
    url: Url,
    /// The server, as it may be shown.
    peer: String,
}

impl Post {
    pub(crate) fn new(
        url: Url,
        socket: Option<&Path>,
        own: Option<reqwest::Client>,
        connect_timeout: Duration,
    ) -> Result<Self, BuildError> {
        let client = match (own, socket) {
            (Some(_), Some(_)) => {
                return Err(BuildError::new(
                    "a custom HTTP client cannot be combined with a unix socket: set the socket with \
                     `reqwest::ClientBuilder::unix_socket`, and use an `http` URL here",
                ));
            }
            (Some(own), None) => own,
            (None, _) => client(&url, socket, connect_timeout)?,
        };
        let peer = match socket {
            Some(socket) => format!("unix://{}", socket.display()),
            None => error::peer(&url),
        };
        Ok(Self { client, url, peer })
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    pub(crate) async fn send(
        &self,
        headers: HeaderMap,
        body: Bytes,
        limit: usize,
    ) -> Result<Response, TransportError> {
        let mut post = reqwest::Request::new(Method::POST, self.url.clone());
        *post.headers_mut() = headers;
        *post.body_mut() = Some(body.into());
        let sent = self.client.execute(post).await;
        let mut received = sent.map_err(|error| error::transport_error(&self.peer, error))?;

        let body = body::read(&mut received, &self.peer, limit).await?;
        let mut response = Response::new(body);
        response.status = received.status();
        response.headers = std::mem::take(received.headers_mut());
        #[cfg(feature = "gzip")]
        inflate::response(&mut response, &self.peer, limit)?;
        response.extensions = std::mem::take(received.extensions_mut());
        if let Some(place) = redirect(&self.url, received.url(), &response) {
            response.body = Bytes::from(place);
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers.insert(CONTENT_TYPE, text);
        }
        Ok(response)
    }
}

/// The target of a redirect, as a sentence for the error that it becomes.
///
/// The text omits the part that the target has in common with the requested path, which may be
/// secret.
fn redirect(asked: &Url, url: &Url, response: &Response) -> Option<String> {
    if !response.status.is_redirection() {
        return None;
    }
    // An XML-RPC response counts under any status.
    let is_response = |part: &[u8]| part == b"methodResponse";
    if response.body.windows(14).any(is_response) {
        return None;
    }
    let location = response.headers.get(LOCATION)?.to_str().ok()?;
    let place = url.join(location).ok()?;
    let own = asked.path().trim_end_matches('/');
    let path = match own {
        "" | "/RPC2" => place.path().to_owned(),
        _ => place.path().replace(own, "/…"),
    };
    let peer = error::peer(&place);
    Some(format!(
        "moved to {peer}{path} (the client does not follow redirects: use this URL)"
    ))
}

fn client(
    url: &Url,
    socket: Option<&Path>,
    connect_timeout: Duration,
) -> Result<reqwest::Client, BuildError> {
    let builder = || {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // `inflate.rs` reads more than these.
            .no_gzip()
            .no_deflate()
            .connect_timeout(connect_timeout);
        match socket {
            // A unix socket uses no proxy. Without this, the credentials for a proxy would still be
            // sent.
            Some(socket) => through(builder, socket).no_proxy(),
            None => builder,
        }
    };
    let error = match builder().build() {
        Ok(client) => return Ok(client),
        Err(error) => error,
    };
    // A system without certificates, for example a small container, can still send plain HTTP.
    let builder = builder();
    #[cfg(feature = "rustls")]
    let builder = builder.tls_certs_only([]);
    match builder.build() {
        Ok(client) if url.scheme() == "http" => Ok(client),
        _ => Err(BuildError::http_client(error)),
    }
}

#[cfg(unix)]
fn through(builder: reqwest::ClientBuilder, socket: &Path) -> reqwest::ClientBuilder {
    builder.unix_socket(socket)
}

/// `unix::checked` has already refused the socket.
#[cfg(not(unix))]
fn through(builder: reqwest::ClientBuilder, _: &Path) -> reqwest::ClientBuilder {
    builder
}
