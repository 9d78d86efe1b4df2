//! Servers without `system.multicall`: how they report it, and sending the calls individually.

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
    Fault,
    client::{
        Client, ClientError, Transport,
        exchange::{Exchange, unreadable},
    },
    exchange::{ReadOptions, Response},
    message::read_response,
};

/// The code that xmlrpc-c, and therefore rTorrent, uses instead of −32601.
const NO_SUCH_METHOD: i32 = -506;

/// Fault texts that name the method, in lower case and without quotes.
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

/// Fault texts of Twisted, each with the part of the name that it looked up: first with
/// introspection, then without.
const PARTS: [(&str, &str); 2] = [
    ("procedure multicall not found", "multicall"),
    ("no such subhandler system", "system"),
];

/// Fault texts that name no method, compared as a whole.
const UNNAMED: [&str; 4] = [
    "unknown method",
    "unknown_method",
    "method not found",
    "this is not a known method for this xml-rpc server", // CodeIgniter
];

/// Whether an error says that the server has no `system.multicall`, so that none of the calls has
/// run.
///
/// A server may also reject the whole multicall because one of its calls is unknown, after it has
/// run the earlier calls. If in doubt, this returns `false`.
pub(super) fn is_missing(error: &ClientError, calls: &[ReadyCall]) -> bool {
    let Some(fault) = error.fault() else {
        // node-xmlrpc does not send a fault for this.
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
            // The first part of a name leads to a handler that could have a `multicall` of its own,
            // so skip it.
            let mut others = calls.iter().flat_map(|it| it.method.split('.').skip(1));
            whole == *known && others.all(|other| other != *part)
        })
}

/// Whether a text contains the name of a method as a word.
fn names(text: &str, method: &str) -> bool {
    let of_a_name = |char: char| char.is_alphanumeric() || "_.:/".contains(char);
    text.split(|char| !of_a_name(char))
        .any(|word| word.trim_matches(['.', ':']) == method)
}

/// Sends each call individually and appends the responses. The first error that is not specific to
/// one call ends it.
pub(super) async fn one_by_one<T: Transport>(
    client: Client<T>,
    calls: Vec<ReadyCall>,
    options: &MulticallOptions,
    entry_responses: &mut Vec<EntryResponse>,
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
        match refused(method, &response, &settings.reading) {
            // The server speaks XML-RPC, so it rejected the multicall because of the method.
            None => settings.lacks_multicall.store(true, Ordering::Relaxed),
            // Then this 404 is also about the method.
            Some(error)
                if error.status() == Some(StatusCode::NOT_FOUND)
                    && settings.lacks_multicall.load(Ordering::Relaxed) => {}
            Some(error) => return Err(error),
        }
        entry_responses.push(EntryResponse::Single(response));
    }
    Ok(())
}

/// Returns an error if the status is not 200 and the body is not an XML-RPC response. Such an error
/// affects all calls. Anything else is specific to the call.
fn refused(
    method: Cow<'static, str>,
    response: &Response,
    reading: &ReadOptions,
) -> Option<ClientError> {
    let Response {
        status,
        headers,
        body,
        ..
    } = response;
    if *status == StatusCode::OK {
        return None;
    }
    let (document, charset, limits) = reading.document(body.clone(), headers);
    let read = read_response::<IgnoredAny>(document, charset, &limits);
    let error = unreadable(method, *status, body, read.err()?);
    error.status().is_some().then_some(error)
}
