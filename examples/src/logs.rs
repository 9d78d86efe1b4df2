//! What a server logs, where its operator sees it.

use std::io;

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Writes what is logged through `tracing` to stderr: warnings and errors, or what `RUST_LOG`
/// asks for (`debug`, `xmlrpc_axum=debug,warn`).
///
/// # Errors
///
/// A `RUST_LOG` that is no such list.
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
