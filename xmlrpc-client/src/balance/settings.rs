//! The settings for several endpoints.

use std::{fmt, sync::Arc, time::Duration};

use super::{Resolve, dns::DnsSettings, health::Pauses, load::LoadMetric};
use crate::ClientBuilder;

/// Longer intervals and pauses mean this. The clock of some systems cannot express much more.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

pub(crate) struct BalanceSettings {
    pub(crate) urls: Vec<String>,
    pub(super) metric: LoadMetric,
    pub(super) pauses: Pauses,
    pub(super) hedge: Option<Duration>,
    pub(super) dns: Option<DnsSettings>,
}

impl Default for BalanceSettings {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            metric: LoadMetric::default(),
            pauses: Pauses {
                first: Duration::from_millis(100),
                longest: Duration::from_secs(10),
            },
            hedge: None,
            dns: None,
        }
    }
}

impl BalanceSettings {
    /// Whether names are resolved, which a custom HTTP client and a proxy would do themselves.
    pub(crate) fn resolves(&self) -> bool {
        self.dns.is_some()
    }
}

impl fmt::Debug for BalanceSettings {
    /// Omits the URLs, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalanceSettings")
            .field("endpoints", &self.urls.len())
            .field("metric", &self.metric)
            .field("pauses", &self.pauses)
            .field("hedge", &self.hedge)
            .field("dns", &self.dns)
            .finish()
    }
}

/// The settings for several endpoints (feature `balance`).
///
/// Each of them makes the client one that chooses its endpoints, also if there is only one URL.
/// `docs/balancing.md` in the repository describes what happens in which situation.
#[cfg_attr(docsrs, doc(cfg(feature = "balance")))]
impl ClientBuilder {
    /// Adds the URLs of further servers that have the same methods. Each call goes to one of them, which
    /// is chosen [by load](Self::balance).
    ///
    /// * An endpoint that cannot be reached is [set aside](Self::probe_backoff) and probed until it
    ///   responds again. So is one that responds with HTTP status 429, 502, 503 or 504 without an XML-RPC
    ///   response, for at least its `Retry-After` (at most five minutes), and one where five calls in a
    ///   row failed.
    /// * A call of which nothing was sent, because no connection could be made, goes to another endpoint,
    ///   whatever its method is.
    /// * A call that may have run goes to another endpoint only if it is idempotent: a method with
    ///   `#[xmlrpc(idempotent)]`, or `Call::idempotent`. This is a retry, within the attempts and the
    ///   budget of [`retries`](Self::retries). Without that setting, it is the default
    ///   [`RetryPolicy`](xmlrpc_core::client::RetryPolicy), but no endpoint gets the same call twice.
    /// * If all endpoints fail, the error names them with what each of them said. If one has responded with an
    ///   HTTP status, the error has it.
    ///
    /// The time-out of a call covers all of its attempts. The [time-out for
    /// connecting](Self::connect_timeout) applies to each.
    ///
    /// All other settings apply to each endpoint. A user name and a password in a URL are sent only there.
    /// A URL that occurs twice counts once.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://a:8000")
    ///     .endpoints(["http://b:8000", "http://c:8000"])
    ///     .build()?;
    /// assert_eq!(client.endpoints().unwrap().list().len(), 3);
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn endpoints<U: AsRef<str>>(mut self, urls: impl IntoIterator<Item = U>) -> Self {
        let urls = urls.into_iter().map(|url| url.as_ref().to_owned());
        self.balance_settings().urls.extend(urls);
        self
    }

