//! URLs: the parts that a client needs, read as browsers and reqwest read them.

mod host;
mod path;

use std::fmt;

/// An absolute URL. The fragment is left out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: String,
    /// Percent-encoded.
    user: String,
    password: Option<String>,
    /// An IPv6 address has brackets.
    host: String,
    /// `None` if it is the default port of the scheme.
    port: Option<u16>,
    /// Percent-encoded.
    path: String,
    query: Option<String>,
}

/// What is wrong with a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlError {
    /// `http://` is missing.
    NoScheme,
    /// The text contains no part of the URL, which may be secret.
    Other(&'static str),
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoScheme => "is `http://` missing?",
            Self::Other(text) => text,
        })
    }
}

impl Url {
    /// Parses a URL. A scheme that is not known here does not need a host.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let is_control = |c: char| c <= ' ';
        let mut text = text.trim_matches(is_control);
        let without;
        if text.contains(['\t', '\n', '\r']) {
            without = text.replace(['\t', '\n', '\r'], "");
            text = &without;
        }
        let (scheme, rest) = split_scheme(text)?;
        // For the schemes of the web, `\` is a slash, and any number of them comes before the host.
        let is_web = default_port(&scheme).is_some();
        let is_slash = |c: char| c == '/' || (is_web && c == '\\');
        let rest = if is_web {
            rest.trim_start_matches(is_slash)
        } else {
            rest
        };
        let is_end = |c: char| is_slash(c) || c == '?' || c == '#';
        let (authority, rest) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        let (credentials, place) = match authority.rsplit_once('@') {
            Some((credentials, place)) => (credentials, place),
            None => ("", authority),
        };
        let (user, password) = match credentials.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (credentials, None),
        };
        let (host, port) = host::split(place)?;
        let has_more = port.is_some() || !credentials.is_empty();
        if host.is_empty() && (is_web || has_more) {
            return Err(UrlError::Other("empty host"));
        }
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(path::encode_query(query, is_web))),
            None => (rest, None),
        };
        Ok(Self {
            port: port.filter(|port| Some(*port) != default_port(&scheme)),
            host: host::parse(host)?,
            path: path::normalize(path, is_web),
            user: user.to_owned(),
            password: password.filter(|it| !it.is_empty()).map(str::to_owned),
            query,
            scheme,
        })
    }

    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// The user name and the password, as they are written in the URL. Empty without them.
    pub(crate) fn credentials(&self) -> (&str, &str) {
        (&self.user, self.password.as_deref().unwrap_or_default())
    }

    pub(crate) fn remove_credentials(&mut self) {
        self.user.clear();
        self.password = None;
    }

    /// The host. An IPv6 address has brackets.
    #[cfg(test)]
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The host as it is passed to a resolver: without brackets.
    pub(crate) fn host_name(&self) -> &str {
        let inner = self.host.strip_prefix('[');
        inner
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(&self.host)
    }

    /// The port, unless it is the default port of the scheme.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    pub(crate) fn port_or_default(&self) -> Option<u16> {
        self.port.or_else(|| default_port(&self.scheme))
    }

    pub(crate) fn set_path(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }

    /// The path and the query, as a request contains them.
    pub(crate) fn target(&self) -> String {
        let path = match &*self.path {
            "" => "/",
            path => path,
        };
        match &self.query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        }
    }

    /// The part that may be shown: scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        let Self { scheme, host, .. } = self;
        match self.port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }

    /// The URL without user name and password.
    pub(crate) fn public(&self) -> String {
        self.origin() + &self.target()
    }

    /// The URL to which `location` refers on a page of this URL, without the path if that is relative.
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub(crate) fn join(&self, location: &str) -> Option<Self> {
        let location = location.trim();
        if location.starts_with("//") {
            return Self::parse(&format!("{}:{location}", self.scheme)).ok();
        }
        let end = location.find(['/', '\\', '?', '#']);
        let has_scheme = location[..end.unwrap_or(location.len())].contains(':');
        if has_scheme {
            Self::parse(location).ok()
        } else {
            Some(self.clone())
        }
    }
}

impl fmt::Debug for Url {
    /// Omits what may be secret: the user name, the password, the path and the query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// The scheme in lower case, and what follows `://`.
fn split_scheme(text: &str) -> Result<(String, &str), UrlError> {
    let has_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    match text.split_once(':') {
        Some((scheme, rest)) if has_scheme(scheme) => {
            // `localhost:8000` has a scheme for browsers, but not for us.
            let rest = rest.strip_prefix("//").ok_or(UrlError::NoScheme)?;
            Ok((scheme.to_ascii_lowercase(), rest))
        }
        _ if text.contains("://") => Err(UrlError::Other("its scheme is invalid")),
        _ => Err(UrlError::NoScheme),
    }
}

/// The port of a scheme of the web.
fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

#[cfg(all(test, feature = "reqwest"))]
mod tests;
