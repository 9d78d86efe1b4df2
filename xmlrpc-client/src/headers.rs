//! The headers of a request: those of the client, and those of the call.

use http::{
    HeaderMap, HeaderName,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};

/// Whether a header says where a message ends. HTTP sets these, so the user cannot.
pub(crate) fn is_framing(name: &HeaderName) -> bool {
    *name == CONTENT_LENGTH || *name == TRANSFER_ENCODING
}

/// The headers of the client, replaced by those of the request that have the same name.
pub(crate) fn merge(client: &HeaderMap, request: HeaderMap) -> HeaderMap {
    let mut headers = client.clone();
    if request.is_empty() {
        return headers;
    }
    for name in request.keys() {
        headers.remove(name);
    }
    let mut last = None;
    for (name, value) in request {
        // Only the first of several values comes with its name.
        last = name.or(last);
        if let Some(name) = last.as_ref().filter(|name| !is_framing(name)) {
            headers.append(name.clone(), value);
        }
    }
    headers
}
