//! Shows the log of a server to its operator.

use std::io;

use tracing_subscriber::{
    filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Writes events of `tracing` to stderr. By default these are warnings and errors; `RUST_LOG` selects others
/// (`debug`, `xmlrpc_axum=debug,warn`).
///
/// # Errors
///
/// If `RUST_LOG` is not a valid list.
pub fn to_stderr() -> Result<(), Box<dyn std::error::Error>> {
    to_stderr_or("warn")
}

/// Like [`to_stderr`], with other events by default.
///
/// # Errors
///
/// If `RUST_LOG` or the default is not a valid list.
pub fn to_stderr_or(default: &str) -> Result<(), Box<dyn std::error::Error>> {
    let asked = std::env::var("RUST_LOG").unwrap_or_else(|_| default.to_owned());
    let filter: Targets = asked
        .parse()
        .map_err(|error| format!("RUST_LOG={asked}: {error}"))?;
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(io::stderr))
        .with(filter)
        .try_init()?;
    Ok(())
}
