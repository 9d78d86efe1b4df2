//! The options that say how to reach a server, and the client that they make.

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueHint};
use xmlrpc_client::reqwest::Url;
use xmlrpc_core::{Client, Limits, Value, client::RetryPolicy};

use crate::{
    argument::read_text,
    config::{Config, Entry, expanded},
    failure::Failure,
    leading::HIDDEN,
    secret,
    server::Server,
    show,
    wire::{Settings, Wire},
};

const USER_AGENT: &str = concat!("xmlrpc-cli/", env!("CARGO_PKG_VERSION"));

/// How to reach the server.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The user, for basic authentication. Without a password, it is read from XMLRPC_PASSWORD, the
    /// configuration, or a prompt.
    #[arg(short, long, value_name = "NAME[:PASSWORD]")]
    user: Option<String>,
    /// A file whose first line is the password; `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    password_file: Option<PathBuf>,
    /// A header of each request. `@FILE` reads headers from a file, one on each line.
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Trusts the certificates in this PEM file, in addition to those of the system.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    cacert: Option<PathBuf>,
    /// A PEM file with the certificate of the client, and with its key unless --key is given.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    cert: Option<PathBuf>,
    /// A PEM file with the key of the client's certificate.
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    key: Option<PathBuf>,
    /// Does not check the certificate of the server. Anybody on the way can then read and change everything.
    #[arg(short = 'k', long)]
    insecure: bool,
    /// The proxy, instead of the one in HTTP_PROXY or HTTPS_PROXY; `none` for none.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// How long to wait for a response; 0 waits forever [default: 60].
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Sends a request again, at most this often, if the server cannot be reached or does not respond. The
    /// method may then run more than once.
    #[arg(long, value_name = "COUNT")]
    retries: Option<u32>,
    /// The largest response, for example 512M [default: 64M].
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    max_response: Option<usize>,
    /// The configuration file, instead of ~/.config/xmlrpc/config.toml.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Shows both documents and headers on standard error, without secrets.
    #[arg(short, long)]
    verbose: bool,
}

/// Parses a number of seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// Parses a size, such as `1000`, `64K`, `512M` or `2G`.
fn bytes(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|char: char| !char.is_ascii_digit());
    let factor: usize = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("expected a size such as 64M".into()),
    };
    let number: usize = digits.parse().map_err(|_| "expected a size such as 64M")?;
    number
        .checked_mul(factor)
        .ok_or_else(|| "the size is too large".into())
}

/// A server without credentials, for completion: it must never ask anybody for anything.
pub(crate) struct Anonymous;

impl Connection {
    /// The configuration file that the options name.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Config::read(self.config.as_deref())
    }

    /// Shows all documents.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// The same options for completion: a short time, no retries, and nothing is shown.
    pub(crate) fn for_completion(config: Option<PathBuf>, timeout: Duration) -> Self {
        Self {
            config,
            timeout: Some(timeout),
            ..Self::default()
        }
    }

    /// Makes a client for a URL, or for `@name` of the configuration. This reads passwords, and asks for
    /// them if needed. It sends nothing.
    pub(crate) fn connect(&self, server: &str) -> Result<Server, Failure> {
        self.prepare(server, None)
    }

    /// Like `connect`, but only if no secret is needed.
    pub(crate) fn connect_anonymously(&self, server: &str) -> Result<Server, Failure> {
        self.prepare(server, Some(Anonymous))
    }

    fn prepare(&self, server: &str, anonymous: Option<Anonymous>) -> Result<Server, Failure> {
        let config;
        let entry = match server.strip_prefix('@') {
            Some(name) => {
                config = self.config()?;
                Some(config.server(name)?)
            }
            None => None,
        };
        if anonymous.is_some() && entry.is_some_and(Entry::needs_secrets) {
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
            let value = if is_secret || show::is_secret(&name) {
                HIDDEN.to_owned()
            } else {
                value
            };
            shown.push((name, value));
        }
        if anonymous.is_none()
            && let Some((user, password)) = self.credentials(url, entry)?
        {
            builder = builder.basic_auth(&user, &password);
            shown.push(("authorization".to_owned(), HIDDEN.to_owned()));
        }
        let file = |given: &Option<PathBuf>, configured: fn(&Entry) -> &Option<PathBuf>| {
            let path = given
                .clone()
                .or_else(|| entry.and_then(|it| configured(it).clone()))?;
            let path = expanded(&path);
            Some(std::fs::read(&path).map_err(|error| Failure::file("read", &path, &error)))
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
        match self
            .proxy
            .as_deref()
            .or(entry.and_then(|it| it.proxy.as_deref()))
        {
            Some("none") => builder = builder.no_proxy(),
            Some(proxy) => builder = builder.proxy(proxy),
            None => {}
        }
        let retries = self
            .retries
            .or(entry.and_then(|it| it.retries))
            .unwrap_or(0);
        if retries > 0 {
            builder = builder.retries(RetryPolicy::new(retries.saturating_add(1)));
        }
        let timeout = match (self.timeout, entry.and_then(|it| it.timeout)) {
            (Some(timeout), _) => timeout,
            (None, Some(seconds)) => Duration::try_from_secs_f64(seconds)
                .map_err(|_| Failure::usage("invalid `timeout` in the configuration"))?,
            (None, None) => Duration::from_secs(60),
        };
        let mut limits = Limits::RESPONSE;
        if let Some(bytes) = self.max_response {
            limits = limits.bytes(bytes).elements(bytes / 16);
        }
        if timeout > Duration::ZERO {
            // Otherwise the time for connecting could be longer than that of the call.
            builder = builder.connect_timeout(timeout.min(Duration::from_secs(10)));
        }
        let built = builder.limits(limits).build()?;
        let leading: Vec<Value> = match entry {
            Some(entry) => entry.params()?,
            None => Vec::new(),
        };
        let wire = Wire::new(
            built.transport().clone(),
            Settings {
                verbose: self.verbose,
                url: public_url(url),
                headers: shown,
                leading: leading.len(),
            },
        );
        let mut client = Client::new(wire)
            .limits(limits)
            .replace_forbidden_characters(true)
            .multicall_fallback(true);
        if timeout > Duration::ZERO {
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
            repeats: retries > 0,
        })
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
                let user = percent_decoded(url.username());
                with(user)
            }
            None => match env::var("XMLRPC_USER") {
                Ok(user) if !user.is_empty() && !is_scgi(url) => with(user),
                _ => Ok(None),
            },
        }
    }
}

fn is_scgi(url: &str) -> bool {
    url.trim_start().starts_with("scgi")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match (
            first,
            digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
    use super::{bytes, percent_decoded, public_url};

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
        assert_eq!(percent_decoded("a%3Ab%"), "a:b%");
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("64M"), Ok(64 << 20));
        assert_eq!(bytes("1000"), Ok(1000));
        assert!(bytes("x").is_err() && bytes("1T").is_err());
    }
}
