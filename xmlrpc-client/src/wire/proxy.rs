//! Finds the proxy for a server.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

#[cfg(feature = "hyper")]
use crate::BuildError;
use crate::proxy_settings::ProxySetting;

#[cfg(feature = "hyper")]
pub(super) struct Proxy {
    pub(super) uri: Uri,
    pub(super) authorization: Option<http::HeaderValue>,
}

#[cfg(feature = "hyper")]
/// The proxy that was set, or the one of the environment.
pub(super) fn find(setting: &ProxySetting, server: &Uri) -> Result<Option<Proxy>, BuildError> {
    match setting {
        ProxySetting::Never => Ok(None),
        ProxySetting::Always(proxy) => {
            let invalid =
                |_| BuildError::new("invalid URL of the proxy: it cannot be sent in a request");
            Ok(Some(Proxy {
                uri: Uri::try_from(proxy.url.public()).map_err(invalid)?,
                authorization: proxy.authorization.clone(),
            }))
        }
        ProxySetting::Environment => {
            let Some(proxy) = Matcher::from_system().intercept(server) else {
                return Ok(None);
            };
            let scheme = proxy.uri().scheme_str().unwrap_or_default();
            if !matches!(scheme, "http" | "https") {
                return Err(BuildError::new(format!(
                    "the scheme `{scheme}` of the proxy in the environment is not supported: use a \
                     proxy with `http` or `https`, or `no_proxy`"
                )));
            }
            Ok(Some(Proxy {
                uri: proxy.uri().clone(),
                authorization: proxy.basic_auth().cloned(),
            }))
        }
    }
}

/// Whether the client connects to a proxy of this server with TLS.
#[cfg(all(feature = "reqwest", feature = "rustls"))]
pub(super) fn has_tls(setting: &ProxySetting, server: &Uri) -> bool {
    match setting {
        ProxySetting::Never => false,
        ProxySetting::Always(proxy) => proxy.url.is_https(),
        ProxySetting::Environment => {
            let proxy = Matcher::from_system().intercept(server);
            proxy.is_some_and(|proxy| proxy.uri().scheme_str() == Some("https"))
        }
    }
}

/// Whether the client connects to this server itself, without a proxy.
#[cfg(feature = "reqwest")]
pub(super) fn is_direct(setting: &ProxySetting, server: &Uri) -> bool {
    match setting {
        ProxySetting::Never => true,
        ProxySetting::Always(_) => false,
        ProxySetting::Environment => Matcher::from_system().intercept(server).is_none(),
    }
}

/// The proxy for this server as it may be shown: scheme, host and port.
pub(super) fn shown(setting: &ProxySetting, server: &Uri) -> Option<String> {
    match setting {
        ProxySetting::Never => None,
        ProxySetting::Always(proxy) => Some(proxy.url.origin()),
        ProxySetting::Environment => {
            let proxy = Matcher::from_system().intercept(server)?;
            let (scheme, host) = (proxy.uri().scheme_str()?, proxy.uri().host()?);
            Some(match proxy.uri().port_u16() {
                Some(port) => format!("{scheme}://{host}:{port}"),
                None => format!("{scheme}://{host}"),
            })
        }
    }
}
