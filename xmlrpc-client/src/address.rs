//! What a URL says: where to send calls, and as whom.

use std::path::PathBuf;

use http::HeaderValue;
use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::{error::BuildError, unix};

pub(crate) struct Address {
    /// Without the user's name, the password and the fragment.
    pub(crate) url: Url,
    /// What to connect to in the place of the host.
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
        let parsed = Url::parse(text);
        if !parsed
            .as_ref()
            .map_or_else(|_| text.contains("://"), |url| has_scheme(text, url))
        {
            // What stands before the first `:` may be a user's name, and is not repeated.
            return Err(BuildError::new("not a URL: does it lack `http://`?"));
        }
        let mut url = parsed.map_err(|error| BuildError::new(format!("not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https" | "scgi") {
            return Err(BuildError::new(format!(
                "the scheme `{}` of the URL is not supported: `http`, `https`, `unix` and `scgi` are",
                url.scheme()
            )));
        }
        let authorization = authorization(&url)?;
        // Both fail only for URLs that have no host, or an empty one, and then there is no user.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
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

/// `localhost:8000` is a URL with the scheme `localhost` for `Url`, and no URL for anybody else.
fn has_scheme(text: &str, url: &Url) -> bool {
    let rest = text.get(url.scheme().len()..);
    rest.is_some_and(|rest| rest.starts_with("://"))
}

/// As Python's `ServerProxy` does: nothing at all after the host means `/RPC2`. `Url` does not
/// tell this from `/`.
fn has_no_path(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest);
    authority.is_some_and(|rest| !rest.contains(['/', '\\', '?', '#']))
}

fn authorization(url: &Url) -> Result<Option<HeaderValue>, BuildError> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let user: Vec<u8> = percent_decode_str(url.username()).collect();
    let password: Vec<u8> = percent_decode_str(url.password().unwrap_or_default()).collect();
    basic(&user, &password).map(Some)
}

/// The value of `Authorization` for a user and a password.
pub(crate) fn basic(user: &[u8], password: &[u8]) -> Result<HeaderValue, BuildError> {
    if user.contains(&b':') {
        return Err(BuildError::new(
            "a user's name with a `:` in it cannot be sent as basic authentication",
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

/// Marked, so that nothing prints it, and HTTP/2 does not index it.
fn secret(value: &str) -> Result<HeaderValue, BuildError> {
    let mut value = HeaderValue::try_from(value).map_err(|_| {
        BuildError::new(
            "the token for the header `authorization` has characters that no header can have",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
