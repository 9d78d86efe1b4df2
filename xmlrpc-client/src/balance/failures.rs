//! What failed in one call, and the error that names all of it.

use std::{borrow::Cow, error::Error, fmt::Write};

use http::StatusCode;
use xmlrpc_core::{
    __private::{AttemptsFailed, ErrorNote, excerpt},
    Response,
    client::{BoxError, TransportError},
};

use super::failover::{Failed, no_endpoints};
use crate::error::CONNECT_TIMEOUT;

/// So many failures of one call are kept for its error, which shows all of them.
const KEPT: usize = 64;

/// So many characters of a reason are shown.
const REASON: usize = 150;

/// So many characters of a response that is not XML-RPC are shown.
const SHOWN: usize = 60;

#[derive(Default)]
pub(super) struct Failures {
    /// Endpoints and reasons. Each pair is there once.
    list: Vec<(Box<str>, String)>,
    count: usize,
    /// The attempts that are not in the list, because it was full.
    left_out: usize,
    /// Whether the method may have run in one of the attempts.
    was_sent: bool,
    /// The failure that says most about the call.
    best: Option<(Says, Failed)>,
}

/// What a failure says about the call. The later ones say more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    NoConnection,
    Broken,
    /// The server could not serve the call now.
    Busy,
    NoXmlRpc,
    Refused,
    /// The server has a result.
    TooLarge,
}

impl Says {
    fn of(result: &Result<Response, TransportError>) -> Self {
        match result {
            Err(error) if error.is_connect() => Self::NoConnection,
            Err(error) if error.is_limit() => Self::TooLarge,
            Err(_) => Self::Broken,
            Ok(response) => match response.status.as_u16() {
                429 | 502 | 503 | 504 => Self::Busy,
                200 => Self::NoXmlRpc,
                _ => Self::Refused,
            },
        }
    }
}

impl Failures {
    pub(super) fn push(&mut self, endpoint: &str, reason: String, was_sent: bool) {
        self.count += 1;
        self.was_sent |= was_sent;
        let is_known = |(known, why): &(Box<str>, String)| **known == *endpoint && *why == reason;
        if self.list.iter().any(is_known) {
            return;
        }
        if self.list.len() < KEPT {
            self.list.push((endpoint.into(), reason));
        } else {
            self.left_out += 1;
        }
    }

    /// An endpoint was not worth another attempt, for this reason.
    pub(super) fn left_out(&mut self, endpoint: &str, reason: &str) {
        if self.list.len() < KEPT {
            let reason = format!("set aside before: {reason}");
            self.list.push((endpoint.into(), reason));
        }
    }

    /// Keeps how an attempt has ended, unless an earlier one says more.
    pub(super) fn keep(&mut self, failed: Failed) {
        let says = Says::of(&failed.result);
        if self.best.as_ref().is_none_or(|(most, _)| says >= *most) {
            self.best = Some((says, failed));
        }
    }

    /// The number of the attempt whose response the call returns.
    pub(super) fn answered(&self) -> Option<u32> {
        let (says, failed) = self.best.as_ref()?;
        failed.number.filter(|_| *says >= Says::Busy)
    }

    /// What the whole call returns.
    pub(super) fn into_result(mut self) -> Result<Response, TransportError> {
        match self.best.take().map(|(_, failed)| failed.result) {
            None => Err(no_endpoints()),
            Some(Ok(mut response)) => {
                let note = match &*self.list {
                    [(endpoint, _)] => format!("the response is from {endpoint}"),
                    _ => self.all(),
                };
                response.extensions.insert(ErrorNote::new(note));
                Ok(response)
            }
            // An error that is the only one stays as it is.
            Some(Err(error)) if self.list.len() < 2 => Err(error),
            Some(Err(error)) => {
                let kind = if !self.was_sent {
                    TransportError::connect
                } else if error.is_limit() {
                    TransportError::limit
                } else if error.is_timeout() {
                    TransportError::timeout
                } else {
                    TransportError::other
                };
                Err(kind(Box::new(AttemptsFailed::new(self.all())) as BoxError))
            }
        }
    }

    /// Lists the endpoints, those with the same reason together.
    fn all(&self) -> String {
        let attempts = if self.count == 1 {
            "attempt"
        } else {
            "attempts"
        };
        let mut all = format!("{} {attempts} failed", self.count);
        let mut shown: Vec<&str> = Vec::new();
        for (_, reason) in &self.list {
            if shown.contains(&reason.as_str()) {
                continue;
            }
            all.push_str(if shown.is_empty() { ": " } else { "; " });
            shown.push(reason);
            let same = self.list.iter().filter(|(_, other)| other == reason);
            let endpoints: Vec<&str> = same.map(|(endpoint, _)| &**endpoint).collect();
            let (endpoints, reason) = (endpoints.join(", "), shortened(reason));
            let _ = write!(all, "{endpoints}: {reason}");
        }
        if self.left_out > 0 {
            let _ = write!(all, "; and {} more", self.left_out);
        }
        all
    }
}

/// The innermost error that says what happened.
pub(super) fn reason_of(error: &TransportError) -> String {
    let mut next: &(dyn Error + 'static) = error;
    loop {
        let text = next.to_string();
        match next.source() {
            // Below this one are the words of a timer.
            Some(source) if text != CONNECT_TIMEOUT => next = source,
            _ => return text,
        }
    }
}

pub(super) fn reason_of_status(status: StatusCode) -> String {
    format!("HTTP status {}", status.as_u16())
}

/// The status of a response that is not XML-RPC, and the beginning of its body.
pub(super) fn reason_of_response(response: &Response) -> String {
    let status = reason_of_status(response.status);
    match excerpt(&response.body, SHOWN) {
        body if body.is_empty() => status,
        body => format!("{status}: {body}"),
    }
}

/// A reason is shown with many others.
fn shortened(reason: &str) -> Cow<'_, str> {
    match reason.char_indices().nth(REASON) {
        Some((end, _)) => format!("{}…", &reason[..end]).into(),
        None => reason.into(),
    }
}
