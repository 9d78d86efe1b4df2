//! Reads the body of a request, with a maximum size, a time-out and a budget.

use std::{
    error::Error,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::{Duration, Instant},
};

use axum::{BoxError, body::HttpBody};
use bytes::Bytes;
use http::{
    Extensions, HeaderMap,
    header::{CONTENT_LENGTH, EXPECT},
};
use http_body_util::{BodyExt, LengthLimitError};

use crate::{
    budget::{InFlight, LargeCharge, SMALL, with_buffers},
    head::{self, Head},
    large_body,
    refusal::{MadeRoom, Refusal},
    sink::Sink,
};

/// How much of a refused body is read, and for how long. Some clients, such as Python's, read the
/// response only after they have sent everything. This lets them find it, and still limits the
/// work.
const DISCARDED: usize = 16 << 20;
const DISCARDED_FOR: Duration = Duration::from_secs(2);

/// Headers that take more memory than this count as bytes in flight until the response is made.
const LARGE_HEAD: usize = 4 << 10;

/// A body of at most so many bytes is not checked again when it has arrived.
const UNCHECKED: usize = 4 << 10;

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Deflate,
}

impl Encoding {
    pub(crate) fn of(head: &Head<'_>) -> Result<Self, Refusal> {
        let Some(value) = head.encoding else {
            return Ok(Self::Identity);
        };
        let value = value.to_str().unwrap_or("?").trim().to_ascii_lowercase();
        match value.as_str() {
            _ if head.has_encodings => Err(Refusal::ContentEncoding),
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            _ => Err(Refusal::ContentEncoding),
        }
    }
}

/// How a body is read.
pub(crate) struct Rules {
    pub(crate) encoding: Encoding,
    /// The `Content-Length`, if there is one. It does not exceed `limit`.
    pub(crate) length: Option<usize>,
    /// The maximum of the received size, and of the inflated size.
    pub(crate) limit: usize,
    /// About how much memory the headers take.
    pub(crate) head: usize,
    /// The time-out for the whole body, without the time that it waits for the budget.
    pub(crate) timeout: Duration,
    /// How long a large body waits for the budget.
    pub(crate) admission_timeout: Duration,
}

impl Rules {
    /// The bytes of the headers, if they count. Those of most requests do not, because they have few.
    pub(crate) fn large_head(&self) -> usize {
        if self.head > LARGE_HEAD { self.head } else { 0 }
    }

    /// The size of the document, if it is known before it arrives.
    pub(crate) fn size(&self) -> Option<usize> {
        self.length.filter(|_| self.encoding == Encoding::Identity)
    }

    pub(crate) fn too_slow(&self) -> Refusal {
        Refusal::TooSlow {
            timeout: self.timeout,
        }
    }
}

/// Reads the whole body and inflates it. A large body has a charge, and may be decoded now.
pub(crate) async fn read<B>(
    mut body: Pin<&mut B>,
    rules: &Rules,
    in_flight: &mut InFlight,
    extensions: &Extensions,
) -> Result<(Bytes, Option<LargeCharge>), Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut incoming = Incoming {
        sink: Sink::new(rules.encoding, rules.limit),
        pending: Bytes::new(),
        received: 0,
        limit: rules.limit,
    };
    let is_exact = rules.encoding == Encoding::Identity;
    let mut left = rules.timeout;
    if rules.length.is_none_or(|length| length <= SMALL) {
        // Most bodies have a small `Content-Length`. They need no clock.
        let clock = (!is_exact || rules.length.is_none()).then(Instant::now);
        let is_whole = within(
            left,
            pin!(incoming.read_small(body.as_mut(), rules, in_flight)),
        )
        .await;
        if is_whole.ok_or(rules.too_slow())?? {
            let document = incoming.sink.finish()?;
            if !in_flight.go_on(with_buffers(document.len()) + rules.large_head()) {
                return Err(Refusal::MadeRoom);
            }
            // One that has waited could have had the bytes of the reserve.
            if document.len() > UNCHECKED && !in_flight.fits() {
                return Err(Refusal::TooManyBytes);
            }
            return Ok((document, None));
        }
        if left != Duration::MAX {
            left = left.saturating_sub(clock.map_or(Duration::ZERO, |clock| clock.elapsed()));
        }
    }
    let large = large_body::read(body, rules, incoming, left, in_flight, extensions);
    Box::pin(large).await
}

