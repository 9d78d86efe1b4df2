//! Shows the log of a server to its operator.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use tracing_subscriber::{
    filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
use xmlrpc_core::tracing;

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
        // A server whose log nobody reads any more continues. Without this setting, it would panic.
        .with(
            fmt::layer()
                .with_writer(io::stderr)
                .log_internal_errors(false),
        )
        .with(filter)
        .try_init()?;
    Ok(())
}

/// Prints a line to stdout, such as the address of a server. If nobody reads it, the server continues; `println!`
/// would panic.
pub fn announce(line: &dyn Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}") {
        tracing::warn!(%error, "cannot write to stdout");
    }
}
