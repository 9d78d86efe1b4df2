//! Resolves names to all of their addresses, again and again.

use std::{
    error::Error,
    fmt,
    net::IpAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};
use xmlrpc_core::client::{BoxError, TransportError};

use super::{failover::no_endpoints, set::Set};
use crate::address::Address;

/// How long a look-up may take.
const LONGEST: Duration = Duration::from_secs(10);

/// A look-up that failed is repeated after this time, or after the interval if that is shorter.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The maximum number of addresses of one name.
const MOST: usize = 256;

/// The future of [`Resolve::resolve`].
pub type Resolving = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, BoxError>> + Send>>;

/// Resolves the name of a host to its addresses. See
/// [`ClientBuilder::resolver`](crate::ClientBuilder::resolver).
///
/// A closure from a `&str` to a future is a resolver. The port always comes from the URL.
///
/// ```
/// use std::net::{IpAddr, Ipv4Addr};
/// use xmlrpc_client::{Resolve, Resolving};
///
/// struct Fixed(Vec<IpAddr>);
///
/// impl Resolve for Fixed {
///     fn resolve(&self, _host: &str) -> Resolving {
///         let addresses = self.0.clone();
///         Box::pin(async move { Ok(addresses) })
///     }
/// }
///
/// let client = xmlrpc_client::Client::builder("http://stock.example:8000")
///     .resolver(Fixed(vec![Ipv4Addr::LOCALHOST.into()]))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
pub trait Resolve: Send + Sync + 'static {
    /// Looks up all addresses of a host.
    fn resolve(&self, host: &str) -> Resolving;
}

impl<F, A> Resolve for F
where
    F: Fn(&str) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Vec<IpAddr>, BoxError>> + Send + 'static,
{
    fn resolve(&self, host: &str) -> Resolving {
        Box::pin(self(host))
    }
}

/// The resolver of the system.
struct System;

