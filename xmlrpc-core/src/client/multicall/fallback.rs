//! Servers without `system.multicall`: how they report it, and sending the calls individually.

use std::{
    borrow::Cow,
    sync::{Arc, atomic::Ordering},
};

use futures_util::{StreamExt, stream};
use http::StatusCode;
use serde_core::de::IgnoredAny;

use super::{
    METHOD, MulticallOptions,
    entries::{EntryResponse, ReadyCall},
};
use crate::{
    Fault, Response,
    client::{
        Client, ClientError, Transport,
        error_note::ErrorNote,
        round_trip::{Exchange, decode, unreadable},
    },
    message::read_response,
    read_options::ReadOptions,
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

/// Ends of fault texts that name a part of the method, each with the part that was looked up.
const PARTS: [(&str, &str); 3] = [
    ("procedure multicall not found", "multicall"), // Twisted with introspection
    ("no such subhandler system", "system"),        // Twisted without introspection
    ("method multicall is not supported", "multicall"), // CherryPy
];

/// Fault texts that name no method, compared as a whole.
const UNNAMED: [&str; 4] = [
    "unknown method",
    "unknown_method",
    "method not found",
    "this is not a known method for this xml-rpc server", // CodeIgniter
];

/// What the error of a multicall says about the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It has no `system.multicall`. No call has run.
    Missing,
    /// Some method is missing, and the server does not say which: `system.multicall`, or one of the
    /// calls. Then the earlier calls have run.
    Unclear,
    /// The error has another reason, or it may be about one of the calls.
    Other,
}

/// What an error says about the server.
///
/// A server may also reject the whole multicall because one of its calls is unknown, after it has
/// run the earlier calls. So a text that could name any of the calls is never `Missing`.
pub(super) fn verdict(error: &ClientError, calls: &[ReadyCall]) -> Verdict {
    let Some(fault) = error.fault() else {
        // node-xmlrpc does not send a fault for this, but an empty 404. A proxy may add a body.
        return match error.status() {
            Some(StatusCode::NOT_FOUND) => Verdict::Missing,
            _ => Verdict::Other,
        };
    };
    let text = simplified(fault.message());
    if calls.iter().any(|call| names(&text, &call.method)) {
        return Verdict::Other;
    }
    let whole = text.trim().trim_end_matches('.');
    let is_part = PARTS.iter().any(|(known, part)| {
        // The first part of a name leads to a handler that could have a `multicall` of its own, so
        // skip it.
        let mut others = calls.iter().flat_map(|it| it.method.split('.').skip(1));
        whole.ends_with(known) && others.all(|other| other != *part)
    });
    let is_code = matches!(fault.code(), Fault::METHOD_NOT_FOUND | NO_SUCH_METHOD);
    if is_part
        || NAMED.iter().any(|known| text.contains(known))
        || (is_code && has_word(&text, METHOD))
    {
        Verdict::Missing
    } else if is_code || UNNAMED.contains(&whole) {
        Verdict::Unclear
    } else {
        Verdict::Other
    }
}

/// In lower case and without quotes.
fn simplified(text: &str) -> String {
    let chars = text.chars().filter(|char| !"\"'`".contains(*char));
    chars.flat_map(char::to_lowercase).collect()
}

/// Whether a simplified text names a method, or only its last part, as Twisted and `CherryPy` do.
fn names(text: &str, method: &str) -> bool {
    let method = simplified(method);
    let last = method.rsplit(['.', ':', '/']).next().unwrap_or_default();
    has_word(text, &method) || has_word(&text.replace(METHOD, " "), last)
}

/// Whether a text contains a word, or several in this order.
fn has_word(text: &str, word: &str) -> bool {
    let of_a_word = |char: char| char.is_alphanumeric() || char == '_';
    !word.is_empty()
        && text.match_indices(word).any(|(start, _)| {
            let (before, rest) = text.split_at(start);
            let after = rest.strip_prefix(word).unwrap_or_default();
            !before.ends_with(of_a_word) && !after.starts_with(of_a_word)
        })
}

/// Sends each call individually and appends the responses. The first error that is not specific to
/// one call ends it.
///
/// A 404 is specific to one call if the server has responded with XML-RPC to any other, in whatever
/// order. Otherwise the whole URL does not exist, and nothing is appended.
pub(super) async fn one_by_one<T: Transport>(
    client: Client<T>,
    calls: Vec<ReadyCall>,
    options: &MulticallOptions,
    entry_responses: &mut Vec<EntryResponse>,
) -> Result<(), ClientError> {
    let settings = Arc::clone(&client.settings);
    let lacks_multicall = settings.lacks_multicall.load(Ordering::Relaxed);
    let mut speaks_xml_rpc = lacks_multicall || !entry_responses.is_empty();
    let mut not_found = None;
    let exchange = options.exchange.clone();
    let mut responses = stream::iter(calls)
        .map(move |call| {
            let mut exchange = exchange.clone();
            if call.idempotent {
                exchange.mark_idempotent();
            }
            let document = call.call.into_outgoing();
            Exchange::new(&client, call.method, document, exchange)
        })
        .buffered(options.concurrency);
    let failed = loop {
        let (method, response, span) = match responses.next().await {
            Some(Ok(response)) => response,
            Some(Err(error)) => break Some(error),
            None => break None,
        };
        span.end_with(|| {
            let reading = &settings.reading;
            decode::<IgnoredAny>(method.clone(), response.clone(), reading).err()
        });
        match refused(method, &response, &settings.reading) {
            None => {
                speaks_xml_rpc = true;
                // So it rejected the multicall because of the method.
                if settings.system_multicall {
                    settings.lacks_multicall.store(true, Ordering::Relaxed);
                }
            }
            Some(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
                not_found.get_or_insert(error);
            }
            Some(error) => break Some(error),
        }
        entry_responses.push(EntryResponse::Single(response));
    };
    let failed = if speaks_xml_rpc {
        failed
    } else {
        entry_responses.clear();
        failed.or(not_found)
    };
    failed.map_or(Ok(()), Err)
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
        extensions,
        body,
        ..
    } = response;
    if *status == StatusCode::OK {
        return None;
    }
    let (document, charset, limits) = reading.document(body.clone(), headers);
    let read = read_response::<IgnoredAny>(document, charset, &limits);
    let note = extensions.get::<ErrorNote>();
    let error = unreadable(method, *status, body, read.err()?).with_note(note);
    error.status().is_some().then_some(error)
}
