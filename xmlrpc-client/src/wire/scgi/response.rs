//! Reads a response. As in CGI, it is a head of lines, an empty line, and the body.

use std::io;

use bytes::{Buf, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_LENGTH};
use tokio::io::{AsyncRead, AsyncReadExt};
use xmlrpc_core::{Response, client::ProgressReporter};

use crate::wire::body::RESERVED;

/// The maximum size of a head, including the empty line at its end.
pub(super) const HEAD: usize = 16 << 10;

/// The memory reserved before anything about the response is known.
const FIRST: usize = 4 << 10;

/// Why reading a response failed.
pub(super) enum Failure {
    Io(io::Error),
    /// The connection was closed before the first byte.
    Closed,
    /// The head exceeds its maximum size.
    Head,
    /// The body exceeds its maximum size.
    Body,
    /// The response is invalid or incomplete.
    Broken(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a response. Its body has the length of its `Content-Length`, or else ends with the
/// connection. It may have at most `limit` bytes.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    limit: usize,
    progress: Option<&ProgressReporter>,
) -> Result<Response, Failure> {
    let mut bytes = BytesMut::with_capacity(FIRST);
    let end = read_head(stream, &mut bytes).await?;
    let Head {
        status,
        headers,
        length,
    } = Head::parse(&bytes[..end]).map_err(|text| Failure::Broken(text.to_owned()))?;
    bytes.advance(end);
    if let Some(progress) = progress {
        progress.response(length);
    }

    if length.is_some_and(|length| length > limit as u64) {
        return Err(Failure::Body);
    }
    // It is at most `limit`, which is a `usize`.
    let length = length.and_then(|length| usize::try_from(length).ok());
    if let Some(length) = length {
        bytes.reserve(length.saturating_sub(bytes.len()).min(RESERVED));
    }
    let mut reported = 0;
    let mut report = |received: usize| {
        if let Some(progress) = progress {
            // Whatever follows the body does not count.
            let received = length.map_or(received, |length| received.min(length));
            progress.received(received - reported);
            reported = received;
        }
    };
    report(bytes.len());
    while length.is_none_or(|length| bytes.len() < length) {
        if bytes.len() > limit {
            return Err(Failure::Body);
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            break;
        }
        report(bytes.len());
    }
    if let Some(length) = length {
        if bytes.len() < length {
            return Err(Failure::Broken(format!(
                "the response was cut off: it has {} of the {length} bytes of its `Content-Length`",
                bytes.len()
            )));
        }
        bytes.truncate(length);
    }
    if let Some(progress) = progress {
        progress.finish();
    }
    let mut response = Response::new(bytes.freeze());
    response.status = status;
    response.headers = headers;
    Ok(response)
}

/// Reads until the head is complete, and returns its end.
async fn read_head(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut BytesMut,
) -> Result<usize, Failure> {
    let mut seen = 0;
    loop {
        if stream.read_buf(bytes).await? == 0 {
            if bytes.is_empty() {
                return Err(Failure::Closed);
            }
            return Err(Failure::Broken(cut_off(bytes).to_owned()));
        }
        match end_of_head(bytes, seen) {
            Some(end) if end <= HEAD => return Ok(end),
            None if bytes.len() < HEAD => seen = bytes.len(),
            _ => return Err(Failure::Head),
        }
    }
}

fn cut_off(bytes: &[u8]) -> &'static str {
    let lines = bytes.iter().rposition(|byte| *byte == b'\n');
    let lines = match bytes {
        // A document without a head may be one line without an end.
        [b'<', ..] => bytes,
        _ => &bytes[..lines.map_or(0, |at| at + 1)],
    };
    let error = Head::parse(lines).err();
    error.unwrap_or("the response was cut off within its head")
}

/// The position after the first empty line. This line does not end within the bytes that were
/// `seen` before.
fn end_of_head(bytes: &[u8], seen: usize) -> Option<usize> {
    let mut ends = (seen..bytes.len()).filter(|at| bytes[*at] == b'\n');
    ends.find(|at| {
        let before = &bytes[..*at];
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        before.is_empty() || before.ends_with(b"\n")
    })
    .map(|at| at + 1)
}

struct Head {
    status: StatusCode,
    headers: HeaderMap,
    length: Option<u64>,
}

impl Head {
    /// Lines end with CR LF or LF. As in CGI, a missing `Status` means 200.
    fn parse(head: &[u8]) -> Result<Self, &'static str> {
        let mut status = StatusCode::OK;
        let mut headers = HeaderMap::new();
        let mut length = None;
        for line in head.split(|byte| *byte == b'\n') {
            let line = line.trim_ascii_end();
            if line.is_empty() {
                continue;
            }
            let (name, value) = header(line).ok_or_else(|| no_header(line))?;
            if name == "status" {
                status = status_of(&value).ok_or("the response has an invalid `Status` header")?;
                continue;
            }
            if name == CONTENT_LENGTH {
                let this = length_of(&value)
                    .ok_or("the response has an invalid `Content-Length` header")?;
                if length.is_some_and(|length| length != this) {
                    return Err("the response has several different `Content-Length` headers");
                }
                length = Some(this);
            }
            // The limit on the head keeps the number of lines below the capacity of a map.
            headers.append(name, value);
        }
        Ok(Self {
            status,
            headers,
            length,
        })
    }
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}

fn no_header(line: &[u8]) -> &'static str {
    if line.starts_with(b"HTTP/") {
        "the server speaks HTTP, not SCGI: should the URL start with `http`?"
    } else if line.starts_with(b"<") {
        "the response has no head"
    } else {
        "the head of the response contains a line that is not a header"
    }
}

/// The number in `200 OK`.
fn status_of(value: &HeaderValue) -> Option<StatusCode> {
    let number = value.as_bytes().split(u8::is_ascii_whitespace).next()?;
    StatusCode::from_bytes(number).ok()
}

fn length_of(value: &HeaderValue) -> Option<u64> {
    let digits = value.as_bytes();
    let plain = digits.iter().all(u8::is_ascii_digit);
    plain.then(|| value.to_str().ok()?.parse().ok()).flatten()
}
