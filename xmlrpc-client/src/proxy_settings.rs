//! Through which proxy the client connects.

use std::fmt;

use http::HeaderValue;

use crate::{BuildError, ClientBuilder, address::authorization, url::Url};

/// Which proxy the client uses.
#[derive(Clone, Default)]
pub(crate) enum ProxySetting {
    /// The one in the environment, if there is one.
    #[default]
    Environment,
    Never,
    Always(Box<ProxyServer>),
}

#[derive(Clone)]
pub(crate) struct ProxyServer {
    /// Without the user name and password.
    pub(crate) url: Url,
    pub(crate) authorization: Option<HeaderValue>,
}

impl ProxySetting {
    /// The setting to name if something else decides about proxies.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Environment => None,
            Self::Never => Some("no_proxy"),
            Self::Always(_) => Some("proxy"),
        }
    }

    #[cfg(feature = "balance")]
    pub(crate) fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }

    pub(crate) fn is_always(&self) -> bool {
        matches!(self, Self::Always(_))
    }
}

impl fmt::Debug for ProxySetting {
    /// Omits the user name and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("Environment"),
            Self::Never => f.write_str("Never"),
            Self::Always(server) => f.debug_tuple("Always").field(&server.url.origin()).finish(),
        }
    }
}

/// The settings of the proxy.
impl ClientBuilder {
    /// Sends all calls through this proxy, instead of the one in the environment. It also applies to
    /// `localhost`, and `NO_PROXY` has no effect on it. The last call of `proxy` and
    /// [`no_proxy`](Self::no_proxy) counts.
    ///
    /// The URL starts with `http://` or `https://`, which says how to connect to the proxy itself. It may
    /// contain a user name and a password. The port is 80 or 443 unless the URL has one.
    ///
    /// If the URL of the server starts with `https`, the proxy only opens a tunnel (`CONNECT`) and cannot
    /// read the calls. For a server whose URL has an IPv6 address, use [`Wire::Hyper`](crate::Wire): reqwest cannot
    /// check its certificate through a tunnel.
    ///
    /// Over unix sockets and SCGI, building the client fails. For a SOCKS proxy, use a [custom HTTP
    /// client](Self#method.http_client) with the feature `socks` of reqwest.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("https://rpc.example/RPC2")
    ///     .proxy("http://ada:secret@proxy.internal:3128")
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn proxy(mut self, url: impl AsRef<str>) -> Self {
        match server(url.as_ref().trim()) {
            Ok(server) => {
                self.connections.proxy = ProxySetting::Always(Box::new(server));
                self
            }
            Err(error) => self.fail(error),
        }
    }

    /// Uses no proxy: the client connects directly, whatever the environment says. The last call of
    /// [`proxy`](Self::proxy) and `no_proxy` counts.
    ///
    /// By default, the client uses the proxies of the environment variables `HTTP_PROXY`, `HTTPS_PROXY`
    /// and `ALL_PROXY`, except for the hosts in `NO_PROXY`.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://10.0.0.7:8000").no_proxy().build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.connections.proxy = ProxySetting::Never;
        self
    }
}

fn server(text: &str) -> Result<ProxyServer, BuildError> {
    // The texts omit the URL, which may contain a password.
    let mut url = Url::parse(text)
        .map_err(|error| BuildError::new(format!("invalid URL of the proxy: {error}")))?;
    match url.scheme() {
        "http" | "https" => {}
        scheme @ ("socks4" | "socks4a" | "socks5" | "socks5h") => {
            return Err(BuildError::new(format!(
                "the scheme `{scheme}` of the proxy is not supported: use a proxy with `http` or \
                 `https`, or pass a custom HTTP client"
            )));
        }
        scheme => {
            return Err(BuildError::new(format!(
                "the scheme `{scheme}` of the proxy is not supported: use `http` or `https`"
            )));
        }
    }
    if url.target() != "/" || text.contains(['?', '#']) {
        return Err(BuildError::new(
            "the URL of the proxy must end after its host and port",
        ));
    }
    let authorization = authorization(&url)?;
    url.remove_credentials();
    Ok(ProxyServer { url, authorization })
}
