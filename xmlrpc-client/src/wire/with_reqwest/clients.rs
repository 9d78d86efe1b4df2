//! Creates the clients of reqwest: one that keeps connections, and one that does not.

use std::{net::SocketAddr, path::Path, sync::OnceLock};

use reqwest::Url;

use crate::{BuildError, connection_settings::ConnectionSettings};

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
    host: Option<String>,
    is_plain: bool,
}

impl Clients {
    pub(crate) fn new(url: &Url, mut settings: ConnectionSettings) -> Result<Self, BuildError> {
        if let Some(keeping) = settings.http_client.take() {
            return Ok(Self {
                keeping,
                recipe: None,
                other: OnceLock::new(),
            });
        }
        let keeps = settings.keeps_connections();
        let recipe = Recipe {
            settings,
            host: url.host_str().map(str::to_owned),
            is_plain: url.scheme() == "http",
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
        let settings = &self.settings;
        let builder = || {
            let builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                // `never` alone still copies each request for a retry.
                .retry(reqwest::retry::never().max_retries_per_request(0))
                .referer(false)
                // `inflate.rs` reads more than these.
                .no_gzip()
                .no_deflate()
                .connect_timeout(settings.connect_timeout);
            #[cfg(feature = "rustls")]
            let builder = settings.tls.apply(builder);
            let builder = if keeps {
                settings.pool.apply(builder)
            } else {
                builder.pool_max_idle_per_host(0)
            };
            let builder = match (settings.address, &self.host) {
                (Some(ip), Some(host)) => builder.resolve(host, SocketAddr::new(ip, 0)),
                _ => builder,
            };
            Ok(match &settings.unix_socket {
                // A unix socket uses no proxy. Without this, the credentials for a proxy would still
                // be sent.
                Some(socket) => through(builder, socket).no_proxy(),
                None => settings.proxy.apply(builder)?,
            })
        };
        let error = match builder().and_then(reqwest::ClientBuilder::build) {
            Ok(client) => return Ok(client),
            Err(error) => error,
        };
        // A system without certificates, for example a small container, can still send plain HTTP, and
        // trust the certificates of the program.
        let needs_none = self.is_plain;
        #[cfg(feature = "rustls")]
        let needs_none = needs_none || settings.tls.has_roots();
        let builder = builder();
        #[cfg(feature = "rustls")]
        let builder = builder.map(|builder| builder.tls_certs_only([]));
        match builder.and_then(reqwest::ClientBuilder::build) {
            Ok(client) if needs_none => Ok(client),
            _ => Err(BuildError::http_client(error)),
        }
    }
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
