//! Serves an app over HTTP/1, with bounds on time and connections, and with a graceful shutdown.
//!
//! This is built on hyper's HTTP/1 connection. Two other bases were considered:
//!
//! * hyper-util's `server::conn::auto` detects HTTP/2 before anything else, without a time-out. Its
//!   `GracefulShutdown` must be told of each connection, has no deadline, and closes an idle connection without
//!   a look at what has arrived on it.
//! * axum-server has a deadline, but no time-outs, no maximum number of connections, and only its
//!   own kinds of listeners. An adapter for each of these would need more code than the loop in
//!   `run.rs`, which is what would be saved.
//!
//! Everything else is a wrapper around the connection's I/O (`io.rs`) and around the service
//! (`service.rs`). They report to a few atomics (`connection.rs`), which one task looks at
//! (`sweeper.rs`).

mod accept;
mod connection;
#[cfg(feature = "tls")]
mod counted;
mod health;
mod io;
mod linger;
mod pace;
mod phase;
mod pipeline;
mod queue;
mod registry;
mod run;
mod server;
mod service;
mod settings;
mod signal;
mod socket;
mod sweeper;
#[cfg(feature = "tls")]
mod tls;

use std::{
    convert::Infallible,
    fmt,
    future::{IntoFuture, Pending, pending},
    io::Result,
    pin::Pin,
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, HttpBody},
    serve::Listener,
};
use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

pub use health::Health;
use pace::MinRate;
pub(crate) use service::Serving;
use settings::Settings;
pub use signal::shutdown_signal;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsListener, TlsStream};

/// Serves an app over HTTP/1 until it is told to shut down.
///
/// * `listener` is any [`axum::serve::Listener`]: a `TcpListener` or `UnixListener` of tokio, one for
///   TLS (`Tls`, with the feature `tls`), or your own.
/// * `service` is any cloneable service of HTTP requests that does not fail: a whole
///   [`Router`](axum::Router), or an [`Endpoint`](crate::Endpoint) alone, which needs no router and
///   serves every path.
///
/// ```no_run
/// # use xmlrpc_core::Dispatcher;
/// # async fn serve(dispatcher: Dispatcher) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
/// xmlrpc_axum::serve(listener, xmlrpc_axum::router(dispatcher))
///     .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
///     .await
/// # }
/// ```
///
/// The request's extensions contain [`ConnectInfo`](axum::extract::ConnectInfo) with the address of
/// the client, for handlers and for the [`Context`](xmlrpc_core::Context) of methods.
///
/// | setting | default | method |
/// |---|---|---|
/// | time-out for the head of a request, and for the first one on a connection | 10 seconds | [`header_timeout`](Serve::header_timeout) |
/// | time-out between requests | 75 seconds | [`idle_timeout`](Serve::idle_timeout) |
/// | minimum rate of bodies and responses | 1 KiB/s over 30 seconds | [`min_rate`](Serve::min_rate) |
/// | maximum number of connections | 10,000, or what the limit of file descriptors leaves | [`max_connections`](Serve::max_connections) |
/// | file descriptors that are left for other things | an eighth | [`reserved_descriptors`](Serve::reserved_descriptors) |
/// | maximum number of connections for each address | not limited | [`max_connections_per_address`](Serve::max_connections_per_address) |
/// | when to shut down | never | [`with_graceful_shutdown`](Serve::with_graceful_shutdown) |
/// | how long to accept after that | not at all | [`drain_delay`](Serve::drain_delay) |
/// | deadline for the requests that run then | 30 seconds | [`drain`](Serve::drain) |
/// | maximum size of the head of a request | 16 KiB, 100 headers | [`max_head_bytes`](Serve::max_head_bytes) |
/// | maximum size of all heads and TLS handshakes that wait for their rest, and heads that wait for their body | 64 MiB | [`max_buffered_head_bytes`](Serve::max_buffered_head_bytes) |
///
/// The time-outs are accurate to a quarter of a second. They need a tokio runtime with time
/// enabled, as `#[tokio::main]` makes it.
///
/// HTTP/2 is not included. See the [crate's page](crate#http2).
pub fn serve<L, S>(listener: L, service: S) -> Serve<L, S> {
    Serve {
        listener,
        service,
        signal: pending(),
        settings: Settings::default(),
        health: Vec::new(),
    }
}

/// A server with its settings: see [`serve`](serve()). It runs when it is awaited.
///
/// Dropping the future closes the listener and all connections at once.
#[must_use = "a server does nothing until it is awaited"]
pub struct Serve<L, S, F = Pending<()>> {
    listener: L,
    service: S,
    signal: F,
    settings: Settings,
    health: Vec<Health>,
}

