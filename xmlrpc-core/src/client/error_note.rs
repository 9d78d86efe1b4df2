//! What a transport adds to the texts of errors.

use std::{error::Error, fmt, sync::Arc};

use crate::error::is_unprintable;

/// A note for the text of the error that a response becomes if it is not XML-RPC. A transport over several
/// servers puts it into the extensions of the response, and names them.
#[derive(Clone)]
pub struct ErrorNote(Arc<str>);

impl ErrorNote {
    /// Creates a note. Errors show it on one line, up to 16,000 characters.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ErrorNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorNote({:?})", self.0)
    }
}

/// The error of a transport that has sent a request to several servers: it lists them, and what failed at each. The
/// text of a call's error shows up to 16,000 characters of it, and 1,000 of other errors.
#[derive(Clone)]
pub struct AttemptsFailed(Arc<str>);

impl AttemptsFailed {
    /// Creates the error.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for AttemptsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AttemptsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttemptsFailed({self})")
    }
}

impl Error for AttemptsFailed {}

/// The beginning of a body that is not an XML-RPC response: at most so many characters, on one line.
pub fn excerpt(body: &[u8], chars: usize) -> String {
    // A character has at most four bytes. One more shows whether the text is cut.
    let body = &body[..body.len().min(4 * chars.saturating_add(1))];
    let text = String::from_utf8_lossy(body);
    let mut excerpt = String::new();
    for word in text.split_whitespace() {
        if !excerpt.is_empty() {
            excerpt.push(' ');
        }
        excerpt.extend(word.chars().filter(|char| !is_unprintable(*char)));
        if let Some((end, _)) = excerpt.char_indices().nth(chars) {
            excerpt.truncate(end);
            excerpt.push('…');
            break;
        }
    }
    excerpt
}
