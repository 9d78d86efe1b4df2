use std::{fmt, time::Duration};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use xmlrpc_core::{Dialect, Limits, Transport, client::RetryPolicy};

#[cfg(feature = "balance")]
use crate::balance::{BalanceSettings, Balancer};
use crate::{
    BuildError, Client, Http,
    address::{self, Address},
    connection_settings::ConnectionSettings,
    endpoint_settings::EndpointSettings,
    headers::is_framing,
    multicall_settings::MulticallSettings,
    observation_settings::ObservationSettings,
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml");
pub(crate) const GZIP_DEFLATE: HeaderValue = HeaderValue::from_static("gzip,deflate");
const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!("xmlrpc-client/", env!("CARGO_PKG_VERSION")));

/// Builds a [`Client`] with custom settings. [`build`](Self::build) reports invalid settings.
///
/// | setting | default | method |
/// |---|---|---|
/// | time-out of a call | 60 seconds | [`timeout`](Self::timeout), [`without_timeout`](Self::without_timeout) |
/// | time-out for connecting, part of the above | 10 seconds | [`connect_timeout`](Self::connect_timeout) |
/// | limits of a response | [`Limits::RESPONSE`]: 64 MiB, 128 levels, 4,000,000 elements | [`limits`](Self::limits) |
/// | dialect of parameters | [`Dialect::EXTENDED`] | [`dialect`](Self::dialect) |
/// | maximum number of multicall entries in a request | 1,000 | [`max_multicall_entries`](Self::max_multicall_entries) |
/// | multicall if the server lacks `system.multicall` | an error | [`multicall_fallback`](Self::multicall_fallback), [`multicall`](Self::multicall) |
/// | multicall result that is neither an array of one element nor a fault | the result itself | [`strict_multicall`](Self::strict_multicall) |
/// | keep connections for the next call | yes, for 4 seconds | [`keep_alive`](Self::keep_alive), [`pool_idle_timeout`](Self::pool_idle_timeout), [`pool_max_idle_per_host`](Self::pool_max_idle_per_host) |
/// | proxy | the one of the environment | [`proxy`](Self::proxy), [`no_proxy`](Self::no_proxy) |
/// | trusted certificates (feature `rustls`) | those of the system | `root_certificate`, `danger_accept_invalid_certs` |
/// | certificate of the client (feature `rustls`) | none | `identity` |
/// | library that sends requests over HTTP (features `reqwest`, `hyper`) | reqwest | [`wire`](Self#method.wire) |
/// | everything about HTTP connections | as above | [`http_client`](Self#method.http_client) |
/// | retries of idempotent calls | none | [`retries`](Self::retries) |
/// | further servers, how their load is measured, hedging, names with several addresses (feature `balance`) | none, by latency and calls in flight, off, off | `endpoints`, `balance`, `probe_backoff`, `hedge`, `resolve_every`, `resolver` |
/// | trace context in requests | none | [`inject`](Self::inject) |
/// | who is told when a call ends | nobody | [`observe`](Self::observe) |
/// | methods known in spans and metrics | those of generated clients, and `system.*` | [`known_methods`](Self::known_methods) |
/// | `User-Agent` | `xmlrpc-client/` and the version | [`user_agent`](Self::user_agent) |
/// | `Content-Type`, `Accept` | `text/xml`, without a charset | [`header`](Self::header) |
/// | `Accept-Encoding` | `gzip,deflate` with the feature `gzip` | [`header`](Self::header) |
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
    pub(crate) connections: ConnectionSettings,
    dialect: Dialect,
    limits: Limits,
    replace_forbidden_characters: bool,
    pub(crate) multicall: MulticallSettings,
    pub(crate) observation: ObservationSettings,
    retries: Option<RetryPolicy>,
    /// If the client chooses among several endpoints.
    #[cfg(feature = "balance")]
    pub(crate) balance: Option<BalanceSettings>,
    /// The error of the first invalid setting.
    error: Option<BuildError>,
}

