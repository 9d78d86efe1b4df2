//! Sends a document with an HTTP POST, over TCP, TLS or a unix socket.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Version,
    header::{CONNECTION, CONTENT_TYPE, LOCATION},
};
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::Url;
use tower_service::Service;
use xmlrpc_core::{
    Response,
    client::{ProgressReporter, TransportError},
};

#[cfg(feature = "gzip")]
use crate::inflate;
use crate::{
    BuildError, body,
    connection_settings::ConnectionSettings,
    error::{self, connection, is_closed},
    keep_alive::{Attempt, Connection, KeepAlive, Pause},
    reqwest_client::Clients,
    upload::{self, Control, Upload},
};

/// A request that is being sent.
pub(crate) struct Started {
    response: <reqwest::Client as Service<reqwest::Request>>::Future,
    upload: Option<Control>,
    attempt: Attempt,
    bytes: usize,
    progress: Option<ProgressReporter>,
}

/// If the connection breaks during a request of so many bytes, its size is a likely reason.
const NOTABLE: usize = 64 << 10;

pub(crate) struct Post {
    clients: Clients,
    keep_alive: KeepAlive,
    url: Url,
    /// The server and the proxy, as they may be shown.
    peer: String,
}

impl Post {
    pub(crate) fn new(url: Url, settings: ConnectionSettings) -> Result<Self, BuildError> {
        let socket = settings.unix_socket.as_deref();
        if settings.http_client.is_some() && socket.is_some() {
            return Err(BuildError::new(
                "a custom HTTP client cannot be combined with a unix socket: set the socket with \
                 `reqwest::ClientBuilder::unix_socket`, and use an `http` URL here",
            ));
        }
        if settings.http_client.is_some()
            && let Some(setting) = settings.of_http_client()
        {
            return Err(BuildError::new(format!(
                "a custom HTTP client cannot be combined with `{setting}`: make this setting on the \
                 `reqwest::ClientBuilder`"
            )));
        }
        let peer = match (socket, settings.proxy.shown()) {
            (Some(socket), _) => format!("unix://{}", socket.display()),
            (None, Some(proxy)) => format!("{} through the proxy {proxy}", error::peer(&url)),
            (None, None) => error::peer(&url),
        };
        let keep_alive = KeepAlive::new(settings.keeps_connections());
        let clients = Clients::new(&url, settings)?;
        Ok(Self {
            clients,
            keep_alive,
            url,
            peer,
        })
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    /// Prepares a request. It is sent when its future is polled.
    ///
    /// This is not part of `finish`, whose future would hold the request even after it has been sent.
    /// Must be called inside a tokio runtime, for the time-outs of the user's client.
    pub(crate) fn start(
        &self,
        headers: HeaderMap,
        body: Bytes,
        progress: Option<ProgressReporter>,
    ) -> Started {
        let bytes = body.len();
        let mut post = reqwest::Request::new(Method::POST, self.url.clone());
        *post.headers_mut() = headers;
        let upload = self.set_body(&mut post, body, progress.as_ref());

        let attempt = self.keep_alive.start();
        let client = self.clients.get(attempt.keeps);
        // In a pause, the client of this crate closes the connection itself. The request then stays
        // the same as before the pause.
        if !attempt.keeps && (client.may_keep || !attempt.ever_keeps) {
            let close = HeaderValue::from_static("close");
            post.headers_mut().insert(CONNECTION, close);
        }
        let mut client = client.client;
        Started {
            response: client.call(post),
            upload,
            attempt,
            bytes,
            progress,
        }
    }

    /// Sends a request and receives its response.
    pub(crate) async fn finish(
        &self,
        started: Started,
        limit: usize,
    ) -> Result<Response, TransportError> {
        let Started {
            response,
            upload,
            attempt,
            bytes,
            progress,
        } = started;
        let mut received = match response.await {
            Ok(received) => received,
            Err(error) => return Err(self.failed(error, &attempt, bytes)),
        };

        // A server that refuses a large request does not read the rest of it.
        let is_refused = received.status().is_client_error() || received.status().is_server_error();
        if let Some(upload) = upload.as_ref().filter(|_| is_refused) {
            upload.pause();
        }
        // The client of the user does not say how much it has sent.
        if let Some(progress) = progress.as_ref().filter(|_| self.clients.is_custom()) {
            progress.sent_all();
        }
        let progress = progress.as_ref();
        let body = match body::read(&mut received, &self.peer, limit, progress).await {
            // The status is known, and more important.
            Err(error) if upload.is_some() && is_refused && is_closed(&error) => Bytes::new(),
            body => body?,
        };
        if is_kept(&received) {
            let connection = received.extensions().get().map(HttpInfo::local_addr);
            self.keep_alive.succeeded(&attempt, Connection(connection));
        }

        let mut response = Response::new(body);
        response.status = received.status();
        response.headers = std::mem::take(received.headers_mut());
        #[cfg(feature = "gzip")]
        inflate::response(&mut response, &self.peer, limit)?;
        response.extensions = std::mem::take(received.extensions_mut());
        if let Some(place) = redirect(received.url(), &response) {
            response.body = Bytes::from(place);
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers.insert(CONTENT_TYPE, text);
        }
        Ok(response)
    }

    /// Sets the body. A large one, or one whose progress is reported, is sent in pieces, unless the
    /// client of the user might have to send it again.
    fn set_body(
        &self,
        post: &mut reqwest::Request,
        body: Bytes,
        progress: Option<&ProgressReporter>,
    ) -> Option<Control> {
        let is_whole = body.len() < upload::LARGE && progress.is_none();
        if is_whole || self.clients.is_custom() {
            *post.body_mut() = Some(body.into());
            return None;
        }
        let (upload, control) = Upload::new(body, progress.cloned());
        *post.body_mut() = Some(reqwest::Body::wrap(upload));
        Some(control)
    }

    /// The error of a request that has no response.
    fn failed(&self, error: reqwest::Error, attempt: &Attempt, bytes: usize) -> TransportError {
        if error.is_connect() || error.is_timeout() || !is_closed(&error) {
            return error::transport_error(&self.peer, error);
        }
        // A kept connection may break because of its age, whatever the size of the request is.
        let closed = self
            .keep_alive
            .closed(attempt, Connection(connection(&error)));
        let Some(Pause { idle, lasts }) = closed else {
            if bytes < NOTABLE {
                return error::transport_error(&self.peer, error);
            }
            let text = format!(
                "the server closed the connection before it had received the whole request of {bytes} \
                 bytes: it probably does not accept requests of this size"
            );
            return error::with_reason(&self.peer, text, error);
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
        error::with_reason(&self.peer, text, error)
    }
}

/// Whether the server allows the client to use the connection again.
fn is_kept(response: &reqwest::Response) -> bool {
    let mut options = response.headers().get_all(CONNECTION).iter();
    let mut says = |option: &str| {
        options.any(|value| {
            let mut options = value.to_str().unwrap_or_default().split(',');
            options.any(|one| one.trim().eq_ignore_ascii_case(option))
        })
    };
    match response.version() {
        Version::HTTP_09 => false,
        Version::HTTP_10 => says("keep-alive"),
        _ => !says("close"),
    }
}

/// Describes the target of a redirect, for the error that it becomes.
///
/// The text omits the path and the query of the target, because they may be secret.
fn redirect(url: &Url, response: &Response) -> Option<String> {
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
    let peer = error::peer(&place);
    let place = if place.origin() == url.origin() {
        format!("another path on {peer}")
    } else {
        peer
    };
    Some(format!(
        "moved to {place} (the client does not follow redirects; create it with the new URL)"
    ))
}
