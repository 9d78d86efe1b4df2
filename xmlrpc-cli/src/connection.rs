//! The options that say how to reach a server.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueHint};

use crate::{config::Config, failure::Failure};

/// How to reach the server.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The user, for basic authentication. Without a password, it is read from `XMLRPC_PASSWORD`, the
    /// configuration, or a prompt.
    #[arg(short, long, value_name = "NAME[:PASSWORD]")]
    pub(crate) user: Option<String>,
    /// A file whose first line is the password; `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) password_file: Option<PathBuf>,
    /// A header of each request. `@FILE` reads headers from a file, one on each line.
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// Trusts the certificates in this PEM file, in addition to those of the system.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cacert: Option<PathBuf>,
    /// A PEM file with the certificate of the client, and with its key unless --key is given.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cert: Option<PathBuf>,
    /// A PEM file with the key of the client's certificate.
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    /// Does not check the certificate of the server. Anybody on the way can then read and change everything.
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,
    /// The proxy, instead of the one in `HTTP_PROXY` or `HTTPS_PROXY`; `none` for none.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// How long to wait for a response, or for everything that `describe` and `gen` ask; 0 waits forever
    /// [default: 60; describe: 30; gen: 120].
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Sends a request again, at most this often, if the server cannot be reached or does not respond. The
    /// method may then run more than once.
    #[arg(long, value_name = "COUNT")]
    pub(crate) retries: Option<u32>,
    /// The largest response, for example 512M [default: 64M].
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) max_response: Option<usize>,
    /// The configuration file, instead of ~/.config/xmlrpc/config.toml.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Shows both documents and headers on standard error, without secrets.
    #[arg(short, long)]
    pub(crate) verbose: bool,
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

impl Connection {
    /// The configuration file that the options name.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Config::read(self.config.as_deref())
    }

    /// The same options for completion: a short time, no retries, and nothing is shown.
    pub(crate) fn for_completion(config: Option<PathBuf>, timeout: Duration) -> Self {
        Self {
            config,
            timeout: Some(timeout),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes() {
        assert_eq!(bytes("64M"), Ok(64 << 20));
        assert_eq!(bytes("1000"), Ok(1000));
        assert!(bytes("x").is_err() && bytes("1T").is_err());
    }
}
