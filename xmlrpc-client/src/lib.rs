//! An XML-RPC client over HTTP, HTTPS and SCGI, through TCP and unix sockets. It uses tokio, and
//! [reqwest](https://docs.rs/reqwest) or [hyper-util](https://docs.rs/hyper-util).
//!
//! ```no_run
//! use xmlrpc_client::Client;
//! use xmlrpc_core::xmlrpc_service;
//!
//! #[xmlrpc_service(client)]
//! trait Calc {
//!     async fn add(&self, a: i64, b: i64) -> i64;
//!     async fn pow(&self, base: i64, exponent: u32) -> i64;
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new("http://localhost:8000/RPC2")?;
//!
//! // Typed calls, through the generated client.
//! let calc = CalcClient::new(client.clone());
//! assert_eq!(calc.add(1, 2).await?, 3);
//!
//! // Calls by name.
//! let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
//!
//! // Several calls in one request, each with its own type and its own fault.
//! let (sum, power) = client.multicall((calc.add(1, 2), calc.pow(2, 9))).await?;
//! println!("{methods:?} {} {}", sum?, power?);
//! # Ok(())
//! # }
//! ```
//!
//! [`Client`] is an [`xmlrpc_core::Client`] over the transport [`Http`]. To call the setters of
//! that type, or to pass it to a function, use [`into_core`](Client::into_core) or
//! [`boxed`](Client::boxed). A client is cheap to clone, and clones share a pool of connections:
//! create one and keep it.
//!
//! # URLs
//!
//! | URL | sends to |
//! |---|---|
//! | `http://host:8000/path`, `https://…` | this host. If the URL has no path, `/RPC2`, as in Python |
//! | `unix:///run/supervisor.sock` | `/RPC2` over HTTP through this unix socket, as Supervisor writes it. `http+unix://` means the same |
//! | `http+unix://%2Frun%2Fx.sock/path` | another path through a unix socket. The encoded path of the socket replaces the host |
//! | `scgi://host:5000` | `/RPC2` over SCGI at this host. The port is required. For rTorrent: `network.scgi.open_port` |
//! | `scgi+unix:///run/rtorrent.sock` | `/RPC2` over SCGI through this unix socket. `scgi:///run/rtorrent.sock` means the same. For rTorrent: `network.scgi.open_local` |
//! | `scgi://host:5000/path`, `scgi+unix://%2Frun%2Fx.sock/path` | another `REQUEST_URI` |
//!
//! HTTP URLs may contain a user name and password: `http://ada:secret@host`,
//! `unix://ada:secret@/run/x.sock`. In the path of a socket, encode special characters: `%25` for
//! `%`, `%3F` for `?`, `%23` for `#`. [`ClientBuilder::unix_socket`] sets a socket separately from
//! the URL, for both protocols.
//!
//! On a platform without unix sockets, building a client with a unix socket fails.
//!
//! # SCGI
//!
//! Everything that uses a [`Client`] also works over SCGI: generated clients, multicalls,
//! time-outs, limits, retries and the blocking client. The protocol has these differences:
//!
//! * Each request has its own connection.
//! * SCGI cannot send a user name and password, or a token. Building a client with them fails.
//!   Everyone who can connect can call. The methods of rTorrent can run programs, so open its port
//!   only to trusted users.
//! * Headers are sent as variables, for example `X-Tenant` as `HTTP_X_TENANT`. rTorrent accepts
//!   2,000 bytes of them and otherwise closes the connection.
//! * The status of a response comes from its `Status` header, or is 200. The head of a response may
//!   have 16 KiB. The client does not ask for compression.
//!
//! # In a struct
//!
//! A generated client is generic over its transport. In a field, name the transport: [`Http`], or
//! [`BoxTransport`](xmlrpc_core::BoxTransport) to choose it at run time. With `BoxTransport`, you
//! can use HTTP in production and a `Dispatcher` in memory in tests.
//!
//! ```
//! use xmlrpc_client::{Client, Http};
//! use xmlrpc_core::{BoxTransport, xmlrpc_service};
//! # #[xmlrpc_service(client)]
//! # trait Demo {
//! #     async fn add(&self, a: i64, b: i64) -> i64;
//! # }
//!
//! struct Robot {
//!     demo: DemoClient<Http>,
//! }
//!
//! struct Testable {
//!     demo: DemoClient<BoxTransport>,
//! }
//!
//! let client = Client::new("http://localhost:8000/RPC2")?;
//! let robot = Robot { demo: DemoClient::new(&client) };
//! let testable = Testable { demo: DemoClient::new(client.boxed()) };
//! # let _ = (robot.demo, testable.demo);
//! # Ok::<(), xmlrpc_client::BuildError>(())
//! ```
//!
//! # Defaults and limits of the client
//!
//! * A call times out after 60 seconds, including connecting. See
//!   [`timeout`](ClientBuilder::timeout).
//! * By default, each call runs its method at most once. The client repeats a request only if the
//!   server had closed an idle connection before anything was written to it. With
//!   [`retries`](ClientBuilder::retries), it also repeats calls of methods that are marked
//!   `#[xmlrpc(idempotent)]`.
//! * Connections are kept for the next call, for 4 seconds. If the server closes them without
//!   announcing it, the client opens a new one for each call for a while. See
//!   [`keep_alive`](ClientBuilder::keep_alive).
//! * The `Content-Type` is `text/xml` without a charset. Some servers refuse any other value.
//! * A request of 256 KiB or more is sent in pieces, and the client looks for an early response before
//!   each. If the server closes the connection meanwhile, the error names the size of the request as
//!   the likely reason.
//! * The client does not follow redirects: the error names the new server. Following them would turn
//!   the POST into a GET, or send parameters and credentials to another server.
//! * A user name and password in the URL become basic authentication. Errors and debug output show
//!   only the scheme, host and port of a URL, or the unix socket, because its path and query may be
//!   secret.
//! * The client uses the proxies from the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`),
//!   but not for unix sockets and SCGI. See [`proxy`](ClientBuilder::proxy) and
//!   [`no_proxy`](ClientBuilder::no_proxy). A [custom HTTP client](ClientBuilder#method.http_client) uses its
//!   own settings.
//!
//! # Wires
//!
//! Two libraries can send the requests. Settings, limits, the kinds of errors and the documents are the same
//! over both.
//!
//! | | feature | what it adds | crates[^crates] |
//! |---|---|---|---|
//! | reqwest, the default | `reqwest` | a [custom HTTP client](ClientBuilder#method.http_client), for example with cookies or a SOCKS proxy; HTTP/2; international host names | 98 |
//! | hyper-util | `hyper` | less processor time for each call: about a quarter less for a small one | 66 |
//!
//! [^crates]: Without `rustls` and `gzip`, with tokio and serde.
//!
//! If both features are on, [`wire(Wire::Hyper)`](ClientBuilder#method.wire) selects the second for one client:
//!
#![cfg_attr(feature = "hyper", doc = "```")]
#![cfg_attr(not(feature = "hyper"), doc = "```ignore")]
//! use xmlrpc_client::{Client, Wire};
//!
//! let client = Client::builder("http://localhost:8000/RPC2").wire(Wire::Hyper).build()?;
//! # let _ = client;
//! # Ok::<(), xmlrpc_client::BuildError>(())
//! ```
//!
//! To use hyper-util alone, switch the default features off:
//!
//! ```toml
//! xmlrpc-client = { version = "0.1", default-features = false, features = ["hyper", "rustls", "gzip"] }
//! ```
//!
//! Then write an international host name in ASCII, such as `xn--bcher-kva.example`. Without both features, only
//! SCGI works.
//!
//! # Certificates, proxies and cookies
//!
//! The builder has settings for private authorities, for certificates of the client, and for proxies:
//!
#![cfg_attr(feature = "rustls", doc = "```no_run")]
#![cfg_attr(not(feature = "rustls"), doc = "```ignore")]
//! use xmlrpc_client::Client;
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("https://rpc.internal:8443")
//!     .root_certificate(std::fs::read("company-ca.pem")?)
//!     .identity(std::fs::read("client-with-key.pem")?)
//!     .proxy("http://proxy.internal:3128")
//!     .build()?;
//! # let _ = client;
//! # Ok(())
//! # }
//! ```
//!
//! An appliance often makes its own certificate. Copy the certificate, not its key, and trust it:
//! `root_certificate(std::fs::read("host.pem")?)`. The name in the URL must be one of the names in the certificate.
//! `danger_accept_invalid_certs` switches all checks off, for tests.
//!
//! The client keeps no cookies. For a server with sessions in cookies, pass a [custom HTTP
//! client](ClientBuilder#method.http_client) that has a cookie store, with the feature `cookies` of reqwest:
//! `reqwest::Client::builder().cookie_store(true)`.
//!
//! # Several servers
//!
//! With the feature `balance`, a client calls several servers, chosen by load. If one fails, calls go to another,
//! as far as they cannot run twice by that. `docs/balancing.md` in the repository describes it.
//!
#![cfg_attr(feature = "balance", doc = "```")]
#![cfg_attr(not(feature = "balance"), doc = "```ignore")]
//! use std::time::Duration;
//! use xmlrpc_client::Client;
//! use xmlrpc_core::client::RetryPolicy;
//!
//! let client = Client::builder("http://a:8000")
//!     .endpoints(["http://b:8000", "http://c:8000"])
//!     .retries(RetryPolicy::new(3))       // only idempotent methods
//!     .hedge(Duration::from_millis(50))   // only idempotent methods, at most 5 %
//!     .build()?;
//! # let _ = client;
//! # Ok::<(), xmlrpc_client::BuildError>(())
//! ```
//!
//! # Spans and metrics
//!
//! Each call has a span of `tracing`. At the level TRACE, the client also shows the documents. Neither contains
//! headers, user names or passwords of the URL. [`xmlrpc_core::observe`] describes them.
//!
//! With the features `metrics` and `opentelemetry`, the client records the duration of its calls, and sends their trace
//! context, if you tell it to:
//!
#![cfg_attr(all(feature = "metrics", feature = "opentelemetry"), doc = "```")]
#![cfg_attr(
    not(all(feature = "metrics", feature = "opentelemetry")),
    doc = "```ignore"
)]
//! use xmlrpc_client::{Client, Metrics, TraceContext};
//!
//! let client = Client::builder("http://localhost:8000/RPC2")
//!     .observe(Metrics::new())        // the histogram `rpc.client.call.duration`
//!     .inject(TraceContext::new())    // the headers `traceparent` and `tracestate`
//!     .build()?;
//! # let _ = client;
//! # Ok::<(), xmlrpc_client::BuildError>(())
//! ```
//!
//! # Features
//!
//! | feature | default | enables |
//! |---|---|---|
//! | `reqwest` | yes | `Wire::Reqwest`: requests through reqwest, and the setting `http_client` |
//! | `hyper` | no | `Wire::Hyper`: requests through the client of hyper-util, with or without reqwest |
//! | `rustls` | yes | `https`, through rustls with aws-lc-rs and the certificates of the system, and the settings `root_certificate`, `identity` and `danger_accept_invalid_certs`. If the program has installed a crypto provider, it is used instead |
//! | `gzip` | yes | responses that are compressed with gzip or deflate, under these names or as `x-gzip`, with or without the header of zlib |
//! | `balance` | no | several endpoints for one client: balancing, failover, hedging, and names that are resolved to all of their addresses |
//! | `blocking` | no | the module `blocking`: a client for programs without an async runtime |
//! | `metrics` | no | `Metrics`: the duration of calls, through the facade [`metrics`](https://docs.rs/metrics) |
//! | `opentelemetry` | no | `TraceContext`: sends the trace context of calls, from `tracing-opentelemetry` |
//! | `http2` | no | HTTP/2 over `https`, if the server supports it. Enables `reqwest`, and has no effect on `Wire::Hyper` |
//!
//! Without `rustls`, `https` works only over reqwest, and only if your program enables another TLS backend of
//! it, for example with a dependency on `reqwest` with its feature `native-tls`. With `rustls-no-provider`,
//! install a crypto provider before you build a client, or pass a [custom HTTP
//! client](ClientBuilder#method.http_client).
//!
//! The certificates of the system are read when a client for an `https` URL is built, or for a proxy with TLS.

