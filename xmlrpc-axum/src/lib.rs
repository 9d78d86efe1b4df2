//! Serves [`xmlrpc_core`] services over HTTP, as an ordinary axum router.
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
//! [`router`] answers POST on `/` and on `/RPC2`, where XML-RPC clients look by default.
//! [`Endpoint`] is the same as a service for a path of your own, and has the settings.
//!
//! # In an application
//!
//! The router is generic over the state, so it merges into any application and nests below any
//! path. It takes POST alone, so that `/` can have a page as well:
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
//! A method that takes a [`Context`](xmlrpc_core::Context) finds there the headers of the request
//! and its extensions: what `into_make_service_with_connect_info` knows of the peer, and what a
//! layer of yours has found out.
//!
//! # Layers
//!
//! What goes around calls, and knows the method, is a [layer of the dispatcher](xmlrpc_core::service#layers): who may
//! call what, how often, how long. What goes around requests is a layer of the router.
//!
//! Bounds on time and load are layers, as for any axum router. axum wants layers that can fail
//! to say which response their failure is:
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
//! The time of a call counts from its head on, its body included. A body has
//! [a bound on time](Endpoint::body_timeout) of its own as well, 60 seconds without any layer. A
//! method is cancelled when its layer gives it up, and when its caller goes
//! away.
//!
//! # Shutting down, TLS
//!
//! `axum::serve` ends gracefully: calls that have come are answered, new ones are not taken.
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
//! TLS is best left to a reverse proxy in front, or to a crate such as `axum-server`. A proxy has
//! to pass on the `Host` that the client asked for, else the calls of web pages from its own
//! origin count as foreign (see [`Endpoint::allow_origin`]).
//!
//! # Web pages
//!
//! A browser sends a page's request to any server that its user can reach, one on `localhost`
//! included. By default only pages of the server's own origin may call, and only where that is an
//! address or `localhost`. A server with pages under a name of its own has to know the name:
//! [`Endpoint::allow_host`], which says why. XML-RPC clients are no browsers, and none of this
//! concerns them.
//!
//! # Status codes
//!
//! | status | when |
//! |---|---|
//! | 200 | every XML-RPC answer, faults included; also where the body is no XML-RPC |
//! | 400 | the body broke off, cannot be inflated, or has more than 16 gzip members |
//! | 403 | the call comes from a web page of [another origin](Endpoint::allow_origin), or asks for the server under [a name that it does not know](Endpoint::allow_host) |
//! | 405 | the method is not POST |
//! | 408 | the body took [too long](Endpoint::body_timeout) |
//! | 413 | the body, or what it inflates to, exceeds the [bound](Endpoint::max_body_bytes) |
//! | 415 | the `Content-Type` is one that forms and scripts send, or the `Content-Encoding` is neither gzip nor deflate |
//!
//! A refusal has one line of `text/plain` that says what to do, and is an event of `tracing` at
//! the level debug; but for the 405 of a router, which is axum's, and empty.

mod body;
mod endpoint;
mod inflate;
mod origin;
mod refusal;

pub use endpoint::Endpoint;

/// The crate `axum`: [`router`] returns its router.
#[doc(no_inline)]
pub use axum;

use axum::Router;
use xmlrpc_core::Dispatcher;

/// A router that answers XML-RPC calls: POST on `/` and on `/RPC2`.
///
/// It has the default settings of [`Endpoint`]; `Endpoint::new(dispatcher).….into_router()` is
/// the same with others.
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
/// let answer = router.oneshot(Request::post("/RPC2").body(Body::from(call))?).await?;
/// assert_eq!(answer.status(), StatusCode::OK);
/// assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
/// # Ok(())
/// # }
/// ```
pub fn router<S: Clone + Send + Sync + 'static>(dispatcher: Dispatcher) -> Router<S> {
    Endpoint::new(dispatcher).into_router()
}
