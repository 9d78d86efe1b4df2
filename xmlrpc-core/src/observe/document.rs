//! Shows documents in the log, at the level TRACE.

use std::{fmt, ops::Range};

use tracing::level_filters::LevelFilter;

use crate::error::OneLine;

/// The maximum number of characters of a document in the log.
const CHARS: usize = 4_096;

/// Shows a request that was received.
#[cfg(feature = "server")]
#[inline]
pub(crate) fn request_received(document: &[u8]) {
    if LevelFilter::current() == LevelFilter::TRACE {
        show("request", "received", document, &[]);
    }
}

/// Shows a request that is sent, without the leading parameters or members in these ranges.
#[cfg(feature = "client")]
#[inline]
pub(crate) fn request_sent(document: &[u8], secrets: &[Range<usize>]) {
    if LevelFilter::current() == LevelFilter::TRACE {
        show("request", "sent", document, secrets);
    }
}

/// Shows a response. The text is `sent` or `received`.
#[inline]
pub(crate) fn response(what: &'static str, document: &[u8]) {
    if LevelFilter::current() == LevelFilter::TRACE {
        show("response", what, document, &[]);
    }
}

/// There are no headers and no URL, because they may contain credentials.
#[cold]
fn show(message: &'static str, what: &'static str, document: &[u8], secrets: &[Range<usize>]) {
    tracing::trace!(
        target: "xmlrpc_core::document",
        bytes = document.len(),
        document = %Shown { document, secrets },
        "{message} {what}"
    );
}

/// The beginning of a document, on one line.
struct Shown<'a> {
    document: &'a [u8],
    /// In order.
    secrets: &'a [Range<usize>],
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A character has at most four bytes.
        const BYTES: usize = 4 * (CHARS + 1);
        let mut beginning = Vec::new();
        let mut rest = 0;
        for secret in self.secrets {
            if beginning.len() > BYTES {
                break;
            }
            beginning.extend_from_slice(self.document.get(rest..secret.start).unwrap_or_default());
            let hidden = self.document.get(secret.clone()).unwrap_or_default();
            let shown = if hidden.starts_with(b"<member>") {
                "[leading members]"
            } else {
                "[leading parameters]"
            };
            beginning.extend_from_slice(shown.as_bytes());
            rest = secret.end;
        }
        let missing = BYTES.saturating_sub(beginning.len());
        let rest = self.document.get(rest..).unwrap_or_default();
        beginning.extend_from_slice(&rest[..rest.len().min(missing)]);
        OneLine::up_to(CHARS, &String::from_utf8_lossy(&beginning)).fmt(f)
    }
}