#![cfg_attr(docsrs, feature(doc_cfg))]
// One wire alone needs less.
#![cfg_attr(not(all(feature = "reqwest", feature = "hyper")), allow(dead_code))]

#[cfg(all(feature = "rustls", any(feature = "hyper", feature = "balance")))]
mod accept_all;
mod address;
#[cfg(feature = "balance")]
mod balance;
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
mod builder;
mod client;
mod connection_settings;
mod endpoint_settings;
mod error;
mod headers;
#[cfg(feature = "metrics")]
mod metrics;
mod multicall_settings;
mod observation_settings;
mod pool_settings;
mod proxy_settings;
#[cfg(feature = "rustls")]
mod tls_settings;
#[cfg(feature = "opentelemetry")]
mod trace_context;
mod transport;
mod unix;
mod url;
mod wire;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod wire_setting;

/// The crate `reqwest`: [`ClientBuilder::http_client`] takes its client.
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
#[doc(no_inline)]
pub use reqwest;
pub use xmlrpc_core::ClientError;

#[cfg(feature = "balance")]
#[cfg_attr(docsrs, doc(cfg(feature = "balance")))]
pub use self::balance::{EndpointStatus, Endpoints, LoadMetric, Resolve, Resolving};
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use self::metrics::Metrics;
#[cfg(feature = "opentelemetry")]
#[cfg_attr(docsrs, doc(cfg(feature = "opentelemetry")))]
pub use self::trace_context::TraceContext;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "reqwest", feature = "hyper"))))]
pub use self::wire_setting::Wire;
pub use self::{builder::ClientBuilder, client::Client, error::BuildError, transport::Http};
