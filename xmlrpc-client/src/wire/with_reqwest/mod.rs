//! HTTP with reqwest, over TCP, TLS or a unix socket.

mod clients;
mod place;

use bytes::Bytes;
use http::{
    Extensions, HeaderMap, HeaderValue, Method, StatusCode, Version,
    header::{CONNECTION, HOST},
};
use tower_service::Service;
use xmlrpc_core::{
    Response,
    client::{ProgressReporter, TransportError},
};

use self::{clients::Clients, place::Place};
use super::{
    broken::Broken,
    exchange::{Exchange, Received, Sent},
    upload::{self, Control, Upload},
};
use crate::{BuildError, connection_settings::ConnectionSettings, url::Url};

/// A request that is being sent.
pub(crate) struct Started {
    response: <reqwest::Client as Service<reqwest::Request>>::Future,
    sent: Sent,
    bytes: usize,
}

pub(crate) struct ReqwestPost {
    clients: Clients,
    place: Place,
    exchange: Exchange,
}

impl ReqwestPost {
    pub(crate) fn new(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        if settings.http_client.is_some() && settings.unix_socket.is_some() {
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
        let place = Place::new(url, settings)?;
        Ok(Self {
            clients: Clients::new(url, settings, &place)?,
            place,
            exchange: Exchange::new(url, settings),
        })
    }

    pub(crate) fn peer(&self) -> &str {
        &self.exchange.peer
    }

    #[cfg(feature = "balance")]
    pub(crate) fn mark_unreachable(&self) {
        self.exchange.keep_alive.forget();
    }

    /// Adds the headers that are the same for each request.
    pub(crate) fn prepare(&self, headers: &mut HeaderMap) {
        if let Some(server) = &self.place.server {
            headers.entry(HOST).or_insert_with(|| server.host.clone());
        }
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
        let mut post = reqwest::Request::new(Method::POST, self.place.url.clone());
        *post.headers_mut() = headers;
        let upload = self.set_body(&mut post, body, progress.as_ref());

        let attempt = self.exchange.keep_alive.start();
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
            sent: Sent {
                upload,
                attempt,
                progress,
            },
            bytes,
        }
    }

    /// Sends a request and receives its response.
    pub(crate) async fn finish(
        &self,
        started: &mut Started,
        limit: usize,
    ) -> Result<Response, TransportError> {
        let sent = &started.sent;
        sent.attempt.look().await;
        let mut received = match (&mut started.response).await {
            Ok(received) => received,
            Err(error) => {
                let error = error.into();
                return Err(self.exchange.failed(error, &sent.attempt, started.bytes));
            }
        };
        // The client of the user does not say how much it has sent.
        if let Some(progress) = sent.progress.as_ref().filter(|_| self.clients.is_custom()) {
            progress.sent_all();
        }
        self.exchange.receive(&mut received, sent, limit).await
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
}

impl Received for reqwest::Response {
    fn status(&self) -> StatusCode {
        self.status()
    }

    fn version(&self) -> Version {
        self.version()
    }

    fn headers(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }

    fn extensions(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }

    fn length(&self) -> Option<u64> {
        self.content_length()
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        Ok(reqwest::Response::chunk(self).await?)
    }

    /// A client of the user may follow redirects.
    fn url(&self) -> Option<Url> {
        let url = Some(self.url()).filter(|url| !place::is_short(url))?;
        Url::parse(url.as_str()).ok()
    }
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
