//! Makes a client from the options and the configuration.

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use percent_encoding::percent_decode_str;
use xmlrpc_client::{ClientBuilder, reqwest::Url};
use xmlrpc_core::{Client, Dialect, Limits, Value, client::RetryPolicy};

use crate::{
    argument::read_text,
    config::{Entry, expanded},
    connection::Connection,
    failure::Failure,
    leading::HIDDEN,
    secret,
    server::Server,
    show,
    wire::{Settings, Wire},
};

const USER_AGENT: &str = concat!("xmlrpc-cli/", env!("CARGO_PKG_VERSION"));
/// The time for a call, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The time for connecting, which is part of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether a client may have secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrets {
    Allowed,
    /// It must not ask for anything, and must not run a command.
    Forbidden,
}

impl Connection {
    /// Makes a client for a URL, or for `@name` of the configuration. This reads passwords, and asks for
    /// them if needed. It sends nothing.
    pub(crate) fn connect(&self, server: &str) -> Result<Server, Failure> {
        self.prepare(server, Secrets::Allowed)
    }

    /// The same for completion: it fails if a secret is needed.
    pub(crate) fn connect_anonymously(&self, server: &str) -> Result<Server, Failure> {
        self.prepare(server, Secrets::Forbidden)
    }

    fn prepare(&self, server: &str, secrets: Secrets) -> Result<Server, Failure> {
        let config;
        let entry = match server.strip_prefix('@') {
            Some(name) => {
                config = self.config()?;
                Some(config.server(name)?)
            }
            None => None,
        };
        if secrets == Secrets::Forbidden && entry.is_some_and(Entry::needs_secrets) {
            return Err(Failure::usage("the server needs a secret"));
        }
        let url = entry.map_or(server, |entry| entry.url.as_str());
        let mut builder = xmlrpc_client::Client::builder(url).user_agent(USER_AGENT);
        let mut shown = vec![
            ("content-type".to_owned(), "text/xml".to_owned()),
            ("user-agent".to_owned(), USER_AGENT.to_owned()),
        ];
        for (name, value, is_secret) in self.all_headers(entry)? {
            builder = builder.header(&name, &value);
            let is_secret = is_secret || show::is_secret(&name);
            let value = if is_secret { HIDDEN.to_owned() } else { value };
            shown.push((name, value));
        }
        if secrets == Secrets::Allowed
            && let Some((user, password)) = self.credentials(url, entry)?
        {
            builder = builder.basic_auth(&user, &password);
            shown.push(("authorization".to_owned(), HIDDEN.to_owned()));
        }
        let has_authorization =
            |(name, _): &(String, String)| name.eq_ignore_ascii_case("authorization");
        if secrets == Secrets::Allowed && has_password(url) && !shown.iter().any(has_authorization)
        {
            shown.push(("authorization".to_owned(), HIDDEN.to_owned()));
        }
        builder = self.with_tls(builder, entry)?;
        builder = self.with_proxy(builder, entry);
        let retries = self
            .retries
            .or(entry.and_then(|it| it.retries))
            .unwrap_or(0);
        if retries > 0 {
            builder = builder.retries(RetryPolicy::new(retries.saturating_add(1)));
        }
        let timeout = self.call_timeout(entry)?;
        if !timeout.is_zero() {
            // Otherwise the time for connecting could be longer than that of the call.
            builder = builder.connect_timeout(timeout.min(CONNECT_TIMEOUT));
        }
        let limits = self.limits();
        let built = builder.limits(limits).build()?;
        let leading: Vec<Value> = entry.map(Entry::params).transpose()?.unwrap_or_default();
        let settings = Settings {
            verbose: self.verbose,
            url: public_url(url),
            headers: shown,
            leading: leading.len(),
        };
        let mut client = Client::new(Wire::new(built.transport().clone(), settings))
            .limits(limits)
            // Only an argument that says so is NaN or infinite.
            .dialect(Dialect::EXTENDED.non_finite(true))
            .replace_forbidden_characters(true)
            .multicall_fallback(true);
        if !timeout.is_zero() {
            client = client.timeout(timeout);
        }
        if !leading.is_empty() {
            client = client.with_leading_params(&leading);
        }
        Ok(Server {
            client,
            url: public_url(url),
            name: server.to_owned(),
            leading,
            timeout: (self.timeout.is_some() || entry.is_some_and(|it| it.timeout.is_some()))
                .then_some(if timeout.is_zero() {
                    Duration::MAX
                } else {
                    timeout
                }),
            repeats: retries > 0,
        })
    }

    fn limits(&self) -> Limits {
        match self.max_response {
            // An element has at least this size in a document.
            Some(bytes) => Limits::RESPONSE.bytes(bytes).elements(bytes / 16),
            None => Limits::RESPONSE,
        }
    }

