//! Creates the clients of reqwest: one that keeps connections, and one that does not.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
};

use reqwest::Proxy;

use super::place::{Place, Server};
use crate::{
    BuildError, connection_settings::ConnectionSettings, proxy_settings::ProxySetting, url::Url,
};
#[cfg(feature = "rustls")]
use crate::{tls_settings::TlsSettings, wire::proxy};

/// The clients for one server.
pub(crate) struct Clients {
    keeping: reqwest::Client,
    /// How the client is created that keeps no connections. `None` if the user has passed one.
    recipe: Option<Recipe>,
    /// Created when it is needed, because reading the certificates of the system takes time.
    other: OnceLock<Option<reqwest::Client>>,
}

/// The client for one request.
pub(crate) struct Chosen<'a> {
    pub(crate) client: &'a reqwest::Client,
    /// Whether it keeps connections, unless the request has `Connection: close`. Also if the other
    /// client cannot be created.
    pub(crate) may_keep: bool,
}

struct Recipe {
    settings: ConnectionSettings,
    /// The host of the URL.
    host: String,
    /// The server, if the requests do not name it.
    server: Option<Arc<Server>>,
    /// Whether there is TLS to the server or to a proxy.
    #[cfg(feature = "rustls")]
    has_tls: bool,
}

impl Clients {
    pub(super) fn new(
        url: &Url,
        settings: &ConnectionSettings,
        place: &Place,
    ) -> Result<Self, BuildError> {
        if let Some(keeping) = settings.http_client.clone() {
            return Ok(Self {
                keeping,
                recipe: None,
                other: OnceLock::new(),
            });
        }
        let keeps = settings.keeps_connections();
        let recipe = Recipe {
            #[cfg(feature = "rustls")]
            has_tls: has_tls(url, settings),
            host: url.host_name().to_owned(),
            server: place
                .server
                .as_ref()
                .map(|server| Arc::clone(&server.resolver)),
            settings: settings.clone(),
        };
        if !keeps {
            let other = recipe.client(false)?;
            return Ok(Self {
                keeping: other.clone(),
                recipe: Some(recipe),
                other: OnceLock::from(Some(other)),
            });
        }
        Ok(Self {
            keeping: recipe.client(true)?,
            recipe: Some(recipe),
            other: OnceLock::new(),
        })
    }

    /// Whether the user has passed the client.
    pub(crate) fn is_custom(&self) -> bool {
        self.recipe.is_none()
    }

    /// The client that keeps connections or does not. A client of the user always decides itself.
    pub(crate) fn get(&self, keeps: bool) -> Chosen<'_> {
        if !keeps {
            let other = self
                .other
                .get_or_init(|| self.recipe.as_ref()?.client(false).ok());
            if let Some(client) = other {
                return Chosen {
                    client,
                    may_keep: false,
                };
            }
        }
        Chosen {
            client: &self.keeping,
            may_keep: true,
        }
    }
}

impl Recipe {
    fn client(&self, keeps: bool) -> Result<reqwest::Client, BuildError> {
        let error = match self.builder(keeps).and_then(reqwest::ClientBuilder::build) {
            Ok(client) => return Ok(client),
            Err(error) => error,
        };
        // A system without certificates, for example a small container, can still trust those of the
        // program.
        #[cfg(feature = "rustls")]
        if self.has_tls && !self.settings.tls.roots.is_empty() {
            let only = certificates(&self.settings.tls);
            let only = only.and_then(|only| Ok(self.builder(keeps)?.tls_certs_only(only)));
            if let Ok(client) = only.and_then(reqwest::ClientBuilder::build) {
                return Ok(client);
            }
        }
        Err(BuildError::http_client(error.without_url()))
    }

    fn builder(&self, keeps: bool) -> reqwest::Result<reqwest::ClientBuilder> {
        let settings = &self.settings;
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // `never` alone still copies each request for a retry.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            // `inflate.rs` reads more than these.
            .no_gzip()
            .no_deflate()
            .connect_timeout(settings.connect_timeout);
        // Reading the certificates of the system takes time. A redirect to `https` is not followed.
        #[cfg(feature = "rustls")]
        let builder = if self.has_tls {
            with_tls(builder, &settings.tls)?
        } else {
            builder.tls_certs_only([])
        };
        let builder = if keeps {
            builder
                .pool_idle_timeout(settings.pool.idle_timeout())
                .pool_max_idle_per_host(settings.pool.max_idle())
        } else {
            builder.pool_max_idle_per_host(0)
        };
        // No proxy applies. reqwest would ask for that of the short host.
        if let Some(server) = &self.server {
            let builder = builder.dns_resolver(Arc::clone(server)).no_proxy();
            return Ok(match &settings.unix_socket {
                Some(socket) => through(builder, socket),
                None => builder,
            });
        }
        let builder = match settings.address {
            // The port of the URL is used.
            Some(address) => builder.resolve(&self.host, SocketAddr::new(address, 0)),
            None => builder,
        };
        match &settings.unix_socket {
            // A unix socket uses no proxy. Without this, the credentials for a proxy would still be
            // sent.
            Some(socket) => Ok(through(builder, socket).no_proxy()),
            None => with_proxy(builder, &settings.proxy),
        }
    }
}

fn with_proxy(
    builder: reqwest::ClientBuilder,
    setting: &ProxySetting,
) -> reqwest::Result<reqwest::ClientBuilder> {
    Ok(match setting {
        ProxySetting::Environment => builder,
        ProxySetting::Never => builder.no_proxy(),
        ProxySetting::Always(server) => {
            let mut proxy = Proxy::all(server.url.public())?;
            if let Some(authorization) = &server.authorization {
                proxy = proxy.custom_http_auth(authorization.clone());
            }
            builder.proxy(proxy)
        }
    })
}

#[cfg(feature = "rustls")]
fn has_tls(url: &Url, settings: &ConnectionSettings) -> bool {
    let uses_proxy = settings.unix_socket.is_none();
    url.is_https()
        || (uses_proxy
            && http::Uri::try_from(url.public())
                .is_ok_and(|uri| proxy::has_tls(&settings.proxy, &uri)))
}

#[cfg(feature = "rustls")]
fn with_tls(
    mut builder: reqwest::ClientBuilder,
    settings: &TlsSettings,
) -> reqwest::Result<reqwest::ClientBuilder> {
    builder = builder.tls_certs_merge(certificates(settings)?);
    if let Some(identity) = &settings.identity {
        // The program may also enable another backend, which could not read the identity.
        let identity = reqwest::Identity::from_pem(&identity.pem)?;
        builder = builder.tls_backend_rustls().identity(identity);
    }
    if settings.accepts_invalid {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    Ok(builder)
}

#[cfg(feature = "rustls")]
fn certificates(settings: &TlsSettings) -> reqwest::Result<Vec<reqwest::Certificate>> {
    let roots = settings.roots.iter();
    roots
        .map(|root| reqwest::Certificate::from_der(root))
        .collect()
}

#[cfg(unix)]
fn through(builder: reqwest::ClientBuilder, socket: &Path) -> reqwest::ClientBuilder {
    builder.unix_socket(socket)
}

/// `unix::checked` has already refused the socket.
#[cfg(not(unix))]
fn through(builder: reqwest::ClientBuilder, _: &Path) -> reqwest::ClientBuilder {
    builder
}
