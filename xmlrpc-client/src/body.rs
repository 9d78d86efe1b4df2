//! Reads an answer, and stops at a bound.

use bytes::Bytes;
use reqwest::Response;
use xmlrpc_core::client::TransportError;

use crate::error::transport_error;

/// More than this is not reserved on the word of a `Content-Length`.
pub(crate) const RESERVED: usize = 64 << 10;

/// The whole body, inflated; no more than `limit` bytes.
pub(crate) async fn read(
    response: &mut Response,
    peer: &str,
    limit: usize,
) -> Result<Bytes, TransportError> {
    // Of a compressed body it is not known, and counted while it is inflated.
    let length = response.content_length();
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    // Many an answer comes in one piece, which need not be copied. `xmlrpc_axum` does the same for
    // requests: it is too little for a place in `xmlrpc_core`, the one crate that both know.
    let mut one = Bytes::new();
    let mut many = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| transport_error(peer, error))?
    {
        if chunk.len() > limit - one.len() - many.len() {
            return Err(too_large(limit));
        }
        if one.is_empty() && many.is_empty() {
            one = chunk;
        } else {
            if many.is_empty() {
                many.reserve((one.len() + chunk.len()).max(RESERVED));
                many.extend_from_slice(&std::mem::take(&mut one));
            }
            many.extend_from_slice(&chunk);
        }
    }
    Ok(if many.is_empty() { one } else { many.into() })
}

pub(crate) fn too_large(limit: usize) -> TransportError {
    TransportError::limit(format!(
        "it exceeds {limit} bytes: ask for less at once, or raise `ClientBuilder::limits`"
    ))
}
