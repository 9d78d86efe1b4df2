//! Reads the body of a request, with a maximum size and a time-out.

use std::{
    error::Error,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use axum::{BoxError, body::HttpBody};
use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT},
};
use http_body_util::{BodyExt, LengthLimitError};

use crate::{
    inflate::{Gzip, Zlib},
    refusal::Refusal,
};

/// At most this much memory is reserved because of a `Content-Length`.
const RESERVED: usize = 64 << 10;

/// How much of a refused body is read, and for how long. Some clients, such as Python's, read the
/// response only after they have sent everything. This lets them find it, and still limits the
/// work.
const DISCARDED: usize = 16 << 20;
const DISCARDED_FOR: Duration = Duration::from_secs(2);

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Deflate,
}

impl Encoding {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let Some(value) = values.next() else {
            return Ok(Self::Identity);
        };
        let value = value.to_str().unwrap_or("?").trim().to_ascii_lowercase();
        match value.as_str() {
            _ if values.next().is_some() => Err(Refusal::ContentEncoding),
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            _ => Err(Refusal::ContentEncoding),
        }
    }
}

/// Reads the whole body and inflates it. Neither the received size nor the inflated size may exceed
/// `limit`, and the body must arrive within `timeout`.
pub(crate) async fn read<B>(
    body: Pin<&mut B>,
    encoding: Encoding,
    limit: usize,
    timeout: Duration,
) -> Result<Bytes, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let read = within(timeout, collect(body, encoding, limit)).await;
    read.unwrap_or(Err(Refusal::TooSlow { timeout }))
}

async fn collect<B>(
    mut body: Pin<&mut B>,
    encoding: Encoding,
    limit: usize,
) -> Result<Bytes, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut sink = Sink::new(encoding, limit);
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&*error.into(), limit))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        received = received.saturating_add(data.len());
        if received > limit {
            return Err(Refusal::TooLarge { limit });
        }
        sink.push(data)?;
    }
    sink.finish()
}

/// Reads and discards the rest of a refused body. Returns whether it reached the end.
///
/// Most clients read the response only after they have sent the whole request. If the connection
/// closes before that, they only see a broken pipe.
pub(crate) async fn discard<B>(mut body: Pin<&mut B>, headers: &HeaderMap) -> bool
where
    B: HttpBody<Data = Bytes>,
{
    // A client that waits for permission to send the body reads the response first.
    let waits = headers.contains_key(EXPECT);
    if waits || content_length(headers).is_some_and(|length| length > DISCARDED as u64) {
        return false;
    }
    let all = async {
        let mut discarded = 0_usize;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                return false;
            };
            discarded = discarded.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if discarded > DISCARDED {
                return false;
            }
        }
        true
    };
    within(DISCARDED_FOR, all).await.unwrap_or(false)
}

/// Runs a future with a time-out. Returns `None` if the time-out expires.
///
/// It uses the timer of tokio, and only if the future has to wait and there is a runtime. Outside
/// of a tokio runtime, the time-out does not apply.
async fn within<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let ready = poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    });
    if let Some(output) = ready.await {
        return Some(output);
    }
    if time == Duration::MAX || tokio::runtime::Handle::try_current().is_err() {
        return Some(future.await);
    }
    tokio::time::timeout(time, future).await.ok()
}

/// The value of `Content-Length`, which may be wrong.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    length.trim().parse().ok()
}

/// A layer of the user may have its own size limit.
fn broken(error: &(dyn Error + 'static), limit: usize) -> Refusal {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return Refusal::TooLarge { limit };
        }
        next = error.source();
    }
    tracing::debug!(%error, "the body of a request is incomplete");
    Refusal::BrokenOff
}

/// Collects the pieces of a body. `body.rs` of the client does the same. It is too little code to
/// share through `xmlrpc_core`.
enum Sink {
    /// Most bodies arrive in one piece and need no copy.
    One(Bytes),
    Many(Vec<u8>),
    Gzip(Box<Gzip>),
    Zlib(Box<Zlib>),
}

impl Sink {
    fn new(encoding: Encoding, limit: usize) -> Self {
        match encoding {
            Encoding::Identity => Self::One(Bytes::new()),
            Encoding::Gzip => Self::Gzip(Box::new(Gzip::new(limit))),
            Encoding::Deflate => Self::Zlib(Box::new(Zlib::new(limit))),
        }
    }

    fn push(&mut self, data: Bytes) -> Result<(), Refusal> {
        match self {
            Self::One(one) if one.is_empty() => *one = data,
            Self::One(one) => {
                let mut many = Vec::with_capacity((one.len() + data.len()).max(RESERVED));
                many.extend_from_slice(one);
                many.extend_from_slice(&data);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.extend_from_slice(&data),
            Self::Gzip(gzip) => gzip.push(&data)?,
            Self::Zlib(zlib) => zlib.push(&data)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<Bytes, Refusal> {
        match self {
            Self::One(one) => Ok(one),
            Self::Many(many) => Ok(many.into()),
            Self::Gzip(gzip) => gzip.finish(),
            Self::Zlib(zlib) => zlib.finish(),
        }
    }
}