impl<L, S, F> Serve<L, S, F> {
    /// The time-out for the head of a request; 10 seconds by default. It counts from the first
    /// byte of the head. For the first request on a connection, it counts from the moment at which
    /// the connection was accepted, and includes the TLS handshake.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.settings.header_timeout = timeout;
        self
    }

    /// Removes the time-out for the head of a request. Then a client can keep a connection open
    /// without ever sending a request.
    pub fn without_header_timeout(self) -> Self {
        self.header_timeout(Duration::MAX)
    }

    /// The time-out between two requests on a connection; 75 seconds by default. Choose it longer
    /// than that of a proxy in front of the server, so that the proxy closes first: a request that is on
    /// its way when the server closes is lost.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = timeout;
        self
    }

    /// Removes the time-out between requests. Connections then stay open until their client closes
    /// them, or until the [maximum number](Self::max_connections) is reached.
    pub fn without_idle_timeout(self) -> Self {
        self.idle_timeout(Duration::MAX)
    }

    /// The minimum rate at which a client must send the body of a request and read a response; 1,024
    /// bytes per second over 30 seconds by default.
    ///
    /// The server closes the connection if it has waited for the client for the time `over`, and
    /// less than `bytes_per_second × over` has passed since. The time in which a method runs does not
    /// count. [`Endpoint::body_timeout`](crate::Endpoint::body_timeout) also limits the time of a
    /// whole body.
    ///
    /// What the system has taken of a response counts, although the client may not have read it yet. Over TCP on
    /// Linux, `serve` therefore lets the system keep little of a large response (`TCP_NOTSENT_LOWAT`): as much as
    /// must pass in the time `over`, but at least 32 KiB. Until a client has shown that it is fast, it is half of that.
    ///
    /// The server does not see at once that a slow client reads. In doubt, it keeps the connection, so a client that
    /// reads with somewhat more than half of the rate may stay. The system of the client may report progress only in
    /// steps of 64 KiB, as it does over loopback. Such a client should read more than 64 KiB in the time `over`.
    pub fn min_rate(mut self, bytes_per_second: u64, over: Duration) -> Self {
        self.settings.min_rate = Some(MinRate {
            bytes_per_second,
            over,
        });
        self
    }

    /// Removes the minimum rate. Then a client that never reads its response keeps the response in
    /// memory.
    pub fn without_min_rate(mut self) -> Self {
        self.settings.min_rate = None;
        self
    }

    /// The maximum number of connections. The default is 10,000, or if that is less, the file descriptors
    /// that the process may have without the [reserved ones](Self::reserved_descriptors).
    ///
    /// At the maximum, the server closes a connection in favour of a new one, the first of these:
    ///
    /// 1. the one that has been idle longest: it waits for its next request, or has not begun its first,
    /// 2. the one whose head has been incomplete longest,
    /// 3. the one whose request has waited longest for the rest of its body. An
    ///    [`Endpoint`](crate::Endpoint) answers it with 503 and a `Retry-After` first,
    /// 4. the one whose large body has waited longest until its `Endpoint` reads it. It gets 503 as well,
    /// 5. up to eight whose clients have sent most requests before they had the response to an earlier one, each after
    ///    its next response, which says `Connection: close`. These clients have to send the other requests again,
    /// 6. a connection of the kinds 1 to 4 that has waited for less than 250 ms.
    ///
    /// It never closes a connection whose request has arrived completely. If all requests have, new
    /// connections wait in the queue of the system. A server needs at least one connection, so 0 counts as 1.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.max_connections = Some(connections.max(1));
        self
    }

    /// Removes the maximum number of connections. Only the number of file descriptors then limits it. When they
    /// run out, the server closes connections as it does [at the maximum](Self::max_connections).
    pub fn without_max_connections(self) -> Self {
        self.max_connections(usize::MAX)
    }

    /// The maximum number of connections from one IPv4 address, or from the first 64 bits of an
    /// IPv6 address; not limited by default.
    ///
    /// At the maximum, the server closes a connection from there, which it chooses as it does for
    /// [`max_connections`](Self::max_connections). If all requests from there have arrived completely, it
    /// closes the new one. Do not use this behind a proxy: all connections come from its
    /// address. It has no effect for unix sockets. 0 counts as 1.
    pub fn max_connections_per_address(mut self, connections: usize) -> Self {
        self.settings.max_connections_per_address = Some(connections.max(1));
        self
    }

    /// How many file descriptors of the process the default of
    /// [`max_connections`](Self::max_connections) leaves for other things; an eighth of them by default.
    ///
    /// Count what your methods need at the same time: files, connections to databases and other servers,
    /// and the connections of other servers in this process. If they run out, methods fail, because a
    /// new connection takes the last one. With a maximum of your own, this decides only whether the log has
    /// a warning that the maximum is too high.
    ///
    /// ```no_run
    /// # use xmlrpc_core::Dispatcher;
    /// # async fn serve(dispatcher: Dispatcher) -> std::io::Result<()> {
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    /// xmlrpc_axum::serve(listener, xmlrpc_axum::router(dispatcher))
    ///     // 50 methods at once, each with a file and a connection to a database, and 30 for the rest.
    ///     .reserved_descriptors(50 * 2 + 30)
    ///     .await
    /// # }
    /// ```
    pub fn reserved_descriptors(mut self, descriptors: usize) -> Self {
        self.settings.reserved_descriptors = Some(descriptors);
        self
    }

    /// The maximum size of the head of a request in bytes: its first line and its headers; 16 KiB by
    /// default. Beyond it, the server responds with 431 and closes the connection.
    ///
    /// A request may have at most 100 headers. With more, the server responds with 431 as well. This number
    /// cannot be set.
    pub fn max_head_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_head_bytes = bytes;
        self
    }

    /// The maximum number of bytes of all heads that the server keeps for requests which have not arrived
    /// completely; 64 MiB by default. Beyond it, the server closes the connection whose head has been
    /// incomplete longest, and then the one whose request has waited longest for the rest of its body.
    ///
    /// This bounds the memory of many clients that send large heads and stop. With TLS, the bytes of a
    /// handshake that has not ended count as well, and those of a record that has not arrived completely.
    /// [`Endpoint::max_bytes_in_flight`](crate::Endpoint::max_bytes_in_flight) bounds that of bodies.
    pub fn max_buffered_head_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_buffered_head_bytes = bytes;
        self
    }

    /// Shuts down when this future completes, for example
    /// [`shutdown_signal()`](shutdown_signal()).
    ///
    /// 1. `/readyz` of [`Health`] responds with 503. For the time of
    ///    [`drain_delay`](Self::drain_delay), the server still accepts connections. From now on, each
    ///    response says `Connection: close`, unless the client has already sent its next request.
    /// 2. The server closes its listener. It finishes all requests that have arrived, and those that still
    ///    arrive on open connections. It closes a connection that has been idle for a second.
    /// 3. It waits for methods that run to completion or block, even if their clients have left. It
    ///    also waits for whatever else keeps the extensions of a request.
    /// 4. When the time of [`drain`](Self::drain) has passed, it closes the connections that are left.
    ///
    /// Then the server's future completes.
    pub fn with_graceful_shutdown<G>(self, signal: G) -> Serve<L, S, G>
    where
        G: Future<Output = ()> + Send + 'static,
    {
        Serve {
            listener: self.listener,
            service: self.service,
            signal,
            settings: self.settings,
            health: self.health,
        }
    }

    /// How long the server still accepts connections after a shutdown has begun; not at all by
    /// default. A balancer in front of the server needs this time to see that `/readyz` responds with
    /// 503, and to send its requests elsewhere.
    pub fn drain_delay(mut self, delay: Duration) -> Self {
        self.settings.drain_delay = delay;
        self
    }

    /// How long a shutdown waits for requests, counted from the moment at which the server stops
    /// accepting; 30 seconds by default. Then it closes the connections that are left. A service manager must wait
    /// longer than `drain_delay` and `drain` together before it kills the process.
    pub fn drain(mut self, drain: Duration) -> Self {
        self.settings.drain = drain;
        self
    }

    /// Removes the deadline of the shutdown. Then it can take as long as a method or a client
    /// wants.
    pub fn without_drain_deadline(self) -> Self {
        self.drain(Duration::MAX)
    }

    /// Tells this health when the shutdown begins. The routers of [`Health`] in the app that this
    /// server serves need no such call: it is for a router that another server serves. You can call
    /// this several times.
    pub fn health(mut self, health: &Health) -> Self {
        self.health.push(health.clone());
        self
    }

    /// The address that the server listens on, for example after binding to port 0.
    pub fn local_addr(&self) -> Result<L::Addr>
    where
        L: Listener,
    {
        self.listener.local_addr()
    }
}

impl<L, S, F, B> IntoFuture for Serve<L, S, F>
where
    L: Listener,
    L::Addr: Clone + Send + Sync + 'static,
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    F: Future<Output = ()> + Send + 'static,
{
    type Output = Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

    /// Runs the server. The result is always `Ok`, as it is for axum's `serve`: errors of
    /// connections and of accepting go to the log.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self {
                listener,
                service,
                signal,
                settings,
                health,
            } = self;
            run::run(listener, service, signal, settings, health).await;
            Ok(())
        })
    }
}

impl<L: fmt::Debug, S, F> fmt::Debug for Serve<L, S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("listener", &self.listener)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
