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
//! xmlrpc_axum::serve(listener, xmlrpc_axum::router(dispatcher))
//!     .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
//!     .await
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
//! and its extensions, for example the address of the client as
//! `ConnectInfo<SocketAddr>`, or values that your own layers added.
//! Through it, a method can also [add headers](xmlrpc_core::Context::response_headers) to the
//! response, for example a session cookie.
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
//! # Methods that change, and gateways
//!
//! [`Endpoint::replaceable`] serves a dispatcher that you can replace while the server runs, for example when
//! a configuration lists the methods.
//!
//! [`Endpoint::over`] serves any transport. With the transport of a client, it is a gateway: it forwards each
//! document as it is, and has all checks and bounds of an endpoint.
//!
//! ```no_run
//! use std::time::Duration;
//! use tower::ServiceBuilder;
//! use xmlrpc_axum::Endpoint;
//!
//! # async fn gateway<T>(backend: T) -> std::io::Result<()>
//! # where
//! #     T: tower::Service<xmlrpc_core::Request, Response = xmlrpc_core::Response>,
//! #     T: Clone + Send + Sync + 'static,
//! #     T::Error: Into<tower::BoxError>,
//! #     T::Future: Send,
//! # {
//! // let backend = xmlrpc_client::Client::new("http://10.0.0.7:8000/RPC2")?.transport().clone();
//! let gateway = ServiceBuilder::new().timeout(Duration::from_secs(30)).service(backend);
//! let listener = tokio::net::TcpListener::bind("0.0.0.0:8000").await?;
//! xmlrpc_axum::serve(listener, Endpoint::over(gateway))
//!     .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
//!     .await
//! # }
//! ```
//!
//! # Spans and metrics
//!
//! [`TraceLayer`](xmlrpc_core::service::TraceLayer) is a layer of the dispatcher. It opens a span of `tracing` for
//! each call, and writes an event when the call ends. [`xmlrpc_core::observe`] describes them. Two features, which
//! are off by default, add what it can use:
//!
//! | feature | enables |
//! |---|---|
//! | `metrics` | `Metrics`: the duration of calls, through the facade [`metrics`](https://docs.rs/metrics) |
//! | `opentelemetry` | `TraceContext`: reads the trace context of callers, for `tracing-opentelemetry` |
//!
//! With both:
//!
#![cfg_attr(all(feature = "metrics", feature = "opentelemetry"), doc = "```")]
#![cfg_attr(
    not(all(feature = "metrics", feature = "opentelemetry")),
    doc = "```ignore"
)]
//! use xmlrpc_axum::{Metrics, TraceContext};
//! use xmlrpc_core::{Dispatcher, service::TraceLayer};
//!
//! let layer = TraceLayer::new()
//!     .observe(Metrics::new())        // the histogram `rpc.server.call.duration`
//!     .extract(TraceContext::new())   // a link to the span of the caller
//!     .trust_parent(true);            // or one trace with it: only if all callers are yours
//! let app: axum::Router = xmlrpc_axum::router(Dispatcher::new().layer(layer));
//! # let _ = app;
//! ```
//!
//! # The explorer
//!
//! With the feature `explorer`, which is off by default, `Endpoint::explorer` shows a web page at the address of the
//! endpoint. It documents the methods and calls them. `explorer` is a router that shows the page on another path.
//!
#![cfg_attr(feature = "explorer", doc = "```")]
#![cfg_attr(not(feature = "explorer"), doc = "```ignore")]
//! use xmlrpc_axum::Endpoint;
//! use xmlrpc_core::Dispatcher;
//!
//! let app: axum::Router = Endpoint::new(Dispatcher::new()).explorer().into_router();
//! # let _ = app;
//! ```
//!
//! # In production
//!
//! [`serve`](serve()) runs the app. It is like `axum::serve`, and also
//!
//! * closes connections that are silent, too slow or idle,
//! * limits the number of connections, and closes the one that has been idle longest for a new one,
//! * shuts down gracefully, with a deadline.
//!
//! It accepts an [`Endpoint`] as well as a router. An endpoint alone is a little faster.
//!
//! ```no_run
//! # use xmlrpc_core::Dispatcher;
//! # async fn serve(dispatcher: Dispatcher) -> std::io::Result<()> {
//! use std::time::Duration;
//! use xmlrpc_axum::{Health, serve, shutdown_signal};
//!
//! let app = xmlrpc_axum::router(dispatcher).merge(Health::new().into_router());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
//! serve(listener, app)
//!     .idle_timeout(Duration::from_secs(75))
//!     .max_connections(5_000)
//!     .with_graceful_shutdown(shutdown_signal())    // SIGTERM and Ctrl-C
//!     .drain_delay(Duration::from_secs(5))          // /readyz is 503, and connections are still accepted
//!     .drain(Duration::from_secs(30))               // then the connections that are left are closed
//!     .await
//! # }
//! ```
//!
//! A call is lost if its request was sent completely on an accepted connection and it got no response.
//! A shutdown loses no call that finishes before the deadline. TCP leaves two gaps of some
//! microseconds. A client may send its next request while the server closes a connection that was idle:
//! during a shutdown, each response therefore says `Connection: close`, and an idle connection stays open
//! for another second. And the system may complete a connection while the server closes its listener:
//! with a `drain_delay`, balancers have stopped connecting by then.
//!
//! For another server than [`serve`](serve()), these bounds are missing unless it has its own.
//!
//! ## TLS
//!
//! With the feature `tls`, `Tls` makes a listener for TLS from any other listener. It can reload its
//! certificate while the server runs. Or use a reverse proxy. It must forward the `Host` that the
//! client asked for. Otherwise, requests of web pages from the same origin count as foreign (see
//! [`Endpoint::allow_origin`]).
//!
//! ## HTTP/2
//!
//! [`serve`](serve()) speaks HTTP/1, as nearly all XML-RPC clients do. For HTTP/2, use a proxy, or a
//! server such as `axum-server`. It has none of the bounds above, except for a deadline:
//!
//! ```no_run
//! # use xmlrpc_core::Dispatcher;
//! # async fn serve(dispatcher: Dispatcher) -> Result<(), Box<dyn std::error::Error>> {
//! use std::{net::SocketAddr, time::Duration};
//! use axum_server::{Handle, tls_rustls::RustlsConfig};
//!
//! let handle = Handle::new();
//! let stop = handle.clone();
//! tokio::spawn(async move {
//!     xmlrpc_axum::shutdown_signal().await;
//!     stop.graceful_shutdown(Some(Duration::from_secs(30)));
//! });
//! let tls = RustlsConfig::from_pem_file("fullchain.pem", "privkey.pem").await?;
//! axum_server::bind_rustls("[::]:8443".parse::<SocketAddr>()?, tls)
//!     .handle(handle)
//!     .serve(xmlrpc_axum::router(dispatcher).into_make_service_with_connect_info::<SocketAddr>())
//!     .await?;
//! # Ok(())
//! # }
//! ```
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
//! | 400 | the body is incomplete, cannot be inflated, has more than 16 gzip members, or a gzip header of more than 4 KiB |
//! | 403 | the request comes from a web page of [another origin](Endpoint::allow_origin), or uses [an unknown host name](Endpoint::allow_host) for the server |
//! | 405 | the method is not POST; with the explorer, also a GET that does not ask for HTML |
//! | 408 | the body took [too long](Endpoint::body_timeout) |
//! | 413 | the body, or its inflated size, exceeds the [limit](Endpoint::max_body_bytes) |
//! | 415 | the `Content-Type` is one that [forms](Endpoint::allow_form_content_type) and scripts send, or the `Content-Encoding` is not gzip or deflate |
//! | 431 | the head has more than [16 KiB](Serve::max_head_bytes) or 100 headers, under [`serve`](serve()) |
//! | 503 | too many [requests](Endpoint::max_requests_in_flight) or [bytes](Endpoint::max_bytes_in_flight) are in flight; `Retry-After` says when to try again |
//!
//! The response to a refused request is one line of `text/plain` that says what to do. It is also
//! logged with `tracing` at level debug, with the setting that decided. Only the 405 of a router comes from axum and is empty.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod budget;
mod endpoint;
mod endpoint_bounds;
#[cfg(feature = "explorer")]
mod explorer;
mod forwarded_headers;
mod head;
mod inflate;
mod large_body;
#[cfg(feature = "metrics")]
mod metrics;
mod origin;
mod origin_settings;
mod refusal;
mod running;
#[cfg(feature = "serve")]
mod serve;
mod served;
mod settings;
mod sink;
#[cfg(feature = "opentelemetry")]
mod trace_context;

