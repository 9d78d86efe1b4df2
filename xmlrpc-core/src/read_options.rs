//! How the documents of requests and responses are read.

use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE};

use crate::{Limits, xml::replace_forbidden};

/// How a client or a dispatcher reads documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOptions {
    pub(crate) limits: Limits,
    /// Whether characters that XML forbids are read as U+FFFD.
    pub(crate) replaces_forbidden: bool,
}

impl ReadOptions {
    pub(crate) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            replaces_forbidden: false,
        }
    }

    /// The document of a message, its charset, and the limits within which to read it.
    #[inline]
    pub(crate) fn document<'a>(
        &self,
        body: Bytes,
        headers: &'a HeaderMap,
    ) -> (Bytes, Option<&'a str>, Limits) {
        let charset = charset(headers);
        if self.replaces_forbidden
            && let Some((body, limits)) = replace_forbidden(&body, charset, &self.limits)
        {
            return (body, Some("utf-8"), limits);
        }
        (body, charset, self.limits)
    }
}

/// The `charset` parameter of the `Content-Type`, as it is written, perhaps in quotes.
fn charset(headers: &HeaderMap) -> Option<&str> {
    let parameters = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    parameters.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })
}
