//! An XML-RPC client over HTTP, HTTPS and SCGI, through TCP and unix sockets, on [`reqwest`] and
//! tokio.
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
//! // The typed calls of a service's trait …
//! let calc = CalcClient::new(client.clone());
//! assert_eq!(calc.add(1, 2).await?, 3);
//!
//! // … any other by its name …
//! let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
//!
//! // … and many in one request, each with its own type and its own fault.
//! let (sum, power) = client.multicall((calc.add(1, 2), calc.pow(2, 9))).await?;
//! println!("{methods:?} {} {}", sum?, power?);
//! # Ok(())
//! # }
//! ```
//!
//! [`Client`] is an [`xmlrpc_core::Client`] over the transport [`Http`], whatever its URL. To
//! call its setters, or to pass it to a function that takes one, use
//! [`into_core`](Client::into_core) or [`boxed`](Client::boxed). A client is cheap to clone, and
//! clones share a pool of connections: create one and keep it.
//!
//! # URLs
//!
//! | URL | sends to |
//! |---|---|
//! | `http://host:8000/path`, `https://…` | this host; without a path to `/RPC2`, as Python does |
//! | `unix:///run/supervisor.sock` | `/RPC2` over HTTP through this unix socket, as Supervisor writes it; `http+unix://` is the same |
//! | `http+unix://%2Frun%2Fx.sock/path` | another path through a unix socket, whose own stands in the place of the host with its slashes encoded |
//! | `scgi://host:5000` | `/RPC2` over SCGI at this host and port, which has no default: rTorrent's `network.scgi.open_port` |
//! | `scgi+unix:///run/rtorrent.sock` | `/RPC2` over SCGI through this unix socket: rTorrent's `network.scgi.open_local`; `scgi:///run/rtorrent.sock` is the same |
//! | `scgi://host:5000/path`, `scgi+unix://%2Frun%2Fx.sock/path` | another `REQUEST_URI` |
//!
//! Those of HTTP may have a name and a password: `http://ada:secret@host`,
//! `unix://ada:secret@/run/x.sock`. What a URL means something by is encoded in the path of a socket:
//! `%25` for `%`, `%3F` for `?`, `%23` for `#`. [`ClientBuilder::unix_socket`] sets a socket beside
//! a URL, of either protocol.
//!
//! A platform without unix sockets refuses them when the client is built.
//!
//! # SCGI
//!
//! Whatever has a [`Client`] works over SCGI too: stubs, multicalls, time-outs, limits, retries, the
//! blocking client. What differs is in the protocol:
//!
//! * A request has a connection of its own.
//! * A name and password, or a token, cannot be sent, and are an error when the client is built. Who
//!   may connect may call: rTorrent's methods run programs, so leave its port to trusted users.
//! * Headers are sent as variables, `X-Tenant` as `HTTP_X_TENANT`. rTorrent takes 2,000 bytes of
//!   them, and closes the connection where there are more.
//! * The `Content-Type` is `text/xml` without a charset, which rTorrent does not take.
//! * An answer has the `Status` that it says, and 200 without one. Its head may have 16 KiB. It is
//!   not asked for compressed.
//!
//! # In a struct
//!
//! A stub is generic over its transport. In a field it is named with [`Http`], or with
//! [`BoxTransport`](xmlrpc_core::BoxTransport), which leaves open what it is: HTTP in production,
//! a `Dispatcher` in memory in a test.
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
//! # What it does of itself, and what it does not
//!
//! * A call has 60 seconds, connecting included, unless [told otherwise](ClientBuilder::timeout).
//! * A method runs at most once. A request is sent anew only where it went to a kept connection
//!   that the peer had closed before any of it was written. Whatever else happens is the caller's
//!   to know and to decide; [`retries`](ClientBuilder::retries) decides it for the methods that are
//!   marked `#[xmlrpc(idempotent)]`, and for them alone.
//! * Redirects are not followed: the error names the new place. HTTP's rules would turn the POST
//!   into a GET, or hand the parameters and credentials to whom they were not meant for.
//! * A name and password in the URL become basic authentication. Errors and debug output show the
//!   scheme, host and port of the URL alone, or the unix socket: its path and query may be secrets
//!   as well.
//! * The proxies that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`) are used, but
//!   not for a unix socket, nor for SCGI.
//!   A [client of your own](ClientBuilder::http_client) uses what you tell it.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `rustls` | yes | `https`, by rustls with aws-lc-rs and the certificates of the system. A crypto provider that the program has installed is used instead; none is installed |
//! | `gzip` | yes | answers compressed with gzip or deflate |
//! | `blocking` | no | the module `blocking`: calls that are waited for, without an async runtime of the program's own |
//! | `http2` | no | HTTP/2, where a peer offers it on `https` |
//!
//! Without `rustls` there is no `https`, unless your program turns on another TLS of reqwest's, by
//! a dependency on `reqwest` with its feature `native-tls` for instance. Where that is
//! `rustls-no-provider`, install a crypto provider before a client is built, or bring
//! [a client of your own](ClientBuilder::http_client).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
mod body;
mod builder;
mod client;
mod error;
mod headers;
mod post;
mod scgi;
mod transport;
mod unix;

/// The crate `reqwest`: [`ClientBuilder::http_client`] takes its client.
#[doc(no_inline)]
pub use reqwest;
pub use xmlrpc_core::ClientError as Error;

pub use self::{builder::ClientBuilder, client::Client, error::BuildError, transport::Http};
