//! What `-v` shows on standard error: both documents with their headers, without secrets.

use std::{fmt::Write as _, io::Write as _, time::Duration};

use http::{HeaderMap, HeaderName, StatusCode};

use crate::{
    escape,
    leading::HIDDEN,
    output::xml,
    paint::{Ink, Paint},
};

/// More of a document is not shown.
const MAX_BYTES: usize = 256 << 10;
/// More of a header is not shown.
const MAX_HEADER: usize = 1_024;

/// Whether the value of a header may be a secret, by its name.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "auth", "cookie", "token", "secret", "password", "session", "key",
    ];
    words.iter().any(|word| name.contains(word))
}

/// The headers for people and programs; secret values are hidden.
pub(crate) fn safe_headers(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, String)> {
    headers.iter().map(|(name, value)| {
        let value = if is_secret(name.as_str()) {
            HIDDEN.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        (name, value)
    })
}

pub(crate) fn request(url: &str, headers: &[(String, String)], body: &[u8]) {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()));
    write('>', &format!("POST {url}"), headers, body);
}

pub(crate) fn response(status: StatusCode, headers: &HeaderMap, body: &[u8], took: Duration) {
    let first = format!(
        "{status} · {} · {took:.1?}",
        crate::output::size(body.len())
    );
    let headers = safe_headers(headers).map(|(name, value)| (name.as_str(), value));
    write('<', &first, headers, body);
}

fn write<'a>(
    mark: char,
    first: &str,
    headers: impl Iterator<Item = (&'a str, String)>,
    body: &[u8],
) {
    let paint = Paint::stderr();
    let mark = paint.text(Ink::Faint, &mark.to_string()).into_owned();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{mark} {}",
        paint.text(Ink::Head, &escape::short(first, MAX_HEADER))
    );
    for (name, value) in headers {
        let name = escape::short(name, MAX_HEADER);
        let _ = writeln!(
            text,
            "{mark} {}: {}",
            paint.text(Ink::Name, &name),
            escape::short(&value, MAX_HEADER)
        );
    }
    let shown = &body[..body.len().min(MAX_BYTES)];
    for line in xml::indented(&String::from_utf8_lossy(shown)).lines() {
        let _ = writeln!(text, "{mark} {line}");
    }
    if shown.len() < body.len() {
        let _ = writeln!(text, "{mark} … {} more bytes", body.len() - shown.len());
    }
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