impl Resolve for System {
    fn resolve(&self, host: &str) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((host, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

pub(super) struct DnsSettings {
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) interval: Duration,
}

impl Default for DnsSettings {
    fn default() -> Self {
        Self {
            resolver: Arc::new(System),
            interval: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for DnsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DnsSettings")
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// When names are looked up.
pub(super) struct Dns {
    resolver: Arc<dyn Resolve>,
    interval: Duration,
    created: Instant,
    /// Milliseconds since `created` at which a call checks again whether an answer is too old.
    next_check: AtomicU64,
    /// A look-up has ended.
    ended: Notify,
}

/// The name of a host, and what is known about its look-up.
pub(super) struct Name {
    host: Arc<str>,
    due: Option<Instant>,
    is_running: bool,
    /// How many look-ups have begun.
    begun: u64,
    error: Option<String>,
}

impl Name {
    /// The name in a URL. `None` if the host is an IP address or a unix socket.
    pub(super) fn of(address: &Address) -> Option<Self> {
        if address.socket.is_some() {
            return None;
        }
        let host = address.url.host_name();
        let is_ip = host.parse::<IpAddr>().is_ok();
        (!is_ip).then(|| Self {
            host: host.into(),
            due: None,
            is_running: false,
            begun: 0,
            error: None,
        })
    }
}

impl Dns {
    pub(super) fn new(settings: &DnsSettings) -> Self {
        Self {
            resolver: Arc::clone(&settings.resolver),
            interval: settings.interval,
            created: Instant::now(),
            next_check: AtomicU64::new(0),
            ended: Notify::new(),
        }
    }

    /// The next call checks whether an answer is too old.
    pub(super) fn check_soon(&self) {
        self.next_check.store(0, Relaxed);
    }

    fn milliseconds(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.created);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Set {
    /// Returns when there is an endpoint. Starts the look-ups that are due.
    pub(super) async fn ready(self: &Arc<Self>) -> Result<(), TransportError> {
        if let Some(dns) = &self.dns {
            let now = Instant::now();
            if dns.milliseconds(now) >= dns.next_check.load(Relaxed) {
                self.start_due(dns, now);
            }
            if self.endpoints().is_empty() {
                return Box::pin(self.first_answer(dns)).await;
            }
        }
        Ok(())
    }

    /// Starts the look-ups that are due.
    fn start_due(self: &Arc<Self>, dns: &Dns, now: Instant) {
        let mut next = now.checked_add(dns.interval);
        // A runtime that is shutting down drops a task at once, which then takes the lock of the targets.
        let mut due = Vec::new();
        for target in self.targets().iter_mut() {
            let id = target.id;
            let Some(name) = &mut target.name else {
                continue;
            };
            if name.is_running {
                continue;
            }
            if name.due.is_none_or(|due| due <= now) {
                name.is_running = true;
                name.begun = name.begun.wrapping_add(1);
                due.push((id, Arc::clone(&name.host)));
            } else {
                next = next.min(name.due);
            }
        }
        let next = next.map_or(u64::MAX, |next| dns.milliseconds(next));
        dns.next_check.store(next, Relaxed);
        for (target, host) in due {
            let running = Running {
                set: Arc::clone(self),
                target,
            };
            tokio::spawn(running.look_up(host));
        }
    }

    /// Waits for the first answer of any name.
    async fn first_answer(self: &Arc<Self>, dns: &Dns) -> Result<(), TransportError> {
        let mut has_waited = false;
        loop {
            let mut ended = pin!(dns.ended.notified());
            ended.as_mut().enable();
            if !self.endpoints().is_empty() {
                return Ok(());
            }
            if !has_waited {
                // A failed look-up is not repeated soon otherwise.
                for target in self.targets().iter_mut() {
                    if let Some(name) = &mut target.name {
                        name.due = None;
                    }
                }
                self.start_due(dns, Instant::now());
            }
            if !self.is_looking_up() {
                return Err(self.why_empty());
            }
            ended.await;
            has_waited = true;
        }
    }

    /// Waits for the look-ups that are running. Returns whether there is then another endpoint than those that were
    /// tried.
    pub(super) async fn has_new(&self, tried: &[u64]) -> bool {
        let Some(dns) = &self.dns else {
            return false;
        };
        let running = self.look_ups();
        loop {
            let mut ended = pin!(dns.ended.notified());
            ended.as_mut().enable();
            if self.has_others(tried) {
                return true;
            }
            // Other calls may have started later ones.
            let now = self.look_ups();
            if !running.iter().any(|one| now.contains(one)) {
                return false;
            }
            ended.await;
        }
    }

    /// The look-ups that are running: their targets and numbers.
    fn look_ups(&self) -> Vec<(u64, u64)> {
        let targets = self.targets();
        let names = targets.iter().filter_map(|target| {
            let name = target.name.as_ref().filter(|name| name.is_running)?;
            Some((target.id, name.begun))
        });
        names.collect()
    }

    fn is_looking_up(&self) -> bool {
        !self.look_ups().is_empty()
    }

    fn why_empty(&self) -> TransportError {
        let targets = self.targets();
        let names = targets.iter().filter_map(|target| target.name.as_ref());
        let errors = names.filter_map(|name| {
            let error = name.error.as_deref()?;
            Some(format!("cannot resolve `{}`: {error}", name.host))
        });
        let errors: Vec<_> = errors.collect();
        if errors.is_empty() {
            no_endpoints()
        } else {
            TransportError::connect(errors.join("; "))
        }
    }
}

/// A look-up in its task. Dropping it ends the look-up, also if the runtime ends or the resolver panics.
struct Running {
    set: Arc<Set>,
    target: u64,
}

impl Running {
    async fn look_up(self, host: Arc<str>) {
        let Some(dns) = &self.set.dns else { return };
        let answer = match timeout(LONGEST, dns.resolver.resolve(&host)).await {
            Ok(Ok(addresses)) if addresses.is_empty() => Err("there are no addresses".to_owned()),
            Ok(Ok(addresses)) => Ok(addresses),
            Ok(Err(error)) => Err(text(&*error)),
            Err(_) => Err(format!("no answer within {LONGEST:?}")),
        };
        let error = match answer {
            Ok(addresses) => self.replace(addresses).await.err(),
            Err(error) => Some(error),
        };
        if let Some(error) = &error {
            tracing::warn!(host = &*host, error, "cannot resolve the name of endpoints");
        }
        let wait = match error {
            Some(_) => dns.interval.min(AFTER_FAILURE),
            None => dns.interval,
        };
        self.update(|name| {
            name.error = error;
            name.due = Instant::now().checked_add(wait);
            name.is_running = false;
        });
    }

    async fn replace(&self, mut addresses: Vec<IpAddr>) -> Result<(), String> {
        addresses.sort_unstable();
        addresses.dedup();
        addresses.truncate(MOST);
        let (set, target) = (Arc::clone(&self.set), self.target);
        // Creating an HTTP client may read certificates.
        let replaced = tokio::task::spawn_blocking(move || set.replace(target, &addresses)).await;
        match replaced {
            Ok(replaced) => replaced.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn update(&self, change: impl FnOnce(&mut Name)) {
        let mut targets = self.set.targets();
        let target = targets.iter_mut().find(|target| target.id == self.target);
        if let Some(name) = target.and_then(|target| target.name.as_mut()) {
            change(name);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.update(|name| {
            if std::mem::take(&mut name.is_running) {
                name.error = Some("the look-up did not end".to_owned());
                name.due = Instant::now().checked_add(AFTER_FAILURE);
            }
        });
        if let Some(dns) = &self.set.dns {
            dns.check_soon();
            dns.ended.notify_waiters();
        }
    }
}

fn text(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}
