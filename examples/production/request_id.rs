//! An identifier for each request, in the log and in the response.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument as _, field::Empty};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The maximum length of an identifier that a proxy sends.
const MAX: usize = 64;

/// A layer of requests. Everything that is logged during a request is in a span with its identifier. It comes
/// from the proxy in front of the server, or is created here.
pub(crate) async fn request_id(request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(create);
    // `authenticate` records the caller.
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        caller = Empty
    );
    let mut response = next.run(request).instrument(span).await;
    response.headers_mut().insert(HEADER, id);
    response
}

/// The identifier of the request, if it has a short and harmless one.
fn given(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(HEADER)?;
    let is_harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    let is_valid = (1..=MAX).contains(&id.len()) && id.as_bytes().iter().all(is_harmless);
    is_valid.then(|| id.clone())
}

/// A number of this process, and a number of the request. Together they are unique, but can be guessed.
fn create() -> HeaderValue {
    static PROCESS: LazyLock<u64> =
        LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
    static REQUEST: AtomicU64 = AtomicU64::new(1);
    let id = format!("{:016x}-{}", *PROCESS, REQUEST.fetch_add(1, Relaxed));
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("none"))
}
