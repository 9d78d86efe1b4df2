//! What failed in one call, and the error that names all of it.

use std::{error::Error, fmt};

use http::StatusCode;
use xmlrpc_core::{
    __private::{ErrorNote, excerpt},
    Response,
    client::{BoxError, TransportError},
};

use super::failover::no_endpoints;

/// So many failures of one call are kept for its error.
const KEPT: usize = 64;

/// So many characters of a response that is not XML-RPC are shown.
const SHOWN: usize = 60;

#[derive(Default)]
pub(super) struct Failures {
    /// Endpoints and reasons.
    list: Vec<(Box<str>, String)>,
    count: usize,
    /// Whether the method may have run in one of the attempts.
    was_sent: bool,
    /// The failure that says most about the call.
    best: Option<(Says, Result<Response, TransportError>)>,
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
        if self.list.len() < KEPT {
            self.list.push((endpoint.into(), reason));
        }
        self.was_sent |= was_sent;
    }

    /// Keeps what an attempt returned, unless an earlier one says more.
    pub(super) fn keep(&mut self, result: Result<Response, TransportError>) {
        let says = Says::of(&result);
        if self.best.as_ref().is_none_or(|(most, _)| says >= *most) {
            self.best = Some((says, result));
        }
    }

    /// What the whole call returns.
    pub(super) fn into_result(mut self) -> Result<Response, TransportError> {
        match self.best.take() {
            None => Err(no_endpoints()),
            Some((_, Ok(mut response))) => {
                let note = match &*self.list {
                    [(endpoint, _)] => format!("the response is from {endpoint}"),
                    _ => self.all().to_string(),
                };
                response.extensions.insert(ErrorNote::new(note));
                Ok(response)
            }
            // An error that is the only one stays as it is.
            Some((_, Err(error))) if self.list.len() < 2 => Err(error),
            Some((_, Err(error))) => {
                let kind = if !self.was_sent {
                    TransportError::connect
                } else if error.is_limit() {
                    TransportError::limit
                } else if error.is_timeout() {
                    TransportError::timeout
                } else {
                    TransportError::other
                };
                Err(kind(Box::new(self.all()) as BoxError))
            }
        }
    }

    fn all(self) -> AllFailed {
        AllFailed {
            list: self.list,
            count: self.count,
        }
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

/// The status of a response that is not XML-RPC, and the beginning of its body.
pub(super) fn reason_of_response(response: &Response) -> String {
    let status = reason_of_status(response.status);
    match excerpt(&response.body, SHOWN) {
        body if body.is_empty() => status,
        body => format!("{status}: {body}"),
    }
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
