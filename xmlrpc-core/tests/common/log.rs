//! What a plain subscriber of `tracing` writes.

use std::{cell::RefCell, io, sync::Once};

use tracing_subscriber::{filter::LevelFilter, fmt::format::FmtSpan};

thread_local! {
    /// The log of this thread, which runs one test.
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

pub(crate) struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// All lines that are logged while a future runs on this thread. Each span is logged when it closes.
    pub(crate) fn all_of<F: Future>(future: F) -> (F::Output, Vec<String>) {
        // One subscriber for all tests: a callsite that a thread reaches without a subscriber may
        // stay disabled for the other threads.
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(LevelFilter::TRACE)
                .with_span_events(FmtSpan::CLOSE)
                .with_writer(|| Log)
                .with_ansi(false)
                .without_time()
                .init();
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        WRITTEN.take();
        let output = runtime.block_on(future);
        let text = String::from_utf8(WRITTEN.take()).unwrap();
        (output, text.lines().map(str::to_owned).collect())
    }

    /// The lines of a server, at the level INFO and above.
    pub(crate) fn of_server<F: Future>(future: F) -> (F::Output, Vec<String>) {
        let (output, mut lines) = Self::all_of(future);
        let is_client = |line: &str| line.contains(": xmlrpc_core::client: close");
        lines.retain(|line| !line.starts_with("TRACE") && !is_client(line));
        (output, lines)
    }
}
