use std::{fmt, time::Duration};

use axum::response::Response;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_ENCODING, ALLOW, CONTENT_TYPE, RETRY_AFTER},
};

use crate::inflate::{MEMBER_HEADER, MEMBERS};

/// The `Retry-After` of a server that is overloaded. Most requests take less.
const RETRY_SECONDS: u16 = 5;

/// Why a request is refused before it reaches the dispatcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Neither a call nor, on an endpoint with a page, a request for it.
    Method {
        page: bool,
    },
    ForeignOrigin,
    UnknownHost,
    ContentType,
    ContentEncoding,
    TooLarge {
        limit: usize,
    },
    TooSlow {
        timeout: Duration,
    },
    BrokenOff,
    NotInflated,
    Members,
    MemberHeader,
    TooManyRequests,
    TooManyBytes,
    /// The body had not arrived when other requests needed the room.
    MadeRoom,
    /// The body waited for the budget, and may have arrived, when other requests needed the room.
    Displaced,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignOrigin | Self::UnknownHost => StatusCode::FORBIDDEN,
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::TooManyRequests | Self::TooManyBytes | Self::MadeRoom | Self::Displaced => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::BrokenOff | Self::NotInflated | Self::Members | Self::MemberHeader => {
                StatusCode::BAD_REQUEST
            }
        }
    }

    /// Adds headers that tell the client what to do, if the status alone does not.
    fn headers(self, headers: &mut HeaderMap) {
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        match self {
            Self::Method { page } => {
                // As axum's router writes it for the same path.
                let allowed = if page { "GET,HEAD,POST" } else { "POST" };
                headers.insert(ALLOW, HeaderValue::from_static(allowed));
            }
            Self::ContentEncoding => {
                headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
            }
            Self::TooManyRequests | Self::TooManyBytes | Self::MadeRoom | Self::Displaced => {
                headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
            }
            _ => {}
        }
    }

    /// The setting that decided, for the log.
    fn setting(self) -> Option<&'static str> {
        match self {
            Self::ForeignOrigin => Some("Endpoint::allow_origin"),
            Self::UnknownHost => Some("Endpoint::allow_host"),
            Self::TooLarge { .. } => Some("Endpoint::max_body_bytes"),
            Self::TooSlow { .. } => Some("Endpoint::body_timeout"),
            Self::TooManyRequests => Some("Endpoint::max_requests_in_flight"),
            Self::TooManyBytes => Some("Endpoint::max_bytes_in_flight"),
            Self::Method { .. }
            | Self::ContentType
            | Self::ContentEncoding
            | Self::BrokenOff
            | Self::NotInflated
            | Self::Members
            | Self::MemberHeader
            | Self::MadeRoom
            | Self::Displaced => None,
        }
    }

    /// Whether to stop waiting for the rest of the body.
    pub(crate) fn is_of_the_connection(self) -> bool {
        matches!(
            self,
            Self::TooSlow { .. } | Self::BrokenOff | Self::MadeRoom | Self::Displaced
        )
    }

    pub(crate) fn into_response(self) -> Response {
        let status = self.status();
        tracing::debug!(
            status = status.as_u16(),
            setting = self.setting(),
            reason = %self,
            "refused a request"
        );
        let mut response = Response::new(format!("{self}\n").into());
        *response.status_mut() = status;
        self.headers(response.headers_mut());
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method { page: false } => f.write_str("an XML-RPC call is a POST: send it as one"),
            Self::Method { page: true } => f.write_str(
                "an XML-RPC call is a POST: send it as one; for the web page, send `Accept: text/html`",
            ),
            Self::ForeignOrigin => f.write_str(
                "web pages of another origin may not call here: the server has to allow the origin",
            ),
            Self::UnknownHost => f.write_str(
                "web pages may call here by an address or localhost: for another name, the server has to allow the name",
            ),
            Self::ContentType => f.write_str("an XML-RPC call is XML: send it as text/xml"),
            Self::ContentEncoding => {
                f.write_str("unknown Content-Encoding: send the body as gzip, as deflate (zlib) or as it is")
            }
            Self::TooLarge { limit } => {
                write!(f, "the body exceeds {limit} bytes: send less at once, or raise the server's limit")
            }
            Self::TooSlow { timeout } => {
                write!(f, "the body took longer than {timeout:?}: send it faster, or less at once")
            }
            Self::TooManyRequests => {
                f.write_str("the server has too many requests in flight: try again later")
            }
            Self::TooManyBytes => f.write_str(
                "the server has too many bytes in flight: try again later, or send less at once",
            ),
            Self::MadeRoom => f.write_str(
                "the server needed room for other requests before the whole body had arrived: try again later",
            ),
            Self::Displaced => f.write_str(
                "the server needed room for other requests while this one waited for its turn: try again later",
            ),
            Self::BrokenOff => f.write_str("the body broke off before its end: send it again"),
            Self::NotInflated => {
                f.write_str("the body is not what its Content-Encoding says: send it whole, and nothing after it")
            }
            Self::Members => {
                write!(f, "the body has more than {MEMBERS} gzip members: compress it in one piece")
            }
            Self::MemberHeader => {
                write!(f, "a gzip header of the body has more than {MEMBER_HEADER} bytes: send a shorter one")
            }
        }
    }
}

/// The error of a body whose connection `serve` ends to make room for others.
#[derive(Debug)]
pub(crate) struct MadeRoom;

impl fmt::Display for MadeRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Refusal::MadeRoom.fmt(f)
    }
}

impl std::error::Error for MadeRoom {}
