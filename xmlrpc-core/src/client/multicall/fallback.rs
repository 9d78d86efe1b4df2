//! Peers without `system.multicall`: how they say so, and calls that go one by one.

use std::{
    borrow::Cow,
    sync::{Arc, atomic::Ordering},
};

use futures_util::{StreamExt, stream};
use http::StatusCode;
use serde::de::IgnoredAny;

use super::{
    MulticallOptions,
    entries::{EntryResponse, ReadyCall},
};
use crate::{
    Fault, Limits,
    client::{
        Client, ClientError, Transport,
        exchange::{Exchange, unreadable},
    },
    exchange::{Response, charset},
    message::read_response,
};

/// What xmlrpc-c, and so rTorrent, has in the place of -32601.
const NO_SUCH_METHOD: i32 = -506;

/// Faults that name the method, in lower case and without quotes.
const NAMED: [&str; 13] = [
    "method system.multicall is not supported",    // Python
    "method system.multicall not defined",         // xmlrpc-c
    "no such handler: system.multicall",           // Apache ws-xmlrpc
    "method system.multicall does not exist",      // WordPress
    "method system.multicall missing",             // Ruby
    "procedure system.multicall not found",        // Twisted, looked up as a whole
    "system.multicall: unknown method name",       // XmlRpc++, and so ROS and Homematic
    "unsupported method called: system.multicall", // XML-RPC.NET
    "no such method: system.multicall",
    "no such method system.multicall",
    "unknown method: system.multicall",
    "unknown method system.multicall",
    "method system.multicall not found",
];

/// Faults of Twisted, with the part of the name that it looked for: the one with introspection, the other
/// without.
const PARTS: [(&str, &str); 2] = [
    ("procedure multicall not found", "multicall"),
    ("no such subhandler system", "system"),
];

/// Faults that name none, as a whole.
const UNNAMED: [&str; 4] = [
    "unknown method",
    "unknown_method",
    "method not found",
    "this is not a known method for this xml-rpc server", // CodeIgniter
];

/// Whether an error says that the peer has no `system.multicall`, so that none of the calls has run.
///
/// A peer may also fail as a whole because one of the calls is of an unknown method, and may have run
/// those before it: what is not plain is no.
pub(super) fn is_missing(error: &ClientError, calls: &[ReadyCall]) -> bool {
    let Some(fault) = error.fault() else {
        // node-xmlrpc has no fault for it.
        return error.status() == Some(StatusCode::NOT_FOUND);
    };
    let text: String = fault
        .message()
        .chars()
        .filter(|char| !"\"'`".contains(*char))
        .collect();
    if calls.iter().any(|call| names(&text, &call.method)) {
        return false;
    }
    let text = text.to_ascii_lowercase();
    let whole = text.trim().trim_end_matches('.');
    matches!(fault.code(), Fault::METHOD_NOT_FOUND | NO_SUCH_METHOD)
        || NAMED.iter().any(|known| text.contains(known))
        || UNNAMED.contains(&whole)
        || PARTS.iter().any(|(known, part)| {
            // The first part of a name leads to a handler that would have `multicall` too.
            let mut others = calls.iter().flat_map(|it| it.method.split('.').skip(1));
            whole == *known && others.all(|other| other != *part)
        })
}

/// Whether a method is named in a text, as a word of it.
fn names(text: &str, method: &str) -> bool {
    let of_a_name = |char: char| char.is_alphanumeric() || "_.:/".contains(char);
    text.split(|char| !of_a_name(char))
        .any(|word| word.trim_matches(['.', ':']) == method)
}

/// Sends each call by itself, and appends the answers. The first failure that is not one call's own
/// ends it.
pub(super) async fn one_by_one<T: Transport>(
    client: Client<T>,
    calls: Vec<ReadyCall>,
    options: &MulticallOptions,
    answers: &mut Vec<EntryResponse>,
) -> Result<(), ClientError> {
    let settings = Arc::clone(&client.settings);
    let exchange = options.exchange.clone();
    let mut responses = stream::iter(calls)
        .map(move |call| {
            let mut exchange = exchange.clone();
            if call.idempotent {
                exchange.mark_idempotent();
            }
            let document = call.call.into_document();
            Exchange::new(&client, call.method, document, exchange)
        })
        .buffered(options.concurrency);
    while let Some(response) = responses.next().await {
        let (method, response) = response?;
        match refused(method, &response, &settings.limits) {
            // It speaks XML-RPC here: the answer to the multicall was about the method.
            None => settings.lacks_multicall.store(true, Ordering::Relaxed),
            // As is this one, then.
            Some(error)
                if error.status() == Some(StatusCode::NOT_FOUND)
                    && settings.lacks_multicall.load(Ordering::Relaxed) => {}
            Some(error) => return Err(error),
        }
        answers.push(EntryResponse::Single(response));
    }
    Ok(())
}

/// The error of a status without an answer. What a call makes of its answer is its own; that there is
/// none concerns all.
fn refused(method: Cow<'static, str>, response: &Response, limits: &Limits) -> Option<ClientError> {
    let Response {
        status,
        headers,
        body,
        ..
    } = response;
    if *status == StatusCode::OK {
        return None;
    }
    let read = read_response::<IgnoredAny>(body.clone(), charset(headers), limits);
    let error = unreadable(method, *status, body, read.err()?);
    error.status().is_some().then_some(error)
}
