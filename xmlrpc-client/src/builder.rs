use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use xmlrpc_core::{Dialect, Limits, Transport, client::RetryPolicy};

use crate::{
    BuildError, Client, Http,
    address::{self, Address},
    headers::is_framing,
    transport::Wire,
    unix,
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml");
const TEXT_XML_UTF_8: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");
const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!("xmlrpc-client/", env!("CARGO_PKG_VERSION")));

/// The settings of a [`Client`]. What is wrong with them is said by [`build`](Self::build).
///
/// | default | is | changed by |
/// |---|---|---|
/// | time of a call | 60 seconds | [`timeout`](Self::timeout), [`no_timeout`](Self::no_timeout) |
/// | of which to connect | 10 seconds | [`connect_timeout`](Self::connect_timeout) |
/// | what an answer may be | [`Limits::RESPONSE`]: 64 MiB, 128 levels, 4,000,000 elements | [`limits`](Self::limits) |
/// | how parameters are written | [`Dialect::EXTENDED`] | [`dialect`](Self::dialect) |
/// | entries of a multicall | 1,000 in a request | [`max_multicall_entries`](Self::max_multicall_entries) |
/// | … where the peer has no `system.multicall` | an error | [`multicall_fallback`](Self::multicall_fallback) |
/// | retries of idempotent calls | none | [`retries`](Self::retries) |
/// | `User-Agent` | `xmlrpc-client/` and the version | [`user_agent`](Self::user_agent) |
///
/// ```
/// use std::time::Duration;
/// use xmlrpc_client::Client;
/// use xmlrpc_core::{Dialect, Limits, Transport, client::RetryPolicy};
///
/// let client = Client::builder("http://localhost:8000/RPC2")
///     .timeout(Duration::from_secs(10))
///     .basic_auth("ada", "secret")
///     .header("x-tenant", "7")
///     .dialect(Dialect::STANDARD)
///     .limits(Limits::RESPONSE.depth(256))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    url: String,
    headers: HeaderMap,
    timeout: Option<Duration>,
    connect_timeout: Duration,
    dialect: Dialect,
    limits: Limits,
    max_multicall_entries: usize,
    multicall_fallback: bool,
    retries: Option<RetryPolicy>,
    http_client: Option<reqwest::Client>,
    unix_socket: Option<PathBuf>,
    /// The first setting that was none.
    error: Option<BuildError>,
}

impl ClientBuilder {
    pub(crate) fn new(url: &str) -> Self {
        let headers = [
            (CONTENT_TYPE, TEXT_XML_UTF_8),
            (ACCEPT, TEXT_XML),
            (USER_AGENT, PRODUCT),
        ];
        Self {
            url: url.to_owned(),
            headers: headers.into_iter().collect(),
            timeout: Some(Duration::from_secs(60)),
            connect_timeout: Duration::from_secs(10),
            dialect: Dialect::default(),
            limits: Limits::RESPONSE,
            max_multicall_entries: 1_000,
            multicall_fallback: false,
            retries: None,
            http_client: None,
            unix_socket: None,
            error: None,
        }
    }

    /// How long a call may take, from its sending to the end of its answer; 60 seconds by default.
    /// `Call::timeout` says it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets a call take as long as it takes. A peer that is silent is waited for without end.
    pub fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// How long it may take to connect, the TLS handshake included; 10 seconds by default. It has
    /// no effect on a [client of your own](Self::http_client), which has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sends a header with every call, instead of a default one of the same name. Several of one
    /// name are all sent. `Call::header` says it for one call, and takes the place of these.
    ///
    /// `Content-Length` and `Transfer-Encoding` are HTTP's own business, and refused. Over
    /// [SCGI](crate#scgi) headers are variables, of which several values become one, with commas.
    pub fn header(self, name: &str, value: &str) -> Self {
        let header = HeaderName::try_from(name)
            .ok()
            .zip(HeaderValue::try_from(value).ok());
        match header {
            Some((name, value)) if !is_framing(&name) => self.append(name, value),
            // The value is not repeated: it may be a secret.
            _ => self.fail(BuildError::new(format!(
                "the header `{}` cannot be set",
                name.escape_debug()
            ))),
        }
    }