#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use self::metrics::Metrics;
pub use endpoint::Endpoint;
#[cfg(feature = "explorer")]
#[cfg_attr(docsrs, doc(cfg(feature = "explorer")))]
pub use explorer::explorer;
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub use serve::{Health, Serve, serve, shutdown_signal};
#[cfg(feature = "tls")]
#[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
pub use serve::{Tls, TlsListener, TlsStream};

/// The crate `rustls`: [`Tls::new`] takes its settings.
#[cfg(feature = "tls")]
#[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
#[doc(no_inline)]
pub use tokio_rustls::rustls;
#[cfg(feature = "opentelemetry")]
#[cfg_attr(docsrs, doc(cfg(feature = "opentelemetry")))]
pub use trace_context::TraceContext;

/// The crate `axum`: [`router`] returns its router.
#[doc(no_inline)]
pub use axum;

use axum::Router;
use xmlrpc_core::Dispatcher;

/// A router that serves XML-RPC: POST requests on `/` and on `/RPC2`.
///
/// It has the default settings of [`Endpoint`]. For other settings, use
/// `Endpoint::new(dispatcher).….into_router()`. For a dispatcher that can be replaced while it serves, use
/// [`Endpoint::replaceable(dispatcher).into_router()`](Endpoint::replaceable).
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
