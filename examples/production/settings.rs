//! The settings of the server. Environment variables contain them, as in a container or a systemd unit.

use std::{
    env, fmt,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// Every setting has a default that suits a developer's machine.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `STOCK_LISTEN`: an address, or `unix:` and the path of a socket. A socket from systemd replaces it.
    pub(crate) listen: String,
    /// `STOCK_METRICS`: the address of the metrics. It is separate, so that only your monitoring reaches it.
    pub(crate) metrics: SocketAddr,
    /// `STOCK_DATABASE`: the file of the database.
    pub(crate) database: PathBuf,
    /// `STOCK_TOKENS`: a file with a line `name:token` for each caller. Without it, everybody may call, and
    /// the server therefore only listens on loopback addresses.
    pub(crate) tokens: Option<PathBuf>,
    /// `STOCK_TLS_CERTIFICATE` and `STOCK_TLS_KEY`: PEM files. Without them, a proxy should terminate TLS.
    pub(crate) tls: Option<Tls>,
    /// `STOCK_CALLS_PER_SECOND`: how many calls each caller may make on average.
    pub(crate) calls_per_second: NonZeroU32,
    /// `STOCK_DRAIN_DELAY`, in seconds: how long a balancer needs to notice that the server shuts down.
    pub(crate) drain_delay: Duration,
    /// `STOCK_DRAIN`, in seconds: how long calls may then still run.
    pub(crate) drain: Duration,
}

/// The files for TLS.
#[derive(Debug)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Settings {
    /// Reads the variables. It warns of unknown ones that begin with `STOCK_`, because they may be spelled wrong.
    /// They are not errors: Kubernetes sets `STOCK_SERVICE_HOST` and others if a service is called `stock`.
    pub(crate) fn from_env() -> Result<Self, String> {
        const NAMES: [&str; 9] = [
            "LISTEN",
            "METRICS",
            "DATABASE",
            "TOKENS",
            "TLS_CERTIFICATE",
            "TLS_KEY",
            "CALLS_PER_SECOND",
            "DRAIN_DELAY",
            "DRAIN",
        ];
        for (name, _) in env::vars_os() {
            if let Some(setting) = name.to_str().and_then(|name| name.strip_prefix("STOCK_"))
                && !NAMES.contains(&setting)
            {
                tracing::warn!("ignored the unknown setting STOCK_{setting}");
            }
        }
        let seconds = |name, default| Ok::<_, String>(Duration::from_secs(parsed(name, default)?));
        let tls = match (path("STOCK_TLS_CERTIFICATE"), path("STOCK_TLS_KEY")) {
            (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
            (None, None) => None,
            _ => return Err("set both STOCK_TLS_CERTIFICATE and STOCK_TLS_KEY, or neither".into()),
        };
        Ok(Self {
            listen: parsed("STOCK_LISTEN", "127.0.0.1:8000".to_owned())?,
            metrics: parsed("STOCK_METRICS", SocketAddr::from(([127, 0, 0, 1], 9000)))?,
            database: path("STOCK_DATABASE").unwrap_or_else(|| "stock.sqlite".into()),
            tokens: path("STOCK_TOKENS"),
            tls,
            calls_per_second: parsed(
                "STOCK_CALLS_PER_SECOND",
                NonZeroU32::MIN.saturating_add(999),
            )?,
            drain_delay: seconds("STOCK_DRAIN_DELAY", 0)?,
            drain: seconds("STOCK_DRAIN", 30)?,
        })
    }
}

/// A path. An empty variable counts as unset.
fn path(name: &str) -> Option<PathBuf> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value.map(|value| Path::new(&value).to_owned())
}

fn parsed<T: FromStr<Err: fmt::Display>>(name: &str, default: T) -> Result<T, String> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(default),
        Ok(value) => value
            .parse()
            .map_err(|error| format!("invalid setting {name}={value}: {error}")),
        Err(env::VarError::NotPresent) => Ok(default),
        Err(error) => Err(format!("invalid setting {name}: {error}")),
    }
}