    fn call_timeout(&self, entry: Option<&Entry>) -> Result<Duration, Failure> {
        match (self.timeout, entry.and_then(|it| it.timeout)) {
            (Some(timeout), _) => Ok(timeout),
            (None, Some(seconds)) => Duration::try_from_secs_f64(seconds)
                .map_err(|_| Failure::usage("invalid `timeout` in the configuration: write a number of seconds, such as 30; 0 waits forever")),
            (None, None) => Ok(TIMEOUT),
        }
    }

    fn with_tls(
        &self,
        mut builder: ClientBuilder,
        entry: Option<&Entry>,
    ) -> Result<ClientBuilder, Failure> {
        let file = |given: &Option<PathBuf>, configured: fn(&Entry) -> &Option<PathBuf>| {
            let configured = || entry.and_then(|entry| configured(entry).clone());
            let path = expanded(&given.clone().or_else(configured)?);
            let read = std::fs::read(&path);
            Some(read.map_err(|error| Failure::file("read", &path, &error)))
        };
        if let Some(pem) = file(&self.cacert, |it| &it.cacert).transpose()? {
            builder = builder.root_certificate(pem);
        }
        if let Some(mut pem) = file(&self.cert, |it| &it.cert).transpose()? {
            if let Some(key) = file(&self.key, |it| &it.key).transpose()? {
                pem.push(b'\n');
                pem.extend(key);
            }
            builder = builder.identity(pem);
        }
        if self.insecure || entry.is_some_and(|it| it.insecure) {
            builder = builder.danger_accept_invalid_certs(true);
        }
        Ok(builder)
    }

    fn with_proxy(&self, builder: ClientBuilder, entry: Option<&Entry>) -> ClientBuilder {
        let configured = || entry.and_then(|entry| entry.proxy.as_deref());
        match self.proxy.as_deref().or_else(configured) {
            Some("none") => builder.no_proxy(),
            Some(proxy) => builder.proxy(proxy),
            None => builder,
        }
    }

    /// The headers of the configuration and of the options, and whether their values are secret.
    fn all_headers(&self, entry: Option<&Entry>) -> Result<Vec<(String, String, bool)>, Failure> {
        let mut headers = match entry {
            Some(entry) => entry.headers()?,
            None => Vec::new(),
        };
        let mut add = |line: &str, is_secret| {
            let (name, value) = line.split_once(':').ok_or_else(|| {
                let shown = if is_secret { "in the file" } else { line };
                Failure::usage(format!("invalid header `{shown}`: write NAME: VALUE"))
            })?;
            headers.push((name.trim().to_owned(), value.trim().to_owned(), is_secret));
            Ok::<_, Failure>(())
        };
        for header in &self.headers {
            match header.strip_prefix('@') {
                Some(file) => {
                    let text = read_text(Path::new(file))?;
                    for line in text.lines().filter(|line| !line.trim().is_empty()) {
                        add(line, true)?;
                    }
                }
                None => add(header, false)?,
            }
        }
        Ok(headers)
    }

    /// The user and the password, unless the URL has them.
    fn credentials(
        &self,
        url: &str,
        entry: Option<&Entry>,
    ) -> Result<Option<(String, String)>, Failure> {
        let password = |user: &str| secret::password(user, self.password_file.as_deref(), entry);
        let with = |user: String| password(&user).map(|password| Some((user, password)));
        if let Some(user) = &self.user {
            return match user.split_once(':') {
                Some((user, password)) => Ok(Some((user.to_owned(), password.to_owned()))),
                None => with(user.clone()),
            };
        }
        if let Some(user) = entry.and_then(|entry| entry.user.clone()) {
            return with(user);
        }
        let in_url = Url::parse(url)
            .ok()
            .filter(|url| !url.username().is_empty());
        match in_url {
            Some(url) if url.password().is_some() => Ok(None),
            Some(url) => {
                let user = percent_decode_str(url.username()).decode_utf8_lossy();
                with(user.into_owned())
            }
            None => match env::var("XMLRPC_USER") {
                Ok(user) if !user.is_empty() && !is_scgi(url) => with(user),
                _ => Ok(None),
            },
        }
    }
}

/// Whether the URL itself has credentials, which the client then sends.
fn has_password(url: &str) -> bool {
    Url::parse(url.trim()).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

fn is_scgi(url: &str) -> bool {
    url.trim_start().starts_with("scgi")
}

/// The URL without user, password and query, which may be secret.
pub(crate) fn public_url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text.trim()) else {
        return "the server".to_owned();
    };
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn urls_are_shown_without_secrets() {
        let cases = [
            ("http://ada:secret@host/RPC2?token=x#y", "http://host/RPC2"),
            ("scgi+unix:///run/x.sock", "scgi+unix:///run/x.sock"),
            ("nonsense", "the server"),
        ];
        for (given, expected) in cases {
            assert_eq!(public_url(given), expected);
        }
    }
}
