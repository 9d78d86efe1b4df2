//! The endpoints of a client, and which of them a call goes to.

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use tokio::time::Instant;

use super::{
    attempt::Attempt,
    choice::one_of_two,
    connection::{self, Destination},
    dns::{Dns, Name},
    endpoint::Endpoint,
    health::{Candidate, Pauses, Probe},
    load::LoadMetric,
    random::Random,
    settings::BalanceSettings,
};
use crate::{BuildError, address::Address, endpoint_settings::EndpointSettings};

pub(super) struct Set {
    settings: EndpointSettings,
    metric: LoadMetric,
    pub(super) pauses: Pauses,
    pub(super) random: Random,
    pub(super) dns: Option<Dns>,
    next_id: AtomicU64,
    targets: Mutex<Vec<Target>>,
    /// The endpoints of all targets.
    endpoints: RwLock<Arc<[Arc<Endpoint>]>>,
}

/// A URL that the user has given.
pub(super) struct Target {
    pub(super) id: u64,
    address: Address,
    /// If the name of the host is resolved to all of its addresses.
    pub(super) name: Option<Name>,
    endpoints: Vec<Arc<Endpoint>>,
}

impl Target {
    /// The same for URLs that mean the same server and path. Credentials do not count.
    fn is_at(&self, address: &Address) -> bool {
        let key = |address: &Address| -> (String, String, Option<PathBuf>) {
            let Address { url, socket, .. } = address;
            (url.origin(), url.target(), socket.clone())
        };
        key(&self.address) == key(address)
    }
}

/// Which endpoints a call may go to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The first attempt of a call. If the call can go elsewhere afterwards, it is more suitable for a
    /// probe.
    First {
        can_go_elsewhere: bool,
    },
    Failover,
    /// A second attempt beside the first. It only goes to an endpoint that is ready.
    Hedge,
}

impl Set {
    pub(super) fn new(settings: EndpointSettings, balance: &BalanceSettings) -> Self {
        Self {
            settings,
            metric: balance.metric,
            pauses: balance.pauses,
            random: Random::new(),
            dns: balance.dns.as_ref().map(Dns::new),
            next_id: AtomicU64::new(0),
            targets: Mutex::default(),
            endpoints: RwLock::new(Arc::new([])),
        }
    }

    /// Adds an endpoint. Returns whether it is new.
    pub(super) fn add(&self, url: &str) -> Result<bool, BuildError> {
        let address = Address::parse(url)?;
        let name = self.dns.as_ref().and_then(|_| Name::of(&address));
        let id = self.next_id.fetch_add(1, Relaxed);
        // Also if the name is resolved later: an invalid setting is an error now.
        let endpoint = self.open(id, &address, None)?;
        let endpoints = if name.is_some() {
            Vec::new()
        } else {
            vec![Arc::new(endpoint)]
        };
        let mut targets = self.targets();
        if targets.iter().any(|target| target.is_at(&address)) {
            return Ok(false);
        }
        targets.push(Target {
            id,
            address,
            name,
            endpoints,
        });
        self.publish(&targets);
        if let Some(dns) = &self.dns {
            dns.check_soon();
        }
        Ok(true)
    }

    /// Removes an endpoint. Returns whether it existed.
    pub(super) fn remove(&self, url: &str) -> Result<bool, BuildError> {
        let address = Address::parse(url)?;
        let mut targets = self.targets();
        let before = targets.len();
        targets.retain(|target| !target.is_at(&address));
        self.publish(&targets);
        Ok(targets.len() < before)
    }

    /// Replaces the addresses of a name. Creating the clients for new addresses may take a while.
    pub(super) fn replace(&self, target: u64, addresses: &[IpAddr]) -> Result<(), BuildError> {
        let (address, mut endpoints) = {
            let targets = self.targets();
            let Some(target) = targets.iter().find(|one| one.id == target) else {
                return Ok(());
            };
            (target.address.clone(), target.endpoints.clone())
        };
        // An endpoint that stays keeps its state.
        let peer = |endpoint: &Endpoint| endpoint.server.peer();
        endpoints.retain(|endpoint| peer(endpoint).is_some_and(|ip| addresses.contains(&ip)));
        let mut result = Ok(());
        for ip in addresses {
            if endpoints.iter().any(|one| peer(one) == Some(*ip)) {
                continue;
            }
            let id = self.next_id.fetch_add(1, Relaxed);
            match self.open(id, &address, Some(*ip)) {
                Ok(endpoint) => endpoints.push(Arc::new(endpoint)),
                Err(error) => result = Err(error),
            }
        }
        let mut targets = self.targets();
        if let Some(target) = targets.iter_mut().find(|one| one.id == target)
            && !endpoints.is_empty()
        {
            target.endpoints = endpoints;
            self.publish(&targets);
        }
        result
    }

