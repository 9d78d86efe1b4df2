//! HTTP: a document as a POST, over TCP, TLS or a unix socket.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, LOCATION},
};
use reqwest::Url;
use xmlrpc_core::{Response, client::TransportError};

use crate::{BuildError, body, error};

pub(crate) struct Post {
    client: reqwest::Client,
    url: Url,
    /// The peer as far as it can be shown.
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
                    "a unix socket has to be set on an HTTP client of your own itself: by \
                     `reqwest::ClientBuilder::unix_socket`, with an `http` URL here",
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
        let mut answer = sent.map_err(|error| error::transport_error(&self.peer, error))?;

        let body = body::read(&mut answer, &self.peer, limit).await?;
        let mut response = Response::new(body);
        response.status = answer.status();
        response.headers = std::mem::take(answer.headers_mut());
        response.extensions = std::mem::take(answer.extensions_mut());
        if let Some(place) = redirect(&self.url, answer.url(), &response) {
            response.body = Bytes::from(place);
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers.insert(CONTENT_TYPE, text);
        }
        Ok(response)
    }
}

/// Where a redirect leads to, in a sentence for the error that it becomes.
///
/// What it has in common with the path that was asked for, which may be a secret, is left out.
fn redirect(asked: &Url, url: &Url, response: &Response) -> Option<String> {
    if !response.status.is_redirection() {
        return None;
    }
    // Under whatever status, an answer is an answer.
    let is_answer = |part: &[u8]| part == b"methodResponse";
    if response.body.windows(14).any(is_answer) {
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
        "moved to {peer}{path} (redirects are not followed: use that URL)"
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
            .connect_timeout(connect_timeout);
        match socket {
            // The proxies are not for it, and neither are the credentials for them, which would be
            // sent all the same.
            Some(socket) => through(builder, socket).no_proxy(),
            None => builder,
        }
    };
    let error = match builder().build() {
        Ok(client) => return Ok(client),
        Err(error) => error,
    };
    // A system without certificates, as small containers are, can still do without TLS.
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

/// `unix::checked` lets no socket come here.
#[cfg(not(unix))]
fn through(builder: reqwest::ClientBuilder, _: &Path) -> reqwest::ClientBuilder {
    builder
}
