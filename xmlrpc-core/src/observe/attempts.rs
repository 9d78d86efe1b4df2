//! The attempts of one call, and the servers to which they were sent.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many attempts of one call are kept. Later ones are only counted.
const KEPT: usize = 64;

/// The address of a server, as spans, metrics and errors show it.
///
/// ```
/// use xmlrpc_core::observe::ServerAddress;
///
/// let server = ServerAddress::new("rpc.example", Some(8000));
/// assert_eq!(server.to_string(), "rpc.example:8000");
/// let server = server.with_peer("10.0.0.3".parse().unwrap());
/// assert_eq!(server.to_string(), "rpc.example:8000 at 10.0.0.3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServerAddress {
    address: Box<str>,
    port: Option<u16>,
    peer: Option<IpAddr>,
}

impl ServerAddress {
    /// The host or the unix socket of a server, and its port. They must not contain credentials.
    pub fn new(address: impl Into<Box<str>>, port: Option<u16>) -> Self {
        Self {
            address: address.into(),
            port,
            peer: None,
        }
    }

    /// The same server with the IP address that the client connects to, if it has chosen one of several.
    #[must_use]
    pub fn with_peer(mut self, peer: IpAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// The host or the unix socket: `server.address` of spans and metrics.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The port, if there is one: `server.port` of spans and metrics.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The IP address that the client has chosen: `network.peer.address` of spans.
    pub fn peer(&self) -> Option<IpAddr> {
        self.peer
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) if self.address.contains(':') => write!(f, "[{}]:{port}", self.address)?,
            Some(port) => write!(f, "{}:{port}", self.address)?,
            None => f.write_str(&self.address)?,
        }
        match self.peer {
            Some(peer) => write!(f, " at {peer}"),
            None => Ok(()),
        }
    }
}

/// The attempts of one call: how many there were, and to which servers.
///
/// A transport that sends a request more than once, or chooses among several servers, reports each
/// attempt here. It finds the value in the [extensions](crate::Request::extensions) of the request if the
/// client [asks for it](crate::Client::record_attempts). The span of the call and its
/// [`CallReport`](super::CallReport) then have the server that has responded and the number of attempts,
/// and the error of a time-out names the servers.
///
/// Clones are the same value.
///
/// ```
/// use std::sync::Arc;
/// use tower::{Service, ServiceExt, service_fn};
/// use xmlrpc_core::{Client, Dispatcher, Request};
/// use xmlrpc_core::observe::{Attempts, CallReport, ServerAddress};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let server = Arc::new(ServerAddress::new("b.example", Some(8000)));
/// let chosen = service_fn(move |request: Request| {
///     let attempts = request.extensions.get::<Attempts>().cloned();
///     let server = Arc::clone(&server);
///     async move {
///         let number = attempts.as_ref().map(|attempts| attempts.begin(&server));
///         let response = Dispatcher::new().oneshot(request).await;
///         if let Some((attempts, number)) = attempts.zip(number) {
///             attempts.answered(number);
///         }
///         response
///     }
/// });
/// let client = Client::new(chosen).record_attempts(true).observe(|report: &CallReport<'_>| {
///     assert_eq!(report.server_address(), Some("b.example"));
///     assert_eq!(report.attempts(), 1);
/// });
/// client.call::<Vec<String>>("system.listMethods", ()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Attempts {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    count: u32,
    kept: Vec<Attempt>,
    /// The server that has responded, or else the last one that was tried.
    server: Option<Arc<ServerAddress>>,
    is_answered: bool,
}

struct Attempt {
    server: Arc<ServerAddress>,
    failure: Option<Box<str>>,
}

impl Attempts {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// An attempt begins at this server. Returns its number: 0 for the first.
    pub fn begin(&self, server: &Arc<ServerAddress>) -> u32 {
        let mut inner = self.inner();
        let number = inner.count;
        inner.count = number.saturating_add(1);
        if inner.kept.len() < KEPT {
            inner.kept.push(Attempt {
                server: Arc::clone(server),
                failure: None,
            });
        }
        if !inner.is_answered {
            inner.server = Some(Arc::clone(server));
        }
        number
    }

    /// The attempt of this number has the response of the call.
    pub fn answered(&self, number: u32) {
        let mut inner = self.inner();
        let attempt = inner.kept.get(number as usize);
        if let Some(server) = attempt.map(|attempt| Arc::clone(&attempt.server)) {
            inner.server = Some(server);
            inner.is_answered = true;
        }
    }

    /// The attempt of this number has failed. The reason must not contain credentials.
    pub fn failed(&self, number: u32, reason: impl Into<Box<str>>) {
        if let Some(attempt) = self.inner().kept.get_mut(number as usize) {
            attempt.failure = Some(reason.into());
        }
    }

    /// How many attempts there were.
    pub fn count(&self) -> u32 {
        self.inner().count
    }

    /// The server that has responded, or else the last one that was tried.
    pub fn server(&self) -> Option<Arc<ServerAddress>> {
        self.inner().server.clone()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Attempts {
    /// The servers and what failed at each, for an error: `a:8000: connection refused; b:8000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner();
        for (number, attempt) in inner.kept.iter().enumerate() {
            if number > 0 {
                f.write_str("; ")?;
            }
            match &attempt.failure {
                Some(failure) => write!(f, "{}: {failure}", attempt.server)?,
                None => write!(f, "{}", attempt.server)?,
            }
        }
        let more = inner.count as usize - inner.kept.len();
        if more > 0 {
            write!(f, "; and {more} more attempts")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempts({self})")
    }
}