impl ClientBuilder {
    pub(crate) fn new(url: &str) -> Self {
        let headers = [
            // Without a charset: some servers compare the whole value and refuse every other.
            (CONTENT_TYPE, TEXT_XML),
            (ACCEPT, TEXT_XML),
            (USER_AGENT, PRODUCT),
        ];
        let mut headers: HeaderMap = headers.into_iter().collect();
        if cfg!(feature = "gzip") {
            headers.insert(ACCEPT_ENCODING, GZIP_DEFLATE);
        }
        Self {
            url: url.to_owned(),
            headers,
            timeout: Some(Duration::from_secs(60)),
            connections: ConnectionSettings::default(),
            dialect: Dialect::default(),
            limits: Limits::RESPONSE,
            replace_forbidden_characters: false,
            multicall: MulticallSettings::default(),
            observation: ObservationSettings::default(),
            retries: None,
            #[cfg(feature = "balance")]
            balance: None,
            error: None,
        }
    }

    /// The time-out of a call, from sending it to the end of its response; 60 seconds by default.
    /// `Call::timeout` sets it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Removes the time-out: the client waits for a silent server forever.
    pub fn without_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// Adds a header to every call. It replaces a default header of the same name. If you add a
    /// name several times, all values are sent. A header of one call (`Call::header`) replaces all
    /// values that were set here.
    ///
    /// `Content-Length` and `Transfer-Encoding` are refused, because HTTP sets them. Over
    /// [SCGI](crate#scgi), headers become variables, and several values are joined with commas.
    pub fn header(self, name: &str, value: &str) -> Self {
        let header = HeaderName::try_from(name)
            .ok()
            .zip(HeaderValue::try_from(value).ok());
        // The texts omit the value, which may be secret.
        match header {
            Some((framing, _)) if is_framing(&framing) => self.fail(BuildError::new(format!(
                "the header `{name}` cannot be set, because HTTP sets it itself"
            ))),
            Some((name, value)) => self.append(name, value),
            None => self.fail(BuildError::new(format!(
                "the header `{}` has an invalid name or value",
                name.escape_debug()
            ))),
        }
    }

