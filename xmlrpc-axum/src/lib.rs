//! Serves [`xmlrpc_core`] services over HTTP, as an axum router.
//!
//! ```no_run
//! use xmlrpc_core::{Dispatcher, xmlrpc_service};
//!
//! #[xmlrpc_service]
//! trait Calc {
//!     /// Adds two numbers.
//!     async fn add(&self, a: i64, b: i64) -> i64;
//! }
//!
//! struct Exact;
//!
//! impl Calc for Exact {
//!     async fn add(&self, a: i64, b: i64) -> i64 {
//!         a + b
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let dispatcher = Dispatcher::new().service(CalcServer::new(Exact));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
//! axum::serve(listener, xmlrpc_axum::router(dispatcher)).await
//! # }
//! ```
//!
//! [`router`] serves POST requests on `/` and on `/RPC2`, the default paths of XML-RPC clients.
//! [`Endpoint`] is a service for any other path, and has the settings.
//!
//! # In an application
//!
//! The router is generic over the state, so you can merge it into any application and nest it below
//! any path. It handles only POST requests, so `/` can also have a page:
//!
//! ```
//! use axum::{Router, routing::get};
//! use xmlrpc_axum::Endpoint;
//! use xmlrpc_core::Dispatcher;
//!
//! #[derive(Clone)]
//! struct AppState;
//!
//! # let dispatcher = Dispatcher::new();
//! let app: Router = Router::new()
//!     .route("/", get(|| async { "This is an XML-RPC server." }))
//!     .merge(xmlrpc_axum::router(dispatcher.clone()))          // /, /RPC2
//!     .nest("/v2", xmlrpc_axum::router(dispatcher.clone()))    // /v2, /v2/RPC2
//!     .route_service("/xmlrpc", Endpoint::new(dispatcher))     // /xmlrpc
//!     .with_state(AppState);
//! # let _ = app;
//! ```
//!
//! A method can take a [`Context`](xmlrpc_core::Context). It contains the headers of the request
//! and its extensions, for example the peer address from `into_make_service_with_connect_info`, or
//! values that your own layers added.
//!
//! # Layers
//!
//! A [layer of the dispatcher](xmlrpc_core::service#layers) wraps calls and knows the method. Use
//! it to decide who may call what, how often and how long. A layer of the router wraps HTTP
//! requests.
//!
//! To limit the time or the number of requests, add layers, as with any axum router. axum requires
//! that you convert the error of a layer into a response:
//!
//! ```
//! use std::time::Duration;
//! use axum::{BoxError, error_handling::HandleErrorLayer, http::StatusCode};
//! use tower::ServiceBuilder;
//! use xmlrpc_core::Dispatcher;
//!
//! # let dispatcher = Dispatcher::new();
//! let app: axum::Router = xmlrpc_axum::router(dispatcher).layer(
//!     ServiceBuilder::new()
//!         .layer(HandleErrorLayer::new(|error: BoxError| async move {
//!             if error.is::<tower::timeout::error::Elapsed>() {
//!                 (StatusCode::REQUEST_TIMEOUT, "the call took too long")
//!             } else {
//!                 (StatusCode::SERVICE_UNAVAILABLE, "try again later")
//!             }
//!         }))
//!         .load_shed()
//!         .concurrency_limit(1_000)
//!         .timeout(Duration::from_secs(30)),
//! );
//! # let _ = app;
//! ```
//!
//! This time-out starts when the head of the request has arrived, and includes receiving the body.
//! The body also has a [separate time-out](Endpoint::body_timeout), 60 seconds by default. A method
//! is cancelled when a layer gives up or when the client disconnects.
//!
//! # Shutdown and TLS
//!
//! `axum::serve` can shut down gracefully: it finishes the requests that have arrived and accepts
//! no new ones.
//!
//! ```no_run
//! # use xmlrpc_core::Dispatcher;
//! # async fn serve(dispatcher: Dispatcher) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
//! axum::serve(listener, xmlrpc_axum::router(dispatcher))
//!     .with_graceful_shutdown(async {
//!         let _ = tokio::signal::ctrl_c().await;
//!     })
//!     .await
//! # }
//! ```
//!
//! For TLS, use a reverse proxy or a crate such as `axum-server`. The proxy must forward the `Host`
//! that the client asked for. Otherwise, requests of web pages from the same origin count as
//! foreign (see [`Endpoint::allow_origin`]).
//!
//! # Web pages
//!
//! A web page can make a browser send requests to any server that its user can reach, including one
//! on `localhost`. By default, only pages of the server's own origin may call, and only if the host
//! of that origin is an IP address or `localhost`. If your pages use another host name, allow it
//! with [`Endpoint::allow_host`], which explains the reason. None of this affects XML-RPC clients,
//! because they are not browsers.
//!
//! # Status codes
//!
//! | status | when |
//! |---|---|
//! | 200 | every XML-RPC response, including faults; also if the body is not XML-RPC |
//! | 400 | the body is incomplete, cannot be inflated, or has more than 16 gzip members |
//! | 403 | the request comes from a web page of [another origin](Endpoint::allow_origin), or uses [an unknown host name](Endpoint::allow_host) for the server |
//! | 405 | the method is not POST |
//! | 408 | the body took [too long](Endpoint::body_timeout) |
//! | 413 | the body, or its inflated size, exceeds the [limit](Endpoint::max_body_bytes) |
//! | 415 | the `Content-Type` is one that [forms](Endpoint::allow_form_content_type) and scripts send, or the `Content-Encoding` is not gzip or deflate |
//! | 503 | too many [requests](Endpoint::max_requests_in_flight) or [bytes](Endpoint::max_bytes_in_flight) are in flight; `Retry-After` says when to try again |
//!
//! The response to a refused request is one line of `text/plain` that says what to do. It is also
//! logged with `tracing` at level debug, with the setting that decided. Only the 405 of a router comes from axum and is empty.

mod body;
mod budget;
mod endpoint;
mod inflate;
mod origin;
mod refusal;
mod running;
mod sink;

pub use endpoint::Endpoint;

/// The crate `axum`: [`router`] returns its router.
#[doc(no_inline)]
pub use axum;

use axum::Router;
use xmlrpc_core::Dispatcher;

/// A router that serves XML-RPC: POST requests on `/` and on `/RPC2`.
///
/// It has the default settings of [`Endpoint`]. For other settings, use
/// `Endpoint::new(dispatcher).….into_router()`.
///
/// ```
/// use axum::{body::Body, http::{Request, StatusCode}};
/// use tower::ServiceExt;
/// use xmlrpc_core::Dispatcher;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let router: axum::Router = xmlrpc_axum::router(Dispatcher::new());
///
/// let call = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
/// let response = router.oneshot(Request::post("/RPC2").body(Body::from(call))?).await?;
/// assert_eq!(response.status(), StatusCode::OK);
/// assert_eq!(response.headers()["content-type"], "text/xml; charset=utf-8");
/// # Ok(())
/// # }
/// ```
pub fn router<S: Clone + Send + Sync + 'static>(dispatcher: Dispatcher) -> Router<S> {
    Endpoint::new(dispatcher).into_router()
}
