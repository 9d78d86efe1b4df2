//! The headers that a transport does not receive, and those that its callers do not.

use http::{
    HeaderMap, HeaderName,
    header::{
        ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, EXPECT, HOST,
        PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
};

/// Headers of one connection, besides those that `Connection` names (RFC 9110, section 7.6.1).
const OF_A_CONNECTION: [HeaderName; 9] = [
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    CONTENT_LENGTH,
];

/// What else applies only here: the name of this server, how the body arrived, and how the response may be
/// encoded.
const OF_THIS_SERVER: [HeaderName; 4] = [HOST, CONTENT_ENCODING, ACCEPT_ENCODING, EXPECT];

/// Removes headers that would be wrong for another server.
pub(crate) fn of_request(headers: &mut HeaderMap) {
    of_response(headers);
    for name in &OF_THIS_SERVER {
        headers.remove(name);
    }
}

/// Removes headers that would be wrong on another connection.
pub(crate) fn of_response(headers: &mut HeaderMap) {
    let options: Vec<_> = headers.get_all(CONNECTION).iter().cloned().collect();
    for option in &options {
        // An invalid name cannot be in the map.
        let names = option.to_str().unwrap_or_default().split(',');
        for name in names {
            headers.remove(name.trim());
        }
    }
    headers.remove(CONNECTION);
    for name in &OF_A_CONNECTION {
        headers.remove(name);
    }
}
