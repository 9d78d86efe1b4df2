//! Shows documents in the log, at the level TRACE.

use std::fmt;

use tracing::level_filters::LevelFilter;

use crate::error::OneLine;

/// The maximum number of characters of a document in the log.
const CHARS: usize = 4_096;

/// Shows a request. The text is `sent` or `received`.
#[inline]
pub(crate) fn request(what: &'static str, document: &[u8]) {
    if LevelFilter::current() == LevelFilter::TRACE {
        show("request", what, document);
    }
}

/// Shows a response. The text is `sent` or `received`.
#[inline]
pub(crate) fn response(what: &'static str, document: &[u8]) {
    if LevelFilter::current() == LevelFilter::TRACE {
        show("response", what, document);
    }
}

/// There are no headers and no URL, because they may contain credentials.
#[cold]
fn show(message: &'static str, what: &'static str, document: &[u8]) {
    tracing::trace!(
        target: "xmlrpc_core::document",
        bytes = document.len(),
        document = %Shown(document),
        "{message} {what}"
    );
}

/// The beginning of a document, on one line.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A character has at most four bytes.
        let beginning = &self.0[..self.0.len().min(4 * (CHARS + 1))];
        OneLine::up_to(CHARS, &String::from_utf8_lossy(beginning)).fmt(f)
    }
}
