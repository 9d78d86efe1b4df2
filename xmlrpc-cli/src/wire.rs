//! The transport of the command: it keeps the last response, and shows documents if asked to.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tower_service::Service;
use xmlrpc_client::Http;
use xmlrpc_core::{Request, Response, client::TransportError};

use crate::{leading, show};

/// A request that the user did not ask for, such as the question for a signature. It is not shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unseen;

/// Sends requests over HTTP or SCGI.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    http: Http,
    settings: Arc<Settings>,
    last: Arc<Mutex<Option<Exchange>>>,
}

/// What is shown of each request.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) verbose: bool,
    /// The URL without credentials.
    pub(crate) url: String,
    /// The headers that the command sends, without secrets.
    pub(crate) headers: Vec<(String, String)>,
    /// How many leading parameters are hidden.
    pub(crate) leading: usize,
}

/// A request with its response.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The bytes of the request.
    pub(crate) sent: usize,
    pub(crate) took: Duration,
}

impl Wire {
    pub(crate) fn new(http: Http, settings: Settings) -> Self {
        Self {
            http,
            settings: Arc::new(settings),
            last: Arc::default(),
        }
    }

    /// The last exchange that the user asked for.
    pub(crate) fn last(&self) -> Option<Exchange> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The transport below, which shows and keeps nothing.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }
}

impl Service<Request> for Wire {
    type Response = Response;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.http.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.extensions.get::<Unseen>().is_some() {
            return self.http.call(request);
        }
        let Self { settings, last, .. } = self.clone();
        let sent = request.body.len();
        if settings.verbose {
            let hidden = (settings.leading > 0)
                .then(|| leading::hide(&request.body, settings.leading))
                .flatten();
            let body = match (settings.leading, hidden) {
                (0, _) => request.body.clone(),
                (_, Some(hidden)) => hidden.into(),
                (_, None) => Bytes::from_static(leading::HIDDEN.as_bytes()),
            };
            show::request(&settings.url, &settings.headers, &body);
        }
        let started = Instant::now();
        let sending = self.http.call(request);
        Box::pin(async move {
            let response = sending.await?;
            let took = started.elapsed();
            if settings.verbose {
                show::response(response.status, &response.headers, &response.body, took);
            }
            let exchange = Exchange {
                status: response.status,
                headers: response.headers.clone(),
                body: response.body.clone(),
                sent,
                took,
            };
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
            Ok(response)
        })
    }
}