/// A body while it is read.
pub(crate) struct Incoming {
    pub(crate) sink: Sink,
    /// What has been received and is not in the sink yet.
    pub(crate) pending: Bytes,
    /// Before it is inflated.
    pub(crate) received: usize,
    limit: usize,
}

impl Incoming {
    /// Reads the body while it is small. Returns whether it was read to its end.
    async fn read_small<B>(
        &mut self,
        mut body: Pin<&mut B>,
        rules: &Rules,
        in_flight: &mut InFlight,
    ) -> Result<bool, Refusal>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        loop {
            while !self.pending.is_empty() {
                if self.sink.len_with(&self.pending) > SMALL {
                    return Ok(false);
                }
                self.sink.step(&mut self.pending, rules.size())?;
                in_flight.hold(with_buffers(self.sink.len()) + rules.large_head());
                if !in_flight.fits() {
                    return Err(Refusal::TooManyBytes);
                }
            }
            let frame = poll_fn(|cx| match body.as_mut().poll_frame(cx) {
                Poll::Ready(frame) => {
                    // Trailers count as an empty piece.
                    let frame = frame.map(|it| it.map(|it| it.into_data().unwrap_or_default()));
                    Poll::Ready(Ok(frame))
                }
                Poll::Pending => {
                    let overhead = rules.head + self.sink.overhead();
                    if in_flight.wait(self.sink.len(), overhead, cx.waker()) {
                        Poll::Pending
                    } else {
                        Poll::Ready(Err(Refusal::MadeRoom))
                    }
                }
            });
            if !self.take(frame.await?)? {
                return Ok(true);
            }
        }
    }

    /// Takes a piece of the body. Returns whether there was one.
    pub(crate) fn take<E: Into<BoxError>>(
        &mut self,
        data: Option<Result<Bytes, E>>,
    ) -> Result<bool, Refusal> {
        let Some(data) = data else {
            return Ok(false);
        };
        let data = data.map_err(|error| broken(&*error.into(), self.limit))?;
        self.received = self.received.saturating_add(data.len());
        if self.received > self.limit {
            return Err(Refusal::TooLarge { limit: self.limit });
        }
        self.pending = data;
        Ok(true)
    }
}

/// Whether the rest of a refused body may be discarded.
pub(crate) fn may_discard(headers: &HeaderMap) -> bool {
    // A client that waits for permission to send the body reads the response first.
    let waits = headers.contains_key(EXPECT);
    let length = headers.get(CONTENT_LENGTH).and_then(head::length);
    !waits && length.is_none_or(|length| length <= DISCARDED as u64)
}

/// Reads and discards the rest of a refused body. Returns whether it reached the end.
///
/// Most clients read the response only after they have sent the whole request. If the connection
/// closes before that, they only see a broken pipe.
pub(crate) async fn discard<B>(mut body: Pin<&mut B>) -> bool
where
    B: HttpBody<Data = Bytes>,
{
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
    within(DISCARDED_FOR, pin!(all)).await.unwrap_or(false)
}

/// Runs a future with a time-out. Returns `None` if the time-out expires.
///
/// It uses the timer of tokio, and only if the future has to wait and there is a runtime. Outside
/// of a tokio runtime, the time-out does not apply.
///
/// The future is pinned by the caller, because this one would hold it twice.
pub(crate) async fn within<F: Future>(
    time: Duration,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
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
    // Most futures need no timer, which is large.
    Box::pin(tokio::time::timeout(time, future)).await.ok()
}

/// A layer of the user may have its own size limit.
fn broken(error: &(dyn Error + 'static), limit: usize) -> Refusal {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<LengthLimitError>() {
            return Refusal::TooLarge { limit };
        }
        if error.is::<MadeRoom>() {
            return Refusal::MadeRoom;
        }
        next = error.source();
    }
    tracing::debug!(%error, "the body of a request is incomplete");
    Refusal::BrokenOff
}
