//! Probes an endpoint by connecting to it, without a call.

use std::{env, io, path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    net::TcpStream,
    runtime::Handle,
    time::{Instant, timeout},
};
use xmlrpc_core::observe::ServerAddress;

#[cfg(feature = "rustls")]
use super::handshake::Handshake;
use super::{endpoint::Endpoint, set::Set};
use crate::{address::Address, connection_settings::ConnectionSettings};

/// An endpoint whose calls are given up is set aside if connecting takes longer than this. Its probes have more time.
const CHECK: Duration = Duration::from_secs(2);

/// Where an endpoint listens, if the client connects to it directly.
pub(super) struct Destination {
    place: Place,
    #[cfg(feature = "rustls")]
    tls: Option<Handshake>,
    timeout: Duration,
}

enum Place {
    Tcp(String, u16),
    #[cfg_attr(not(unix), allow(dead_code))]
    Unix(PathBuf),
}

impl Destination {
    /// `None` if there may be a proxy in between.
    pub(super) fn of(
        address: &Address,
        server: &ServerAddress,
        connections: &ConnectionSettings,
    ) -> Option<Self> {
        let place = match (&address.socket, server.peer(), server.port()) {
            (Some(socket), _, _) => Place::Unix(socket.clone()),
            (None, Some(peer), Some(port)) => Place::Tcp(peer.to_string(), port),
            (None, None, Some(port)) if is_direct(connections) => {
                Place::Tcp(server.address().to_owned(), port)
            }
            _ => return None,
        };
        Some(Self {
            place,
            #[cfg(feature = "rustls")]
            tls: if address.url.is_https() {
                Handshake::with(address.url.host_name())
            } else {
                None
            },
            timeout: connections.connect_timeout,
        })
    }

    async fn connect(&self, within: Duration) -> io::Result<()> {
        let connecting = async {
            match &self.place {
                Place::Tcp(host, port) => {
                    let stream = TcpStream::connect((host.as_str(), *port)).await?;
                    #[cfg(feature = "rustls")]
                    if let Some(tls) = &self.tls {
                        tls.run(stream).await?;
                    }
                    #[cfg(not(feature = "rustls"))]
                    drop(stream);
                    Ok(())
                }
                #[cfg(unix)]
                Place::Unix(path) => tokio::net::UnixStream::connect(path).await.map(drop),
                #[cfg(not(unix))]
                Place::Unix(_) => Ok(()),
            }
        };
        let connected = timeout(within, connecting).await;
        connected.unwrap_or_else(|_| {
            let text = format!("no connection within {within:?}");
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        })
    }
}

fn is_direct(connections: &ConnectionSettings) -> bool {
    if connections.has_http_client() {
        return false;
    }
    let variables = ["http_proxy", "https_proxy", "all_proxy"];
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_proxy = || {
        let mut names = variables.iter();
        names.any(|name| is_set(name) || is_set(&name.to_ascii_uppercase()))
    };
    connections.proxy.is_never() || (!connections.proxy.is_always() && !has_proxy())
}

/// A probe in its own task. If it is dropped, it has no result.
struct Probing {
    endpoint: Arc<Endpoint>,
    has_ended: bool,
}

/// Starts a probe. Must be called inside a runtime.
pub(super) fn probe(endpoint: &Arc<Endpoint>, set: &Arc<Set>) {
    let set = Arc::clone(set);
    let mut probing = Probing {
        endpoint: Arc::clone(endpoint),
        has_ended: false,
    };
    tokio::spawn(async move {
        let Some(destination) = &probing.endpoint.destination else {
            return;
        };
        let began = Instant::now();
        let result = destination.connect(destination.timeout).await;
        probing.has_ended = true;
        match result {
            Ok(()) => probing.endpoint.is_reachable(),
            Err(error) => {
                let reason = error.to_string();
                let endpoint = &probing.endpoint;
                endpoint.probe_failed(began, &reason, set.pauses, &set.random);
            }
        }
    });
}

/// Looks in the background whether the client can connect to an endpoint that it uses. Does nothing outside a
/// runtime.
pub(super) fn check(endpoint: &Arc<Endpoint>, set: &Arc<Set>) {
    let Ok(runtime) = Handle::try_current() else {
        return;
    };
    let (endpoint, set) = (Arc::clone(endpoint), Arc::clone(set));
    runtime.spawn(async move {
        let Some(destination) = &endpoint.destination else {
            return;
        };
        let began = Instant::now();
        if let Err(error) = destination.connect(destination.timeout.min(CHECK)).await {
            let reason = error.to_string();
            endpoint.is_unreachable(began, &reason, set.pauses, &set.random);
        }
    });
}

impl Drop for Probing {
    fn drop(&mut self) {
        if !self.has_ended {
            self.endpoint.release_probe();
        }
    }
}
