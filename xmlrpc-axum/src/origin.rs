//! Prevents web pages from calling the server without the knowledge of the user.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::{HeaderValue, header, request::Parts, uri::Authority};

use crate::{head::SEC_FETCH_SITE, refusal::Refusal};

/// The web pages that may call, and the host names that they may use for the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    any: bool,
    allowed: Vec<String>,
    /// This includes the hosts of the allowed origins.
    hosts: Vec<String>,
}

impl Origins {
    pub(crate) fn allow(&mut self, origin: &str) {
        self.allowed.push(normalized(origin));
        self.allow_host(origin);
    }

    pub(crate) fn allow_host(&mut self, host: &str) {
        let host = host.trim();
        let host = host.split_once("://").map_or(host, |(_, rest)| rest);
        let host = host.split('/').next().and_then(name);
        self.hosts.extend(host);
    }

    pub(crate) fn allow_any(&mut self) {
        self.any = true;
    }

    /// Checks a request that comes from a browser. It must come from the same origin or an allowed
    /// one, and use a host name that belongs to the server.
    pub(crate) fn check(&self, request: &Parts) -> Result<(), Refusal> {
        if self.any {
            return Ok(());
        }
        let host = host(request);
        // For an allowed origin, the host name need not be checked: making a name resolve to
        // another address cannot forge an origin.
        if self.check_origin(request, host)? {
            return Ok(());
        }
        self.is_known(host)
            .then_some(())
            .ok_or(Refusal::UnknownHost)
    }

    /// Checks only the host name, for what any page may link to. Browsers send no `Origin` with such a
    /// request, and over plain HTTP no `Sec-Fetch-Site` either, so every request is checked.
    #[cfg(feature = "explorer")]
    pub(crate) fn check_host(&self, request: &Parts) -> Result<(), Refusal> {
        (self.any || self.is_known(host(request)))
            .then_some(())
            .ok_or(Refusal::UnknownHost)
    }

    fn is_known(&self, host: Option<&str>) -> bool {
        host.and_then(name).is_some_and(|name| self.is_own(&name))
    }

    /// Whether the origin is in the list of allowed origins. Any other origin must be the server's
    /// own.
    fn check_origin(&self, request: &Parts, host: Option<&str>) -> Result<bool, Refusal> {
        let mut explicitly = false;
        for origin in request.headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().map_err(|_| Refusal::ForeignOrigin)?;
            if self.allowed.contains(&normalized(origin)) {
                explicitly = true;
            } else if !host.is_some_and(|host| is_same_host(origin, host)) {
                return Err(Refusal::ForeignOrigin);
            }
        }
        // An allowed origin is usually on another site, and `Sec-Fetch-Site` says so.
        if explicitly {
            return Ok(true);
        }
        let sites = request.headers.get_all(&SEC_FETCH_SITE);
        if sites.iter().all(is_own_site) {
            Ok(false)
        } else {
            Err(Refusal::ForeignOrigin)
        }
    }

    /// Whether this host is safe: a page of a stranger cannot have it in its origin.
    ///
    /// The owner of `evil.example` can serve a page there and then make the name resolve to the
    /// address of somebody else's server. For the browser, page and server then have the same
    /// origin. An IP address does not resolve, and `localhost` belongs to the user.
    fn is_own(&self, host: &str) -> bool {
        let ipv6 = || host.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<Ipv4Addr>().is_ok()
            || ipv6().is_some_and(|_: Ipv6Addr| true)
            || self.hosts.iter().any(|own| own == host)
    }
}

/// `none` means that the user started the request. `same-site` is another port or another
/// subdomain.
fn is_own_site(value: &HeaderValue) -> bool {
    value == "same-origin" || value == "none"
}

/// The `:authority` of HTTP/2, or else the `Host`.
fn host(request: &Parts) -> Option<&str> {
    let authority = request.uri.authority().map(http::uri::Authority::as_str);
    authority.or_else(|| request.headers.get(header::HOST)?.to_str().ok())
}

/// The host of an authority without its port, in the form for comparing.
fn name(authority: &str) -> Option<String> {
    let authority = Authority::try_from(authority).ok()?;
    let host = authority.host();
    let host = host.strip_suffix('.').unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Compares without the scheme, because it is unknown behind a proxy that handles TLS.
fn is_same_host(origin: &str, host: &str) -> bool {
    let Some((scheme, origin)) = origin.split_once("://") else {
        return false;
    };
    let port = default_port(scheme);
    let strip = |host| str::strip_suffix(host, port).unwrap_or(host);
    strip(origin).eq_ignore_ascii_case(strip(host))
}

fn normalized(origin: &str) -> String {
    let origin = origin.trim().trim_end_matches('/').to_ascii_lowercase();
    match origin.split_once("://") {
        Some((scheme, _)) => origin.strip_suffix(default_port(scheme)).map(str::to_owned),
        None => None,
    }
    .unwrap_or(origin)
}

/// The default port as the end of an authority. Empty for other schemes.
fn default_port(scheme: &str) -> &'static str {
    if scheme.eq_ignore_ascii_case("http") {
        ":80"
    } else if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ""
    }
}