    /// How the load of endpoints is measured; [`LoadMetric::PeakEwma`] by default.
    ///
    /// Set it also to start with one URL and add endpoints later, with
    /// [`Client::endpoints`](crate::Client::endpoints).
    ///
    /// ```
    /// use xmlrpc_client::{Client, LoadMetric};
    ///
    /// let client = Client::builder("http://a:8000").balance(LoadMetric::InFlight).build()?;
    /// client.endpoints().unwrap().add("http://b:8000")?;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn balance(mut self, metric: LoadMetric) -> Self {
        self.balance_settings().metric = metric;
        self
    }

    /// How long an endpoint that cannot be reached is set aside before a call probes it: at first, and at
    /// most. 100 milliseconds and 10 seconds by default.
    ///
    /// After each failed probe, the pause is twice as long. Each is shortened at random, down to the half,
    /// so that clients do not return together. A probe connects to the endpoint, in a task of its own, so
    /// that no call waits for it. If it succeeds, or if the endpoint was set aside for another reason or
    /// is behind a proxy, the next call goes there, one at a time. If that call may have to go elsewhere, an
    /// idempotent one is better: if there were such calls during the pause, the others wait for up to a
    /// second more. The first success ends the pause. If all endpoints are set aside, calls still try them.
    ///
    /// Zero counts as a millisecond, and more than a year as a year. If the longest pause is shorter than the
    /// first, the first is used.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://a:8000")
    ///     .endpoints(["http://b:8000"])
    ///     .probe_backoff(Duration::from_millis(500), Duration::from_secs(60))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn probe_backoff(mut self, first: Duration, longest: Duration) -> Self {
        let first = first.clamp(Duration::from_millis(1), FOREVER);
        self.balance_settings().pauses = Pauses {
            first,
            longest: longest.clamp(first, FOREVER),
        };
        self
    }

    /// Sends an idempotent call to a second endpoint as well if the first has not responded after this
    /// time. The first result or fault counts, and the other attempt is dropped. If one of the two fails in
    /// another way, also with an HTTP error, the call waits for the other. If all attempts fail, the error that
    /// says most about the call counts, and names all of them. Off by default.
    ///
    /// At most 5 % of the idempotent calls are hedged, each once: every twentieth call pays for one hedge, and
    /// up to 100 can be saved up. A hedge counts as one of the attempts of [`retries`](Self::retries), so with
    /// `RetryPolicy::new(1)` no call is hedged. Methods that are not idempotent are never hedged.
    ///
    /// Choose a delay that about 95 % of the calls do not reach.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://a:8000")
    ///     .endpoints(["http://b:8000"])
    ///     .hedge(Duration::from_millis(50))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Calls panic in a tokio runtime that was built without `enable_time` or `enable_all`.
    pub fn hedge(mut self, after: Duration) -> Self {
        self.balance_settings().hedge = Some(after);
        self
    }

    /// Resolves the names of hosts to all of their addresses, each of which is an endpoint, and repeats
    /// that after this time. Off by default: then the client connects to one of the addresses.
    ///
    /// Use it for names that stand for several servers, such as a headless service of Kubernetes. Over
    /// `https`, the certificate must still match the name, and the header `Host` has the name.
    ///
    /// A call that finds the answers too old starts the look-up in a task of its runtime, and goes on with
    /// the old addresses. If a look-up fails, or has no address in its answer, the old ones stay, and it
    /// is repeated within five seconds. Only a call without any address waits for a look-up. A look-up may
    /// take 10 seconds. At most 256 addresses of a name are used. Zero counts as a millisecond.
    ///
    /// The client then connects directly: it does not use a proxy from the environment. With
    /// [`proxy`](Self::proxy) or [`http_client`](Self::http_client), building the client fails.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://stock.shop.svc.cluster.local:8000")
    ///     .resolve_every(Duration::from_secs(5))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn resolve_every(mut self, interval: Duration) -> Self {
        self.dns().interval = interval.clamp(Duration::from_millis(1), FOREVER);
        self
    }

    /// Resolves names with this resolver instead of that of the system, for example with another DNS
    /// library or in tests. It also switches [`resolve_every`](Self::resolve_every) on, by default every
    /// 30 seconds.
    ///
    /// ```
    /// use std::net::{IpAddr, Ipv4Addr};
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://stock.example:8000")
    ///     .resolver(|host: &str| {
    ///         println!("looking up {host}");
    ///         async { Ok(vec![IpAddr::from(Ipv4Addr::LOCALHOST)]) }
    ///     })
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn resolver(mut self, resolver: impl Resolve) -> Self {
        self.dns().resolver = Arc::new(resolver);
        self
    }

    fn balance_settings(&mut self) -> &mut BalanceSettings {
        self.balance.get_or_insert_default()
    }

    fn dns(&mut self) -> &mut DnsSettings {
        self.balance_settings().dns.get_or_insert_default()
    }
}
