//! The endpoints of a client at run time.

use std::{fmt, sync::Arc, time::Duration};

use xmlrpc_core::observe::ServerAddress;

use super::set::Set;
use crate::BuildError;

/// The endpoints of a client: adds and removes them while the client is used, and lists them with their
/// state.
///
/// Get it from a client with [`endpoints`](crate::Client::endpoints). Clones are the same set, which is
/// also that of all clones of the client.
///
/// ```
/// use xmlrpc_client::{Client, LoadMetric};
///
/// let client = Client::builder("http://a:8000").balance(LoadMetric::PeakEwma).build()?;
/// let endpoints = client.endpoints().unwrap();
/// assert!(endpoints.add("http://b:8000")?);
/// assert!(endpoints.remove("http://a:8000")?);
///
/// let names: Vec<_> = endpoints.list().iter().map(|one| one.name().to_owned()).collect();
/// assert_eq!(names, ["http://b:8000"]);
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Endpoints {
    set: Arc<Set>,
}

impl Endpoints {
    pub(super) fn new(set: Arc<Set>) -> Self {
        Self { set }
    }

    /// Adds an endpoint, with the settings of the client. The next calls can use it. Returns `false` if
    /// there is already one with this URL.
    ///
    /// It may take some milliseconds, because it creates an HTTP client. It does not connect.
    ///
    /// # Errors
    ///
    /// The URL is invalid, or does not fit the settings of the client. See
    /// [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn add(&self, url: impl AsRef<str>) -> Result<bool, BuildError> {
        self.set.add(url.as_ref())
    }

    /// Removes the endpoint with this URL. Calls that are in flight there end normally. Returns `false`
    /// if the client does not have this endpoint.
    ///
    /// A user name and password in the URL are ignored. If the name of the host [is
    /// resolved](crate::ClientBuilder::resolve_every), all of its addresses are removed.
    ///
    /// # Errors
    ///
    /// The URL is invalid.
    pub fn remove(&self, url: impl AsRef<str>) -> Result<bool, BuildError> {
        self.set.remove(url.as_ref())
    }

    /// All endpoints with their state at this moment.
    pub fn list(&self) -> Vec<EndpointStatus> {
        let endpoints = self.set.endpoints();
        let status = endpoints.iter().map(|endpoint| {
            let figures = endpoint.figures();
            EndpointStatus {
                name: endpoint.name.clone(),
                server: Arc::clone(&endpoint.server),
                set_aside_for: figures.set_aside_for,
                in_flight: figures.in_flight,
                latency: figures.latency,
                calls: figures.calls,
                failures: figures.failures,
            }
        });
        status.collect()
    }
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}

/// The state of one endpoint, from [`Endpoints::list`].
#[derive(Clone, Debug)]
pub struct EndpointStatus {
    name: Box<str>,
    server: Arc<ServerAddress>,
    set_aside_for: Option<Duration>,
    in_flight: usize,
    latency: Option<Duration>,
    calls: u64,
    failures: u64,
}

impl EndpointStatus {
    /// The scheme, host and port, and the IP address if the client has chosen one. It omits the path and
    /// the credentials of the URL.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The host, port and IP address, as spans and metrics have them.
    pub fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// Whether the endpoint is set aside: calls go elsewhere, until a probe succeeds.
    pub fn is_set_aside(&self) -> bool {
        self.set_aside_for.is_some()
    }

    /// How long an endpoint that is set aside still waits before it is probed. Zero if the next call may
    /// probe it, or does so now.
    pub fn set_aside_for(&self) -> Option<Duration> {
        self.set_aside_for
    }

    /// The number of calls that wait for their response there.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// The latency by [peak EWMA](crate::LoadMetric::PeakEwma). `None` if there was no response yet, or
    /// none since the endpoint was set aside.
    pub fn latency(&self) -> Option<Duration> {
        self.latency
    }

    /// How many attempts of calls there were.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// How many attempts and probes failed: the endpoint could not be reached, the connection broke, or
    /// the response was not XML-RPC. A fault is not a failure.
    pub fn failures(&self) -> u64 {
        self.failures
    }
}