    fn open(&self, id: u64, address: &Address, ip: Option<IpAddr>) -> Result<Endpoint, BuildError> {
        let mut settings = self.settings.clone();
        settings.connections.address = ip;
        let connections = settings.connections.clone();
        let single = settings.open(address.clone(), None)?;
        let destination = Destination::of(address, single.server(), &connections);
        Ok(Endpoint::new(id, single, destination))
    }

    pub(super) fn targets(&self) -> MutexGuard<'_, Vec<Target>> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, targets: &[Target]) {
        let all = targets.iter().flat_map(|target| &target.endpoints);
        let all = all.cloned().collect();
        *self
            .endpoints
            .write()
            .unwrap_or_else(PoisonError::into_inner) = all;
    }

    pub(super) fn endpoints(&self) -> Arc<[Arc<Endpoint>]> {
        let endpoints = self.endpoints.read();
        Arc::clone(&endpoints.unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is an endpoint that is not in this list, and is worth a try.
    pub(super) fn has_others(&self, tried: &[u64]) -> bool {
        let endpoints = self.endpoints();
        let now = Instant::now();
        let is_worth_it = |one: &Arc<Endpoint>| !tried.contains(&one.id) && !one.is_hopeless(now);
        endpoints.iter().any(is_worth_it)
    }

    /// The endpoints that are not in this list, and not worth a try.
    pub(super) fn hopeless(&self, tried: &[u64]) -> Vec<Arc<Endpoint>> {
        let endpoints = self.endpoints();
        let now = Instant::now();
        let is_hopeless = |one: &&Arc<Endpoint>| !tried.contains(&one.id) && one.is_hopeless(now);
        endpoints.iter().filter(is_hopeless).cloned().collect()
    }

    /// Whether there is an endpoint that is not in this list and not set aside.
    pub(super) fn has_ready(&self, tried: &[u64]) -> bool {
        let endpoints = self.endpoints();
        let is_ready = |one: &Arc<Endpoint>| one.is_ready() && !tried.contains(&one.id);
        endpoints.iter().any(is_ready)
    }

    /// Chooses an endpoint that is not in this list, and begins an attempt there.
    pub(super) fn begin(self: &Arc<Self>, tried: &[u64], purpose: Purpose) -> Option<Attempt> {
        let endpoints = self.endpoints();
        let now = Instant::now();
        if let Purpose::First { can_go_elsewhere } = purpose {
            let candidate = if can_go_elsewhere {
                Candidate::Idempotent
            } else {
                Candidate::Other
            };
            for endpoint in endpoints.iter().filter(|one| !one.is_ready()) {
                match endpoint.probe(now, candidate) {
                    Some(Probe::Call) => return Some(Attempt::begin(endpoint, self, true)),
                    Some(Probe::Connection) => connection::probe(endpoint, self),
                    None => {}
                }
            }
        }
        let is_allowed = |one: &Endpoint| one.is_ready() && !tried.contains(&one.id);
        let ready = one_of_two(&endpoints, is_allowed, self.metric, &self.random, now);
        if let Some(endpoint) = ready {
            return Some(Attempt::begin(endpoint, self, false));
        }
        if purpose == Purpose::Hedge {
            return None;
        }
        // All are set aside. The call still tries, first where it has the best prospect, and then where the pause ends
        // first. After a failure elsewhere it does not wait for one that could not be reached a short time ago.
        let is_allowed = |one: &&Arc<Endpoint>| {
            !tried.contains(&one.id) && (tried.is_empty() || !one.is_hopeless(now))
        };
        let others = endpoints.iter().filter(is_allowed);
        let endpoint = others.min_by_key(|one| one.prospect(now))?;
        let is_probe = endpoint.probe(now, Candidate::Needed).is_some();
        Some(Attempt::begin(endpoint, self, is_probe))
    }
}