    /// Authenticates every call with a name and a password. It takes the place of those in the URL.
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        let value = address::basic(user.as_bytes(), password.as_bytes());
        self.authorization(value)
    }

    /// Authenticates every call with a token. It takes the place of a name and password in the
    /// URL.
    pub fn bearer_auth(self, token: &str) -> Self {
        self.authorization(address::bearer(token))
    }

    /// What the client calls itself.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        self.headers.remove(USER_AGENT);
        self.header(USER_AGENT.as_str(), user_agent)
    }

    /// How parameters are written.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// What an answer may be: [`Limits::RESPONSE`] by default, which is 64 MiB, 128 levels and
    /// 4,000,000 elements. The `bytes` bound the body while it is read and inflated.
    ///
    /// It sets all three. To change one, begin with the default: `Limits::RESPONSE.depth(256)`.
    /// `Limits::default()` is what servers take for a request, which is less.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How many entries the peer takes in one `system.multicall`; a longer one is sent in several
    /// requests. 1,000 by default; 0 counts as 1.
    pub fn max_multicall_entries(mut self, entries: usize) -> Self {
        self.max_multicall_entries = entries;
        self
    }

    /// Whether the calls of a multicall go one by one where the peer has no `system.multicall`, as
    /// `Client::multicall_fallback` of the core says it.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2").multicall_fallback(true).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn multicall_fallback(mut self, on: bool) -> Self {
        self.multicall_fallback = on;
        self
    }

    /// Sends calls again that failed on their way, where they are marked: methods with
    /// `#[xmlrpc(idempotent)]`, calls with `Call::idempotent`. All others are sent once, as they are
    /// without a policy. [`RetryPolicy`] says what failures these are, and how long is waited.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    /// use xmlrpc_core::{client::RetryPolicy, xmlrpc_service};
    ///
    /// #[xmlrpc_service(client)]
    /// trait Shop {
    ///     #[xmlrpc(idempotent)] // sent up to three times
    ///     async fn price(&self, article: &str) -> i64;
    ///     async fn buy(&self, article: &str) -> i64;
    /// }
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2")
    ///     .retries(RetryPolicy::new(3))
    ///     .build()?;
    /// let shop = ShopClient::new(client);
    /// # let _ = (shop.price("tea"), shop.buy("tea"));
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = Some(policy);
        self
    }

    /// Sends calls over HTTP through this client, with its pool, proxies, certificates and time-outs, instead
    /// of one made for the purpose.
    ///
    /// Have it follow no redirects and retry nothing, as the one that is made here, if a method
    /// must not run twice:
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
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Connects to this unix socket instead of the host of the URL, which is still what the peer is
    /// told that it is called by, and what its certificate is checked against where the URL is
    /// `https`. It takes the place of a socket in the URL. Proxies of the environment are not used.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// # #[cfg(unix)] {
    /// let client = Client::builder("http://localhost/other/path")
    ///     .unix_socket("/run/supervisor.sock")
    ///     .build()?;
    /// // Without another path than `/RPC2` it may be in the URL.
    /// let client = Client::new("unix:///run/supervisor.sock")?;
    /// # let _ = client;
    /// # }
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn unix_socket(mut self, path: impl AsRef<Path>) -> Self {
        self.unix_socket = Some(path.as_ref().to_owned());
        self
    }

    /// The client. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// The first setting that is wrong: a URL that is none or lacks its `http://`, a scheme that is
    /// not in [the table](crate#urls), a header that cannot be one; for a unix socket, a path that
    /// is too long, a platform that has none, or an [HTTP client of your own](Self::http_client);
    /// for SCGI, such a client, credentials, or a URL without a port; for `https`, a system without
    /// certificates.
    pub fn build(self) -> Result<Client, BuildError> {
        let core = self.build_over(Ok)?;
        Ok(Client::from_core(core))
    }

    /// The client that waits, with the feature `blocking`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::{Client, blocking};
    ///
    /// let client: blocking::Client = Client::builder("http://localhost:8000/RPC2")
    ///     .timeout(Duration::from_secs(5))
    ///     .build_blocking()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`build`](Self::build); and a system that has nothing left for a runtime.
    #[cfg(feature = "blocking")]
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn build_blocking(self) -> Result<crate::blocking::Client, BuildError> {
        let core = self.build_over(crate::blocking::Http::new)?;
        Ok(crate::blocking::Client::from_core(core))
    }

    fn build_over<T: Transport>(
        self,
        transport: impl FnOnce(Http) -> Result<T, BuildError>,
    ) -> Result<xmlrpc_core::Client<T>, BuildError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let Address {
            url,
            socket,
            authorization,
        } = Address::parse(&self.url)?;
        let socket = self.unix_socket.or(socket).map(unix::checked).transpose()?;
        let mut headers = self.headers;
        if url.scheme() == "scgi" {
            if authorization.is_some() || headers.contains_key(AUTHORIZATION) {
                return Err(BuildError::new(
                    "SCGI has no way to send a name and password, or a token",
                ));
            }
            // rTorrent takes no other, and no `charset` with it.
            if headers.get(CONTENT_TYPE) == Some(&TEXT_XML_UTF_8) {
                headers.insert(CONTENT_TYPE, TEXT_XML);
            }
        }
        if let Some(authorization) = authorization {
            headers.entry(AUTHORIZATION).or_insert(authorization);
        }
        let wire = Wire::new(url, socket, self.http_client, self.connect_timeout)?;
        let http = Http::new(wire, headers, self.limits.bytes, self.retries);
        let mut client = xmlrpc_core::Client::new(transport(http)?)
            .dialect(self.dialect)
            .limits(self.limits)
            .max_multicall_entries(self.max_multicall_entries)
            .multicall_fallback(self.multicall_fallback);
        if let Some(timeout) = self.timeout {
            client = client.timeout(timeout);
        }
        Ok(client)
    }

    fn authorization(mut self, value: Result<HeaderValue, BuildError>) -> Self {
        match value {
            Ok(value) => {
                self.headers.insert(AUTHORIZATION, value);
                self
            }
            Err(error) => self.fail(error),
        }
    }

    fn append(mut self, name: HeaderName, value: HeaderValue) -> Self {
        let default = match name {
            CONTENT_TYPE => Some(TEXT_XML_UTF_8),
            ACCEPT => Some(TEXT_XML),
            USER_AGENT => Some(PRODUCT),
            _ => None,
        };
        if default.is_some() && self.headers.get(&name) == default.as_ref() {
            self.headers.insert(name, value);
        } else {
            self.headers.append(name, value);
        }
        self
    }

    fn fail(mut self, error: BuildError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

impl fmt::Debug for ClientBuilder {
    /// Leaves out what may be a secret: the URL and the values of headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("dialect", &self.dialect)
            .field("limits", &self.limits)
            .field("max_multicall_entries", &self.max_multicall_entries)
            .field("multicall_fallback", &self.multicall_fallback)
            .field("retries", &self.retries)
            .field("unix_socket", &self.unix_socket)
            .finish_non_exhaustive()
    }
}
