//! Creates the clients of reqwest: one that keeps connections, and one that does not.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use reqwest::Url;

use crate::{BuildError, connection_settings::ConnectionSettings};

/// Common servers close idle connections after 5 seconds (node, Apache). The client does so before.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

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
    socket: Option<PathBuf>,
    is_plain: bool,
    connect_timeout: Duration,
}

impl Clients {
    pub(crate) fn new(
        url: &Url,
        socket: Option<&Path>,
        settings: ConnectionSettings,
    ) -> Result<Self, BuildError> {
        if let Some(keeping) = settings.http_client {
            return Ok(Self {
                keeping,
                recipe: None,
                other: OnceLock::new(),
            });
        }
        let recipe = Recipe {
            socket: socket.map(Path::to_owned),
            is_plain: url.scheme() == "http",
            connect_timeout: settings.connect_timeout,
        };
        if !settings.keep_alive {
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
        let builder = || {
            let builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                // `never` alone still copies each request for a retry.
                .retry(reqwest::retry::never().max_retries_per_request(0))
                .referer(false)
                // `inflate.rs` reads more than these.
                .no_gzip()
                .no_deflate()
                .pool_idle_timeout(IDLE_TIMEOUT)
                .connect_timeout(self.connect_timeout);
            let builder = if keeps {
                builder
            } else {
                builder.pool_max_idle_per_host(0)
            };
            match &self.socket {
                // A unix socket uses no proxy. Without this, the credentials for a proxy would still
                // be sent.
                Some(socket) => through(builder, socket).no_proxy(),
                None => builder,
            }
        };
        let error = match builder().build() {
            Ok(client) => return Ok(client),
            Err(error) => error,
        };
        // A system without certificates, for example a small container, can still send plain HTTP.
        let builder = builder();
        #[cfg(feature = "rustls")]
        let builder = builder.tls_certs_only([]);
        match builder.build() {
            Ok(client) if self.is_plain => Ok(client),
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
