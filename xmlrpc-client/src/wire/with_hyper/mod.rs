//! HTTP with the client of hyper-util, over TCP, TLS or a unix socket.

mod body;
mod connect;
mod error;
mod length;
mod stream;
#[cfg(feature = "rustls")]
mod tls;

use std::{future::poll_fn, pin::Pin};

use bytes::Bytes;
use http::{
    Extensions, HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version,
    header::{CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION},
    uri::{Authority, Scheme},
};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, ResponseFuture},
    rt::{TokioExecutor, TokioTimer},
};
use xmlrpc_core::{
    Response,
    client::{ProgressReporter, TransportError},
};

use self::{body::Outgoing, connect::Connector};
use super::{
    CANNOT_BE_SENT,
    broken::Broken,
    exchange::{Exchange, Received, Sent},
    proxy,
    upload::{self, Upload},
};
use crate::{BuildError, connection_settings::ConnectionSettings, url::Url};

/// hyper-util hashes and compares the host several times for each request, byte by byte. All connections of a
/// client lead to the same server, so one byte is enough.
const PLACE: &str = "s";

/// The same path on `PLACE`.
fn on_place(uri: Uri) -> Result<Uri, BuildError> {
    let mut parts = uri.into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(Authority::from_static(PLACE));
    Uri::from_parts(parts).map_err(|_| BuildError::new(CANNOT_BE_SENT))
}

type Pool = Client<Connector, Outgoing>;

/// A request that is being sent.
pub(crate) struct Started {
    response: ResponseFuture,
    sent: Sent,
    bytes: usize,
}

pub(crate) struct HyperPost {
    keeping: Pool,
    /// Keeps no connections.
    closing: Pool,
    /// The URL of each request. The host may be another one, because the connector does not look at it.
    uri: Uri,
    exchange: Exchange,
    host: HeaderValue,
    /// For a proxy that reads the requests.
    proxy_authorization: Option<HeaderValue>,
}

impl HyperPost {
    pub(crate) fn new(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        #[cfg(feature = "reqwest")]
        if settings.http_client.is_some() {
            return Err(BuildError::new(
                "a custom HTTP client belongs to reqwest: remove `http_client`, or `wire(Wire::Hyper)`",
            ));
        }
        let uri = Uri::try_from(url.public()).map_err(|_| BuildError::new(CANNOT_BE_SENT))?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = HeaderValue::try_from(host)
            .map_err(|_| BuildError::new("invalid URL: its host cannot be sent in a request"))?;
        let proxy = match settings.unix_socket {
            Some(_) => None,
            None => proxy::find(&settings.proxy, &uri)?,
        };
        let reader = proxy.as_ref().filter(|_| !url.is_https());
        let proxy_authorization = reader.and_then(|proxy| proxy.authorization.clone());
        // Only a proxy that reads requests gets the whole URL.
        let sent = match reader {
            Some(_) => uri.clone(),
            None => on_place(uri.clone())?,
        };
        let connector = Connector::new(&uri, proxy, settings)?;
        let pool = |max_idle| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(settings.pool.idle_timeout())
                .pool_max_idle_per_host(max_idle)
                .set_host(false)
                // A request is sent again only if nothing of it was written to the connection.
                .retry_canceled_requests(true)
                .build(connector.clone())
        };
        let max_idle = if settings.keeps_connections() {
            settings.pool.max_idle()
        } else {
            0
        };
        Ok(Self {
            keeping: pool(max_idle),
            closing: pool(0),
            uri: sent,
            exchange: Exchange::new(url, settings),
            host,
            proxy_authorization,
        })
    }

    pub(crate) fn peer(&self) -> &str {
        &self.exchange.peer
    }

    #[cfg(feature = "balance")]
    pub(crate) fn mark_unreachable(&self) {
        self.exchange.keep_alive.forget();
    }

    /// Adds the headers that are the same for each request, and a place for the length.
    pub(crate) fn prepare(&self, headers: &mut HeaderMap) {
        headers.entry(HOST).or_insert_with(|| self.host.clone());
        headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
        if let Some(authorization) = &self.proxy_authorization {
            headers
                .entry(PROXY_AUTHORIZATION)
                .or_insert_with(|| authorization.clone());
        }
    }

    /// Sends a request. Must be called inside a tokio runtime.
    pub(crate) fn start(
        &self,
        headers: HeaderMap,
        body: Bytes,
        progress: Option<ProgressReporter>,
    ) -> Started {
        let bytes = body.len();
        let is_whole = bytes < upload::LARGE && progress.is_none();
        let (body, upload) = if is_whole {
            (Outgoing::Whole(body), None)
        } else {
            let (upload, control) = Upload::new(body, progress.clone());
            (Outgoing::Pieces(Box::new(upload)), Some(control))
        };
        let mut post = Request::new(body);
        *post.method_mut() = Method::POST;
        *post.uri_mut() = self.uri.clone();
        *post.headers_mut() = headers;
        let headers = post.headers_mut();
        let length = length::header(bytes);
        // `insert` would first make room for another header.
        match headers.get_mut(CONTENT_LENGTH) {
            Some(place) => *place = length,
            None => drop(headers.insert(CONTENT_LENGTH, length)),
        }
        let attempt = self.exchange.keep_alive.start();
        // In a pause, the client closes the connection itself. The request then stays the same as
        // before the pause.
        if !attempt.ever_keeps {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let pool = if attempt.keeps {
            &self.keeping
        } else {
            &self.closing
        };
        Started {
            response: pool.request(post),
            sent: Sent {
                upload,
                attempt,
                progress,
            },
            bytes,
        }
    }

    /// Receives the response.
    pub(crate) async fn finish(
        &self,
        started: &mut Started,
        limit: usize,
    ) -> Result<Response, TransportError> {
        let sent = &started.sent;
        sent.attempt.look().await;
        match (&mut started.response).await {
            Ok(mut received) => self.exchange.receive(&mut received, sent, limit).await,
            Err(error) => {
                let error = error::of_request(error);
                Err(self.exchange.failed(error, &sent.attempt, started.bytes))
            }
        }
    }
}

impl Received for http::Response<Incoming> {
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
        self.body().size_hint().exact()
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        loop {
            let frame = poll_fn(|cx| Pin::new(self.body_mut()).poll_frame(cx)).await;
            let Some(frame) = frame.transpose().map_err(error::of_body)? else {
                return Ok(None);
            };
            // Trailers have no meaning here.
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    fn url(&self) -> Option<Url> {
        None
    }
}
