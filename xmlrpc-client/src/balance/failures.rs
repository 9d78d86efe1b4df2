//! What failed in one call, and the error that names all of it.

use std::{error::Error, fmt};

use http::StatusCode;
use xmlrpc_core::client::{BoxError, TransportError};

/// So many failures of one call are kept for its error.
const KEPT: usize = 64;

#[derive(Default)]
pub(super) struct Failures {
    /// Endpoints and reasons.
    list: Vec<(Box<str>, String)>,
    count: usize,
    /// Whether the method may have run in one of the attempts.
    was_sent: bool,
}

impl Failures {
    pub(super) fn push(&mut self, endpoint: &str, reason: String, was_sent: bool) {
        self.count += 1;
        if self.list.len() < KEPT {
            self.list.push((endpoint.into(), reason));
        }
        self.was_sent |= was_sent;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The error of the whole call. An error that is the only one stays as it is.
    pub(super) fn into_error(self, last: TransportError) -> TransportError {
        if self.list.len() < 2 {
            return last;
        }
        let kind = if !self.was_sent {
            TransportError::connect
        } else if last.is_timeout() {
            TransportError::timeout
        } else {
            TransportError::other
        };
        kind(Box::new(AllFailed {
            list: self.list,
            count: self.count,
        }) as BoxError)
    }
}

/// The innermost error, which says what happened.
pub(super) fn reason_of(error: &TransportError) -> String {
    let mut innermost: &(dyn Error + 'static) = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

pub(super) fn reason_of_status(status: StatusCode) -> String {
    format!("HTTP status {}", status.as_u16())
}

/// All attempts of a call have failed.
struct AllFailed {
    list: Vec<(Box<str>, String)>,
    count: usize,
}

impl fmt::Display for AllFailed {
    /// Lists the endpoints, those with the same reason together.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} attempts failed: ", self.count)?;
        let mut shown: Vec<&str> = Vec::new();
        for (_, reason) in &self.list {
            if shown.contains(&reason.as_str()) {
                continue;
            }
            if !shown.is_empty() {
                f.write_str("; ")?;
            }
            shown.push(reason);
            let mut endpoints: Vec<&str> = Vec::new();
            let same = self.list.iter().filter(|(_, other)| other == reason);
            for (endpoint, _) in same {
                if !endpoints.contains(&&**endpoint) {
                    endpoints.push(endpoint);
                }
            }
            write!(f, "{}: {reason}", endpoints.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for AllFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AllFailed({self})")
    }
}

impl Error for AllFailed {}
