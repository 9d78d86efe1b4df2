//! What the headers of a request say about its sender and its body.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN},
};

/// Looking for a `&str` would parse it for each request.
pub(crate) static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a header takes in memory besides its name and its value.
const HEADER: usize = 160;

/// The headers that decide whether and how a body is read.
///
/// One pass finds them all: hashing a name to look it up takes longer than comparing it with the
/// few headers that requests have.
#[derive(Debug, Default)]
pub(crate) struct Head<'a> {
    /// Whether there is an `Origin` or a `Sec-Fetch-Site`, which only browsers send.
    pub(crate) by_browser: bool,
    /// Whether a `Content-Type` is one of those that are refused.
    pub(crate) of_web_pages: bool,
    /// The first `Content-Encoding`, and whether there is another one.
    pub(crate) encoding: Option<&'a HeaderValue>,
    pub(crate) has_encodings: bool,
    /// The first `Content-Length`, which may be wrong.
    pub(crate) length: Option<u64>,
    /// About how much memory the headers take.
    pub(crate) bytes: usize,
}

impl<'a> Head<'a> {
    /// `forms` allows the usual type of HTML forms.
    pub(crate) fn of(headers: &'a HeaderMap, forms: bool) -> Self {
        let mut head = Self::default();
        let mut has_length = false;
        for (name, value) in headers {
            head.bytes += HEADER + name.as_str().len() + value.len();
            if *name == CONTENT_TYPE {
                head.of_web_pages |= is_of_web_pages(value, forms);
            } else if *name == CONTENT_LENGTH {
                if !has_length {
                    head.length = length(value);
                }
                has_length = true;
            } else if *name == CONTENT_ENCODING {
                head.has_encodings = head.encoding.is_some();
                head.encoding = head.encoding.or(Some(value));
            } else if *name == ORIGIN || *name == SEC_FETCH_SITE {
                head.by_browser = true;
            }
        }
        head
    }
}

/// The value of a `Content-Length`.
pub(crate) fn length(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}

/// Types that HTML forms can send without asking the server first, and JSON, which is never an XML-RPC
/// call. The usual type of forms may be allowed, and `text/plain` always is.
fn is_of_web_pages(content_type: &HeaderValue, forms: bool) -> bool {
    // XML-RPC clients send this type, so check it first.
    let rest = content_type.as_bytes().strip_prefix(b"text/xml");
    if matches!(rest, Some([] | [b';', ..])) {
        return false;
    }
    let Ok(value) = content_type.to_str() else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    let is = |other: &str| essence.eq_ignore_ascii_case(other);
    let suffix = essence.rsplit_once('+').map(|(_, suffix)| suffix);
    (is("application/x-www-form-urlencoded") && !forms)
        || is("multipart/form-data")
        || is("application/json")
        || is("text/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"))
}
