//! The settings of connections.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

#[cfg(any(feature = "reqwest", feature = "hyper"))]
use crate::Wire;
#[cfg(feature = "rustls")]
use crate::tls_settings::TlsSettings;
use crate::{ClientBuilder, pool_settings::PoolSettings, proxy_settings::ProxySetting, url::Url};

#[derive(Clone)]
pub(crate) struct ConnectionSettings {
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub(crate) wire: Wire,
    pub(crate) connect_timeout: Duration,
    pub(crate) keep_alive: bool,
    #[cfg(feature = "reqwest")]
    pub(crate) http_client: Option<reqwest::Client>,
    /// The address of the host, if it is known. It has no effect with a unix socket, a proxy or a client
    /// of the user.
    pub(crate) address: Option<IpAddr>,
    pub(crate) unix_socket: Option<PathBuf>,
    pub(crate) proxy: ProxySetting,
    pub(crate) pool: PoolSettings,
    #[cfg(feature = "rustls")]
    pub(crate) tls: TlsSettings,
}

impl ConnectionSettings {
    /// The scheme, host and port of a URL, and its address if that is known.
    pub(crate) fn origin(&self, url: &Url) -> String {
        match self.address {
            Some(address) => format!("{} at {address}", url.origin()),
            None => url.origin(),
        }
    }

    /// Whether connections are kept after a response.
    pub(crate) fn keeps_connections(&self) -> bool {
        self.keep_alive && self.pool.keeps()
    }

    /// Whether the user has passed an HTTP client.
    #[cfg(feature = "reqwest")]
    pub(crate) fn has_http_client(&self) -> bool {
        self.http_client.is_some()
    }

    #[cfg(all(any(feature = "balance", feature = "hyper"), not(feature = "reqwest")))]
    #[expect(clippy::unused_self, reason = "the same signature as with the feature")]
    pub(crate) fn has_http_client(&self) -> bool {
        false
    }

    /// For a client that chooses the addresses itself.
    #[cfg(feature = "balance")]
    pub(crate) fn connect_directly(&mut self) -> Result<(), crate::BuildError> {
        let other = if self.has_http_client() {
            "http_client"
        } else if self.proxy.is_always() {
            "proxy"
        } else {
            self.proxy = ProxySetting::Never;
            return Ok(());
        };
        Err(crate::BuildError::new(format!(
            "`resolve_every` and `resolver` cannot be combined with `{other}`, which resolves names itself"
        )))
    }

    #[cfg(feature = "reqwest")]
    /// A setting that a custom HTTP client would have to have itself.
    pub(crate) fn of_http_client(&self) -> Option<&'static str> {
        #[cfg(feature = "rustls")]
        if let Some(name) = self.tls.first() {
            return Some(name);
        }
        let pool = || self.pool.first();
        self.proxy.name().or_else(pool)
    }
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            #[cfg(any(feature = "reqwest", feature = "hyper"))]
            wire: Wire::default(),
            connect_timeout: Duration::from_secs(10),
            keep_alive: true,
            #[cfg(feature = "reqwest")]
            http_client: None,
            address: None,
            unix_socket: None,
            proxy: ProxySetting::default(),
            pool: PoolSettings::default(),
            #[cfg(feature = "rustls")]
            tls: TlsSettings::default(),
        }
    }
}

impl fmt::Debug for ConnectionSettings {
    /// Omits the HTTP client, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ConnectionSettings");
        #[cfg(any(feature = "reqwest", feature = "hyper"))]
        shown.field("wire", &self.wire);
        shown
            .field("connect_timeout", &self.connect_timeout)
            .field("keep_alive", &self.keep_alive)
            .field("unix_socket", &self.unix_socket)
            .field("proxy", &self.proxy)
            .field("pool", &self.pool);
        #[cfg(feature = "rustls")]
        shown.field("tls", &self.tls);
        shown.finish_non_exhaustive()
    }
}

/// The settings of connections.
impl ClientBuilder {
    /// The time-out for connecting, including the TLS handshake; 10 seconds by default. It has no
    /// effect on a [custom HTTP client](Self#method.http_client), which has its own setting.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.connect_timeout = timeout;
        self
    }

    /// The library that sends requests over HTTP; reqwest by default. Without the feature `reqwest` it is
    /// hyper-util. SCGI needs neither.
    ///
    #[cfg_attr(feature = "hyper", doc = "```")]
    #[cfg_attr(not(feature = "hyper"), doc = "```ignore")]
    /// use xmlrpc_client::{Client, Wire};
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2").wire(Wire::Hyper).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    #[cfg_attr(docsrs, doc(cfg(any(feature = "reqwest", feature = "hyper"))))]
    pub fn wire(mut self, wire: Wire) -> Self {
        self.connections.wire = wire;
        self
    }

    /// Whether to keep connections after a response, for the next call. On by default. If it is off,
    /// each call opens a new connection. SCGI always does.
    ///
    /// A kept connection is closed [after 4 seconds](Self::pool_idle_timeout), because common servers
    /// close theirs after 5. If a server closes one that was idle for less than a second, the call that
    /// uses it fails: its method may have run, so the client does not send it again. Then the client logs
    /// a warning with `tracing`, and opens a new connection for each call for 60 seconds. If the same
    /// happens again soon after that, it does so for 120 seconds, and each time for twice as long, up to a
    /// day. Switch this off if you know that your server closes connections without announcing it.
    ///
    /// Over a unix socket, the client does not know which connection broke. There it does this whenever
    /// a connection breaks within a second after a response.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2").keep_alive(false).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn keep_alive(mut self, on: bool) -> Self {
        self.connections.keep_alive = on;
        self
    }

    /// Uses this HTTP client, with its connection pool, proxies, certificates and time-outs,
    /// instead of creating one. This method needs the feature `reqwest`, which is on by default.
    ///
    /// Set everything about connections on it. Combined with [`proxy`](Self::proxy),
    /// `root_certificate` or another setting of connections, building the client fails.
    ///
    /// Its pool decides which connections are kept. With [`keep_alive(false)`](Self::keep_alive), each
    /// request has the header `Connection: close`. To use no kept connection at all, also set
    /// `pool_max_idle_per_host(0)`.
    ///
    /// If a method must not run twice, configure the client to follow no redirects and to retry
    /// nothing, as the default client does:
    ///
    /// ```
    /// use reqwest::{redirect, retry};
    /// use xmlrpc_client::Client;
    ///
    /// let http = reqwest::Client::builder()
    ///     .redirect(redirect::Policy::none())
    ///     .retry(retry::never())
    ///     .no_proxy()
    ///     .build()?;
    /// let client = Client::builder("http://localhost:8000/RPC2").http_client(http).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "reqwest")]
    #[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.connections.http_client = Some(client);
        self
    }

    /// Connects to this unix socket instead of the host of the URL. The server still receives the
    /// host of the URL, and with `https` its certificate must match that host. It replaces a socket
    /// in the URL. Proxies from the environment are not used.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// # #[cfg(unix)] {
    /// let client = Client::builder("http://localhost/other/path")
    ///     .unix_socket("/run/supervisor.sock")
    ///     .build()?;
    /// // If the path is `/RPC2`, the socket can be in the URL.
    /// let client = Client::new("unix:///run/supervisor.sock")?;
    /// # let _ = client;
    /// # }
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn unix_socket(mut self, path: impl AsRef<Path>) -> Self {
        self.connections.unix_socket = Some(path.as_ref().to_owned());
        self
    }
}
