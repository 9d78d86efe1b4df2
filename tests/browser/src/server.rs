//! Servers, each on a port of its own. They record the requests.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

/// A request to a server.
#[derive(Clone, Debug)]
pub struct Seen {
    /// GET, POST, OPTIONS.
    pub method: Method,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
    /// The status of the response.
    pub status: StatusCode,
}

/// Stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves the methods of a dispatcher, with the page, on `/RPC2`.
    pub async fn start(dispatcher: Dispatcher) -> Self {
        Self::router(Endpoint::new(dispatcher).explorer().into_router()).await
    }

    /// Serves any router.
    pub async fn router(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::default();
        let recorder = Arc::clone(&seen);
        let router = router.layer(from_fn(move |request, next| {
            record(Arc::clone(&recorder), request, next)
        }));
        let task =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self {
            address,
            seen,
            task,
        }
    }

    /// The URL of the endpoint.
    pub fn url(&self) -> String {
        format!("http://{}/RPC2", self.address)
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    /// The calls so far: the documents of the POST requests.
    pub fn calls(&self) -> Vec<String> {
        let seen = self.seen().into_iter();
        seen.filter(|it| it.method == Method::POST)
            .map(|it| it.body)
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn record(seen: Arc<Mutex<Vec<Seen>>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (method, path) = (parts.method.clone(), parts.uri.to_string());
    let headers = parts.headers.clone();
    let text = String::from_utf8_lossy(&body).into_owned();
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    seen.lock().expect("no panic").push(Seen {
        method,
        path,
        headers,
        body: text,
        status: response.status(),
    });
    response
}

/// The user and the password that `guarded` asks for, and the header that it expects.
pub const LOGIN: (&str, &str) = ("moe", "s3$(touch pwned)'\"\u{e9}:");
pub const KEY: (&str, &str) = ("X-Key", "a '\"$(touch pwned)");
const AUTHORIZATION_OF_LOGIN: &str = "Basic bW9lOnMzJCh0b3VjaCBwd25lZCknIsOpOg==";

/// Asks for a password and a header in each call. Everybody can open the page.
pub fn guarded(router: Router) -> Router {
    router.layer(from_fn(ask))
}

async fn ask(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || may_call(request.headers()) {
        return next.run(request).await;
    }
    // Without `WWW-Authenticate`, for which the browser itself would ask for a password.
    (StatusCode::UNAUTHORIZED, "who are you?").into_response()
}

fn may_call(headers: &HeaderMap) -> bool {
    let expected = [(AUTHORIZATION.as_str(), AUTHORIZATION_OF_LOGIN), KEY];
    expected.into_iter().all(|(name, value)| {
        let found = headers.get(name);
        found.is_some_and(|found| found.as_bytes() == value.as_bytes())
    })
}
