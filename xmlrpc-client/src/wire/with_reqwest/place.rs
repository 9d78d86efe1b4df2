//! Spares reqwest the host of the URL.
//!
//! For each request, reqwest writes the URL as text and parses it again, and hyper-util hashes and compares the
//! host several times. With an IPv4 address and a port, this is a quarter of all instructions of a small call.
//! All connections of a client lead to the same server, so a host of one letter is enough: the resolver knows the
//! server, and the header `Host` names it. TLS needs the real host, and so does the choice of a proxy.

use std::{
    iter,
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name as HostName};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_service::Service;

use crate::{
    BuildError,
    connection_settings::ConnectionSettings,
    url::Url,
    wire::{CANNOT_BE_SENT, proxy},
};

const HOST: &str = "s";

/// Where the requests go.
pub(super) struct Place {
    /// The URL of each request.
    pub(super) url: reqwest::Url,
    /// What the requests need to know if the URL does not have the host.
    pub(super) server: Option<Named>,
}

/// A server that the URL of the requests does not name.
pub(super) struct Named {
    /// The header `Host`.
    pub(super) host: HeaderValue,
    pub(super) resolver: Arc<Server>,
}

impl Place {
    pub(super) fn new(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        let whole = reqwest::Url::parse(&url.public())
            .map_err(|error| BuildError::new(format!("invalid URL: {error}")))?;
        let uri = Uri::try_from(url.public()).map_err(|_| BuildError::new(CANNOT_BE_SENT))?;
        let mut short = whole.clone();
        let is_short = can_be_short(url, &uri, settings)
            && short.set_host(Some(HOST)).is_ok()
            && short.set_port(None).is_ok();
        if !is_short {
            return Ok(Self {
                url: whole,
                server: None,
            });
        }
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = HeaderValue::try_from(host).map_err(|_| BuildError::new(CANNOT_BE_SENT))?;
        Ok(Self {
            url: short,
            server: Some(Named {
                host,
                resolver: Arc::new(Server::new(url, settings)),
            }),
        })
    }
}

/// Whether the server is reached without TLS and without a proxy, by a client of this crate.
fn can_be_short(url: &Url, uri: &Uri, settings: &ConnectionSettings) -> bool {
    let is_direct = || settings.unix_socket.is_some() || proxy::is_direct(&settings.proxy, uri);
    settings.http_client.is_none()
        && url.scheme() == "http"
        // A port 0 from a resolver means the default port.
        && url.port() != Some(0)
        && is_direct()
}

/// Whether this is the host of a short URL.
pub(super) fn is_short(url: &reqwest::Url) -> bool {
    url.host_str() == Some(HOST)
}

/// Finds the addresses of the server, whatever the name is.
pub(super) struct Server {
    host: String,
    port: u16,
    address: Option<IpAddr>,
}

impl Server {
    fn new(url: &Url, settings: &ConnectionSettings) -> Self {
        let host = url.host_name();
        Self {
            host: host.to_owned(),
            port: url.port_or_default().unwrap_or(80),
            address: settings.address.or_else(|| host.parse().ok()),
        }
    }
}

impl Resolve for Server {
    fn resolve(&self, _: Name) -> Resolving {
        let port = self.port;
        if let Some(address) = self.address {
            let addresses: Addrs = Box::new(iter::once(SocketAddr::new(address, port)));
            return Box::pin(std::future::ready(Ok(addresses)));
        }
        let name = HostName::from_str(&self.host);
        Box::pin(async move {
            // The same resolver as reqwest's own.
            let found = GaiResolver::new().call(name?).await?;
            let addresses = found.map(move |mut found| {
                // The address may also have the network interface, which a link-local one needs.
                found.set_port(port);
                found
            });
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_with_a_usable_port_are_short() {
        for (url, is_short) in [
            ("http://127.0.0.1:8000", true),
            ("http://127.0.0.1", true),
            // The library would connect to port 80.
            ("http://127.0.0.1:0", false),
        ] {
            let settings = ConnectionSettings {
                proxy: crate::proxy_settings::ProxySetting::Never,
                ..ConnectionSettings::default()
            };
            let place = Place::new(&Url::parse(url).unwrap(), &settings);
            assert_eq!(place.unwrap().server.is_some(), is_short, "{url}");
        }
    }
}
