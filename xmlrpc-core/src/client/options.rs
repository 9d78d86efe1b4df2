use std::time::Duration;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use super::Idempotent;

/// The options of one call or multicall.
#[derive(Clone, Debug, Default)]
pub(super) struct CallOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) headers: HeaderMap,
    pub(super) extensions: Extensions,
    /// An invalid header, reported when the call is awaited.
    pub(super) error: Option<String>,
}

impl CallOptions {
    pub(super) fn header(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        } else {
            // The text omits the value, which may be secret.
            let name = name.escape_debug();
            self.error = Some(format!("the header `{name}` has an invalid name or value"));
        }
    }

    pub(super) fn mark_idempotent(&mut self) {
        self.extensions.insert(Idempotent);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.timeout.is_none()
            && self.headers.is_empty()
            && self.extensions.is_empty()
            && self.error.is_none()
    }
}