    /// Authenticates every call with a user name and password. They replace those in the URL.
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        let value = address::basic(user.as_bytes(), password.as_bytes());
        self.authorization(value)
    }

    /// Authenticates every call with a bearer token. It replaces a user name and password in the
    /// URL.
    pub fn bearer_auth(self, token: &str) -> Self {
        self.authorization(address::bearer(token))
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        self.headers.remove(USER_AGENT);
        self.header(USER_AGENT.as_str(), user_agent)
    }

    /// The dialect of the parameters.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// The limits of a response: [`Limits::RESPONSE`] by default, which is 64 MiB, 128 levels and
    /// 4,000,000 elements. `bytes` limits the body while it is read and inflated.
    ///
    /// This sets all three limits. To change one, start with the default:
    /// `Limits::RESPONSE.depth(256)`. Do not start with `Limits::default()`: it is for requests
    /// that a server reads, and lower.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether to read characters that XML forbids as U+FFFD; off by default. See
    /// [`xmlrpc_core::Client::replace_forbidden_characters`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let torrents = Client::builder("http://localhost:8000/RPC2").replace_forbidden_characters(true);
    /// # let _ = torrents.build()?;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn replace_forbidden_characters(mut self, on: bool) -> Self {
        self.replace_forbidden_characters = on;
        self
    }

    /// Retries calls that failed on their way, if they are marked as idempotent: methods with
    /// `#[xmlrpc(idempotent)]` and calls with `Call::idempotent`. All other calls are sent once, as
    /// without a policy. [`RetryPolicy`] lists the failures that are retried and the waits.
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

    /// Builds the client. It does not connect yet.
    ///
    /// # Errors
    ///
    /// The first invalid setting:
    ///
    /// * the URL is invalid, lacks `http://`, or has a scheme that is not in [the
    ///   table](crate#urls)
    /// * a header is invalid
    /// * with a unix socket: the path is too long, the platform has no unix sockets, or there is a
    ///   [custom HTTP client](Self#method.http_client)
    /// * with SCGI: there is a custom HTTP client or credentials, or the URL has no port
    /// * a certificate, a private key or the URL of a proxy is invalid
    /// * there is a proxy, and the client connects over a unix socket or SCGI
    /// * there is a custom HTTP client, and a setting that must be made on it instead
    /// * with `https`: neither the system nor the program has certificates to trust
    /// * with `http`: neither the feature `reqwest` nor `hyper` is on
    /// * over hyper-util: there is a custom HTTP client, or a SOCKS proxy in the environment, or `https` without
    ///   the feature `rustls`
    pub fn build(self) -> Result<Client, BuildError> {
        let core = self.build_over(Ok)?;
        Ok(Client::from_core(core))
    }

    /// Builds a blocking client: its calls are sent with `.wait()` instead of `.await`. This method
    /// needs the feature `blocking`.
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
    /// The errors of [`build`](Self::build). Also an error if the system has no resources left for
    /// a runtime.
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
        let settings = EndpointSettings {
            headers: self.headers,
            connections: self.connections,
            limit: self.limits.bytes,
        };
        let has_retries = self.retries.is_some();
        #[cfg(feature = "balance")]
        let http = match self.balance {
            Some(balance) => balanced(&self.url, settings, &balance, self.retries)?,
            None => Http::one(settings.open(Address::parse(&self.url)?, self.retries)?),
        };
        #[cfg(not(feature = "balance"))]
        let http = Http::one(settings.open(Address::parse(&self.url)?, self.retries)?);
        let server = http.server();
        let records_attempts = has_retries || server.is_none();
        let mut client = xmlrpc_core::Client::new(transport(http)?)
            .dialect(self.dialect)
            .limits(self.limits)
            .replace_forbidden_characters(self.replace_forbidden_characters)
            .max_multicall_entries(self.multicall.max_entries)
            .multicall_fallback(self.multicall.fallback)
            .system_multicall(self.multicall.available)
            .strict_multicall(self.multicall.strict);
        if let Some(timeout) = self.timeout {
            client = client.timeout(timeout);
        }
        Ok(self
            .observation
            .apply(client, server.as_deref())
            .record_attempts(records_attempts))
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
            CONTENT_TYPE | ACCEPT => Some(TEXT_XML),
            ACCEPT_ENCODING => Some(GZIP_DEFLATE),
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

    pub(crate) fn fail(mut self, error: BuildError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

/// The transport over several endpoints.
#[cfg(feature = "balance")]
fn balanced(
    url: &str,
    mut settings: EndpointSettings,
    balance: &BalanceSettings,
    retries: Option<RetryPolicy>,
) -> Result<Http, BuildError> {
    if settings.connections.unix_socket.is_some() {
        return Err(BuildError::new(
            "`unix_socket` cannot be combined with several endpoints: put the socket into the URL, as in \
             `unix:///run/x.sock`",
        ));
    }
    if balance.resolves() {
        settings.connections.connect_directly()?;
    }
    let urls = std::iter::once(url).chain(balance.urls.iter().map(String::as_str));
    let balancer = Balancer::new(urls, settings, balance, retries)?;
    Ok(Http::several(balancer))
}

impl fmt::Debug for ClientBuilder {
    /// Omits what may be secret: the URL and the values of headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ClientBuilder");
        #[cfg(feature = "balance")]
        shown.field("balance", &self.balance);
        shown
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("connections", &self.connections)
            .field("dialect", &self.dialect)
            .field("limits", &self.limits)
            .field(
                "replace_forbidden_characters",
                &self.replace_forbidden_characters,
            )
            .field("multicall", &self.multicall)
            .field("observation", &self.observation)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
