//! Reads the body of a response, up to a maximum size.

#[cfg(any(feature = "reqwest", feature = "hyper"))]
use bytes::Bytes;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
use xmlrpc_core::client::ProgressReporter;
use xmlrpc_core::client::TransportError;

#[cfg(any(feature = "reqwest", feature = "hyper"))]
use super::{broken::transport_error, exchange::Received};

/// At most this much memory is reserved because of a `Content-Length`.
pub(crate) const RESERVED: usize = 64 << 10;

#[cfg(any(feature = "reqwest", feature = "hyper"))]
/// Reads the whole body. It may have at most `limit` bytes.
pub(crate) async fn read(
    response: &mut impl Received,
    peer: &str,
    limit: usize,
    progress: Option<&ProgressReporter>,
) -> Result<Bytes, TransportError> {
    let length = response.length();
    if let Some(progress) = progress {
        progress.response(length);
    }
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    // Most bodies arrive in one piece and need no copy. `xmlrpc_axum` does the same for requests.
    // It is too little code to share through `xmlrpc_core`.
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
        if let Some(progress) = progress {
            progress.received(chunk.len());
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
    if let Some(progress) = progress {
        progress.finish();
    }
    Ok(if many.is_empty() { one } else { many.into() })
}

pub(crate) fn too_large(limit: usize) -> TransportError {
    TransportError::limit(format!(
        "it exceeds {limit} bytes: request less at once, or raise `ClientBuilder::limits`"
    ))
}
