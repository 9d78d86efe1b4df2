//! What the wires over HTTP share: the keep-alive rules, and how a response or an error becomes the
//! result of a call.

use bytes::Bytes;
use http::{
    Extensions, HeaderMap, HeaderValue, StatusCode, Uri, Version,
    header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
};
use hyper_util::client::legacy::connect::HttpInfo;
use xmlrpc_core::{
    __private::is_method_response,
    Response,
    client::{ProgressReporter, TransportError},
};

#[cfg(feature = "gzip")]
use super::inflate;
use super::{
    body,
    broken::{Broken, connection, is_closed, transport_error, with_reason},
    keep_alive::{Attempt, Connection, KeepAlive, Pause},
    proxy,
    upload::Control,
};
use crate::{connection_settings::ConnectionSettings, url::Url};

/// If the connection breaks during a request of so many bytes, its size is a likely reason.
const NOTABLE: usize = 64 << 10;

/// The head of a response, and its body in pieces.
pub(super) trait Received: Send {
    fn status(&self) -> StatusCode;
    fn version(&self) -> Version;
    fn headers(&mut self) -> &mut HeaderMap;
    fn extensions(&mut self) -> &mut Extensions;
    /// The length of the body, if it is known.
    fn length(&self) -> Option<u64>;
    /// The next piece of the body. `None` at its end.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Broken>> + Send;
    /// The URL that has responded, if it can be another one than that of the client.
    fn url(&self) -> Option<Url>;
}

/// What is known about a request that has been sent.
pub(super) struct Sent {
    /// For a body that is sent in pieces.
    pub(super) upload: Option<Control>,
    pub(super) attempt: Attempt,
    pub(super) progress: Option<ProgressReporter>,
}

/// The server, and what is known about its connections.
pub(super) struct Exchange {
    pub(super) keep_alive: KeepAlive,
    pub(super) url: Url,
    /// The server and the proxy, as they may be shown.
    pub(super) peer: String,
}

impl Exchange {
    pub(super) fn new(url: &Url, settings: &ConnectionSettings) -> Self {
        // A client of the user has its own rules.
        let uses_proxy = settings.unix_socket.is_none() && !settings.has_http_client();
        let uri = Uri::try_from(url.public()).ok().filter(|_| uses_proxy);
        let proxy = uri.and_then(|uri| proxy::shown(&settings.proxy, &uri));
        let peer = match (&settings.unix_socket, proxy) {
            (Some(socket), _) => format!("unix://{}", socket.display()),
            (None, Some(proxy)) => format!("{} through the proxy {proxy}", url.origin()),
            (None, None) => settings.origin(url),
        };
        Self {
            keep_alive: KeepAlive::new(settings.keeps_connections()),
            url: url.clone(),
            peer,
        }
    }

    /// Reads a response.
    pub(super) async fn receive<R: Received>(
        &self,
        received: &mut R,
        sent: &Sent,
        limit: usize,
    ) -> Result<Response, TransportError> {
        let Sent {
            upload,
            attempt,
            progress,
        } = sent;
        // A server that refuses a large request does not read the rest of it.
        let is_refused = received.status().is_client_error() || received.status().is_server_error();
        if let Some(upload) = upload.as_ref().filter(|_| is_refused) {
            upload.pause();
        }
        let mut is_complete = true;
        let body = match body::read(received, &self.peer, limit, progress.as_ref()).await {
            // The status is known, and more important.
            Err(error) if is_refused && is_closed(&error) => {
                is_complete = false;
                received.headers().remove(CONTENT_ENCODING);
                Bytes::new()
            }
            body => body?,
        };
        let version = received.version();
        if is_complete && is_kept(version, received.headers()) {
            let connection = received.extensions().get().map(HttpInfo::local_addr);
            self.keep_alive.succeeded(attempt, Connection(connection));
        }

        let mut response = Response::new(body);
        response.status = received.status();
        response.headers = std::mem::take(received.headers());
        #[cfg(feature = "gzip")]
        inflate::response(&mut response, &self.peer, limit)?;
        response.extensions = std::mem::take(received.extensions());
        let is_redirected = response.status.is_redirection();
        if is_redirected && let Some(place) = self.redirect(received.url().as_ref(), &response) {
            response.body = Bytes::from(place);
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers.insert(CONTENT_TYPE, text);
        }
        Ok(response)
    }

    /// The error of a request that has no response.
    pub(super) fn failed(&self, broken: Broken, attempt: &Attempt, bytes: usize) -> TransportError {
        if broken.was_not_sent() || broken.is_timeout || !is_closed(&*broken.error) {
            return transport_error(&self.peer, broken);
        }
        // A kept connection may break because of its age, whatever the size of the request is.
        let closed = self
            .keep_alive
            .closed(attempt, Connection(connection(&*broken.error)));
        let Some(Pause { idle, lasts }) = closed else {
            if bytes < NOTABLE {
                return transport_error(&self.peer, broken);
            }
            let text = format!(
                "the server closed the connection before it had received the whole request of {bytes} \
                 bytes: it probably does not accept requests of this size"
            );
            return with_reason(&self.peer, text, broken);
        };
        let what = match idle {
            Some(idle) => format!("a connection that was idle for {idle:?}"),
            None => "a connection, which it had probably used before".to_owned(),
        };
        let text = format!(
            "the server closed {what}: for {lasts:?}, the client now opens a new connection for each \
             call (`ClientBuilder::keep_alive(false)` always does)"
        );
        tracing::warn!(peer = self.peer, "{text}");
        with_reason(&self.peer, text, broken)
    }

    /// Describes the target of a redirect, for the error that it becomes.
    ///
    /// The text omits the path and the query of the target, because they may be secret.
    fn redirect(&self, from: Option<&Url>, response: &Response) -> Option<String> {
        if is_method_response(&response.body) {
            return None;
        }
        let location = response.headers.get(LOCATION)?.to_str().ok()?;
        let url = from.unwrap_or(&self.url);
        let peer = url.join(location)?.origin();
        let place = if peer == url.origin() {
            format!("another path on {peer}")
        } else {
            peer
        };
        Some(format!(
            "moved to {place} (the client does not follow redirects; create it with the new URL)"
        ))
    }
}

/// Whether the server allows the client to use the connection again.
fn is_kept(version: Version, headers: &HeaderMap) -> bool {
    let mut options = headers.get_all(CONNECTION).iter();
    let mut says = |option: &str| {
        options.any(|value| {
            let mut options = value.to_str().unwrap_or_default().split(',');
            options.any(|one| one.trim().eq_ignore_ascii_case(option))
        })
    };
    match version {
        Version::HTTP_09 => false,
        Version::HTTP_10 => says("keep-alive"),
        _ => !says("close"),
    }
}
