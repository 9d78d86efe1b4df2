//! Keeps web pages from calling a server behind their user's back.

use http::{HeaderValue, header, request::Parts};

use crate::refusal::Refusal;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Which web pages may call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    any: bool,
    allowed: Vec<String>,
}

impl Origins {
    pub(crate) fn allow(&mut self, origin: &str) {
        self.allowed.push(normalized(origin));
    }

    pub(crate) fn allow_any(&mut self) {
        self.any = true;
    }

    /// Lets pass what comes from no browser, from a page of the same origin, or from an allowed
    /// one.
    pub(crate) fn check(&self, request: &Parts) -> Result<(), Refusal> {
        if self.any {
            return Ok(());
        }
        let host = host(request);
        let mut explicitly = false;
        for origin in request.headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().map_err(|_| Refusal::ForeignOrigin)?;
            if self.allowed.contains(&normalized(origin)) {
                explicitly = true;
            } else if !host.is_some_and(|host| is_same_host(origin, host)) {
                return Err(Refusal::ForeignOrigin);
            }
        }
        // The origin that was allowed is on another site as a rule, and says so.
        if explicitly {
            return Ok(());
        }
        let sites = request.headers.get_all(SEC_FETCH_SITE);
        if sites.iter().all(is_own_site) {
            Ok(())
        } else {
            Err(Refusal::ForeignOrigin)
        }
    }
}

/// `none` is what the user does; `same-site` is another port, or another subdomain.
fn is_own_site(value: &HeaderValue) -> bool {
    value == "same-origin" || value == "none"
}

/// The `:authority` of HTTP/2, else the `Host`.
fn host(request: &Parts) -> Option<&str> {
    let authority = request.uri.authority().map(http::uri::Authority::as_str);
    authority.or_else(|| request.headers.get(header::HOST)?.to_str().ok())
}

/// The scheme is left out of it: behind a proxy that ends TLS it is not known here.
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

/// As it ends a host; nothing for a scheme that has none.
fn default_port(scheme: &str) -> &'static str {
    if scheme.eq_ignore_ascii_case("http") {
        ":80"
    } else if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ""
    }
}
