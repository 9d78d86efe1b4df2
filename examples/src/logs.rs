//! Shows the log of a server to its operator.

use std::io;

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Writes events of `tracing` to stderr. By default these are warnings and errors; `RUST_LOG` selects others
/// (`debug`, `xmlrpc_axum=debug,warn`).
///
/// # Errors
///
/// If `RUST_LOG` is not a valid list.
pub fn to_stderr() -> Result<(), Box<dyn std::error::Error>> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(asked) => asked
            .parse()
            .map_err(|error| format!("RUST_LOG={asked}: {error}"))?,
        Err(_) => Targets::new().with_default(LevelFilter::WARN),
    };
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(io::stderr))
        .with(filter)
        .try_init()?;
    Ok(())
}
