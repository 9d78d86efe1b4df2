//! The calls in the log: the names of their methods, also of those inside a multicall.

use std::fmt::{self, Display, Write as _};

use tokio::task::{JoinError, spawn_blocking};
use xmlrpc_core::{Error, Request, message::IncomingCall};

use crate::REQUEST;

/// How many entries of a multicall the log names, and how many characters of a name it shows.
const ENTRIES: usize = 20;
const CHARACTERS: usize = 60;

/// The maximum number of entries that are read.
const MAX_ENTRIES: usize = 10_000;

/// Documents with more bytes are read outside of the executor, because they would keep it busy.
const LARGE: usize = 64 << 10;

/// Logs which methods a request calls, and returns the request.
pub(crate) async fn log(request: Request) -> Result<Request, JoinError> {
    if request.body.len() <= LARGE {
        return Ok(log_now(request));
    }
    spawn_blocking(move || log_now(request)).await
}

fn log_now(request: Request) -> Request {
    let bytes = request.body.len();
    match Called::read(&request) {
        Ok(called) => tracing::info!(bytes, "forwarding {called}"),
        Err(error) => tracing::info!(bytes, "forwarding an unreadable document: {error}"),
    }
    request
}

/// The methods that a document calls.
struct Called {
    call: IncomingCall,
    /// Of a multicall.
    entries: Option<Vec<Result<IncomingCall, Error>>>,
}

impl Called {
    fn read(request: &Request) -> Result<Self, Error> {
        let call = IncomingCall::from_request(request, &REQUEST)?;
        let entries = match call.method() {
            "system.multicall" => Some(call.params().multicall_entries(MAX_ENTRIES)?),
            _ => None,
        };
        Ok(Self { call, entries })
    }
}

/// `add`, or `system.multicall of add, pow`.
impl Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name(self.call.method()).fmt(f)?;
        let Some(entries) = &self.entries else {
            return Ok(());
        };
        for (index, entry) in entries.iter().take(ENTRIES).enumerate() {
            f.write_str(if index == 0 { " of " } else { ", " })?;
            match entry {
                Ok(call) => Name(call.method()).fmt(f)?,
                Err(_) => f.write_str("(not a call)")?,
            }
        }
        match entries.len().saturating_sub(ENTRIES) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A name of a caller. It is shortened, and it cannot forge a line of the log or rearrange one.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(CHARACTERS) {
            write!(f, "{}", character.escape_debug())?;
        }
        match characters.next() {
            Some(_) => f.write_char('…'),
            None => Ok(()),
        }
    }
}
