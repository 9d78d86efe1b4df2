//! Inflates the body of a response, up to a maximum size.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH},
};
use xmlrpc_core::{Response, client::TransportError};

use super::body::too_large;
use crate::error::PeerError;

/// The maximum number of gzip members in a body. Servers send one.
///
/// An empty member has 20 bytes, but setting it up costs as much as a large one.
const MEMBERS: usize = 16;

/// The encoding of a body.
#[derive(Clone, Copy)]
enum Encoding {
    Gzip,
    Deflate,
}

impl Encoding {
    /// Other encodings than these two are left as they are: some servers send the charset here.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let mut names = values
            .flat_map(|value| value.to_str().unwrap_or("unknown").split(','))
            .map(|name| name.trim_matches([' ', '\t', '"']))
            .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
        let name = names.next()?;
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if names.next().is_some() {
            None
        } else if is("gzip") || is("x-gzip") {
            Some(Self::Gzip)
        } else {
            (is("deflate") || is("x-deflate")).then_some(Self::Deflate)
        }
    }

    /// Inflates at most one byte more than `limit`.
    fn inflate(self, body: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => gzip(body, limit),
            // The standard has the header of zlib, but some servers omit it.
            Self::Deflate => read(ZlibDecoder::new(body), limit)
                .or_else(|error| read(DeflateDecoder::new(body), limit).map_err(|_| error)),
        }
    }
}

/// Inflates the body of a response in place, if it is compressed. Both its sizes are limited.
pub(crate) fn response(
    response: &mut Response,
    peer: &str,
    limit: usize,
) -> Result<(), TransportError> {
    // A response without a body may have the header as well.
    if response.body.is_empty() || !response.headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    let Some(encoding) = Encoding::of(&response.headers) else {
        return Ok(());
    };
    let inflated = encoding.inflate(&response.body, limit).map_err(|error| {
        let text = format!("the body of the response cannot be inflated: {error}");
        TransportError::other(PeerError::new(peer, text))
    })?;
    if inflated.len() > limit {
        return Err(too_large(limit));
    }
    response.headers.remove(CONTENT_ENCODING);
    response.headers.remove(CONTENT_LENGTH);
    response.body = Bytes::from(inflated);
    Ok(())
}

fn gzip(mut body: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    let mut inflated = Vec::new();
    for _ in 0..MEMBERS {
        let mut member = GzDecoder::new(body);
        inflate_into(&mut inflated, &mut member, limit)?;
        if inflated.len() > limit {
            return Ok(inflated);
        }
        body = member.into_inner();
        // Whatever else follows a member is padding.
        if !body.starts_with(&[0x1f, 0x8b]) {
            return Ok(inflated);
        }
    }
    Err(io::Error::other("it has more than 16 gzip members"))
}

fn read(decoder: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut inflated = Vec::new();
    inflate_into(&mut inflated, decoder, limit)?;
    Ok(inflated)
}

fn inflate_into(inflated: &mut Vec<u8>, decoder: impl Read, limit: usize) -> io::Result<()> {
    // At most one byte more than the limit, which shows that the limit is exceeded.
    let rest = limit.saturating_sub(inflated.len()) as u64;
    decoder.take(rest.saturating_add(1)).read_to_end(inflated)?;
    Ok(())
}
