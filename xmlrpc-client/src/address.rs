//! Parses a URL: where to send calls, and with which credentials.

use std::path::PathBuf;

use http::HeaderValue;
use percent_encoding::percent_decode_str;

use crate::{error::BuildError, unix, url::Url};

#[derive(Clone)]
pub(crate) struct Address {
    /// The URL without user name, password and fragment.
    pub(crate) url: Url,
    /// The unix socket to connect to instead of the host.
    pub(crate) socket: Option<PathBuf>,
    pub(crate) authorization: Option<HeaderValue>,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, BuildError> {
        let text = text.trim();
        match unix::split(text)? {
            Some((url, socket)) => Self::with_socket(&url, Some(socket)),
            None => Self::with_socket(text, None),
        }
    }

    fn with_socket(text: &str, socket: Option<PathBuf>) -> Result<Self, BuildError> {
        // The error omits the part before the first `:`, which may be a user name.
        let mut url =
            Url::parse(text).map_err(|error| BuildError::new(format!("invalid URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https" | "scgi") {
            return Err(BuildError::new(format!(
                "the scheme `{}` of the URL is not supported: use `http`, `https`, `unix` or `scgi`",
                url.scheme()
            )));
        }
        let authorization = authorization(&url)?;
        url.remove_credentials();
        if has_no_path(text) {
            url.set_path("/RPC2");
        }
        Ok(Self {
            url,
            socket,
            authorization,
        })
    }
}

/// Like Python's `ServerProxy`: a URL that ends after the host means `/RPC2`. `Url` cannot
/// distinguish this from `/`.
fn has_no_path(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest);
    authority.is_some_and(|rest| !rest.contains(['/', '\\', '?', '#']))
}

/// The value of `Authorization` for the user name and password of a URL.
pub(crate) fn authorization(url: &Url) -> Result<Option<HeaderValue>, BuildError> {
    let (user, password) = url.credentials();
    if user.is_empty() && password.is_empty() {
        return Ok(None);
    }
    let user: Vec<u8> = percent_decode_str(user).collect();
    let password: Vec<u8> = percent_decode_str(password).collect();
    basic(&user, &password).map(Some)
}

/// The value of `Authorization` for a user and a password.
pub(crate) fn basic(user: &[u8], password: &[u8]) -> Result<HeaderValue, BuildError> {
    if user.contains(&b':') {
        return Err(BuildError::new(
            "a user name that contains `:` cannot be sent as basic authentication",
        ));
    }
    let credentials = [user, b":", password].concat();
    let credentials = base64_simd::STANDARD.encode_to_string(credentials);
    secret(&format!("Basic {credentials}"))
}

/// The value of `Authorization` for a token.
pub(crate) fn bearer(token: &str) -> Result<HeaderValue, BuildError> {
    secret(&format!("Bearer {token}"))
}

/// Marked as sensitive, so that it is not printed and HTTP/2 does not index it.
fn secret(value: &str) -> Result<HeaderValue, BuildError> {
    let mut value = HeaderValue::try_from(value).map_err(|_| {
        BuildError::new(
            "the token contains characters that are not allowed in the header `authorization`",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
