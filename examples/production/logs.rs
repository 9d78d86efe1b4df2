//! The log: one JSON object per line on stderr, for a collector of logs.

use std::{env, io};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// The log, as long as this lives. Dropping it writes what is left.
pub(crate) type Log = WorkerGuard;

/// The maximum number of lines that wait to be written.
const WAITING: usize = 10_000;

/// Each event has the spans around it, and so the identifier and the caller of its request. By default the events of
/// level `INFO` and above are written, among them one for each call. `RUST_LOG` changes this.
///
/// A thread writes the lines. If nobody reads them fast enough, lines are lost, and calls do not wait.
pub(crate) fn to_stderr() -> Result<Log, Box<dyn std::error::Error>> {
    let filter = match env::var("RUST_LOG") {
        Ok(asked) => asked
            .parse()
            .map_err(|error| format!("RUST_LOG={asked}: {error}"))?,
        Err(_) => Targets::new().with_default(LevelFilter::INFO),
    };
    let (writer, log) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .lossy(true)
        .finish(io::stderr());
    let json = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_writer(writer);
    tracing_subscriber::registry()
        .with(json)
        .with(filter)
        .try_init()?;
    Ok(log)
}
