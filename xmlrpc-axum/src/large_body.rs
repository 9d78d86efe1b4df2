//! Reads the rest of a large body.
//!
//! The size of a body is reserved before it is received. If that is unknown, a part is reserved, and more
//! whenever it is needed, but only if the maximum would be free as well. A body that waits for its client gives back
//! what will not arrive in time at its rate, and reserves it again when it needs it. So slow clients take little from
//! others.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{BoxError, body::HttpBody};
use bytes::Bytes;
use http::Extensions;
use tokio::{runtime::Handle, time::Sleep};

use crate::{
    body::{Incoming, Rules, within},
    budget::{Admission, Budget, InFlight, LargeCharge, Queued, SMALL, SlowPlace, with_buffers},
    refusal::Refusal,
};

/// After this many bytes of a large body, other tasks have a turn. Copying or inflating them takes a
/// fraction of a millisecond.
const AT_ONCE: usize = 128 << 10;

/// How often a body that waits for its client looks at what it has reserved.
const SLICE: Duration = Duration::from_millis(250);

/// A body that gives bytes back keeps at least so many beyond those that have arrived. An inflater asks for
/// half of them before each step.
const KEPT: usize = 128 << 10;

/// Without a time-out, it keeps bytes for what arrives in this time at the rate of the last slice.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The time over which the rate of a body is measured.
const MEASURED: Duration = Duration::from_secs(1);

/// A body of fewer bytes per second is slow.
const SLOW: u64 = 64 << 10;

/// What a body of unknown size reserves at first. More of them are a little larger than 64 KiB than have the
/// maximum size.
const FIRST: usize = 128 << 10;

/// Reads the rest of a large body within a time. When this returns, the body may be decoded.
pub(crate) async fn read<B>(
    mut body: Pin<&mut B>,
    rules: &Rules,
    mut incoming: Incoming,
    mut left: Duration,
    in_flight: &mut InFlight,
    extensions: &Extensions,
) -> Result<(Bytes, Option<LargeCharge>), Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let budget = Arc::clone(in_flight.budget());
    let begun = begin(&budget, rules, &incoming, in_flight);
    let mut charge = or_make_room(begun, extensions).await?;
    if !in_flight.go_on(rules.large_head()) {
        return Err(Refusal::Displaced);
    }
    if let Some(length) = rules.size() {
        incoming.sink.reserve(length);
    }
    let mut pace = Pace::new(&budget, rules.size());
    loop {
        let start = Instant::now();
        pace.begin(start, left);
        let rest = read_rest(body.as_mut(), &mut incoming, rules, &mut pace, &charge);
        if within(left, pin!(rest)).await.ok_or(rules.too_slow())?? {
            break;
        }
        if left != Duration::MAX {
            left = left.saturating_sub(start.elapsed());
        }
        if !pace.place.leave() {
            return Err(Refusal::MadeRoom);
        }
        let has = charge.bytes();
        let (part, all) = match rules.size().filter(|size| has < *size) {
            Some(size) => (size, size),
            None => (needed(&incoming, rules), rules.limit),
        };
        let grown = admitted(budget.grow(charge, part, all), rules);
        charge = or_make_room(grown, extensions).await?;
        // So it never needs more than its size.
        if let Some(size) = rules.size() {
            incoming.sink.reserve(size);
        }
    }
    let document = incoming.sink.finish()?;
    if document.len() <= SMALL {
        in_flight.hold(with_buffers(document.len()) + rules.large_head());
        return Ok((document, None));
    }
    charge.shrink(document.len());
    drop(pace);
    let charge = admitted(budget.decode(charge), rules).await?;
    Ok((document, Some(charge)))
}

/// What the next step of a body of unknown size needs.
fn needed(incoming: &Incoming, rules: &Rules) -> usize {
    let needed = incoming.sink.capacity_with(&incoming.pending);
    needed.min(rules.limit)
}

/// Waits until the body may be received. Meanwhile it makes room for small requests.
async fn begin(
    budget: &Arc<Budget>,
    rules: &Rules,
    incoming: &Incoming,
    in_flight: &mut InFlight,
) -> Result<LargeCharge, Refusal> {
    let mut admission = pin!(match rules.size() {
        Some(size) => budget.receive(size, size),
        None => budget.receive(needed(incoming, rules).max(FIRST), rules.limit),
    });
    let kept = incoming.sink.len();
    let overhead = rules.head + incoming.sink.overhead();
    let admitted = poll_fn(|cx| match admission.as_mut().poll(cx) {
        Poll::Ready(charge) => Poll::Ready(Ok(charge)),
        Poll::Pending => match in_flight.queue(kept, overhead, cx.waker()) {
            Queued::Waits => Poll::Pending,
            Queued::TooMuch => Poll::Ready(Err(Refusal::TooManyBytes)),
            Queued::MakesRoom => Poll::Ready(Err(Refusal::Displaced)),
        },
    });
    let admitted = within(rules.admission_timeout, pin!(admitted)).await;
    admitted.ok_or(Refusal::TooManyBytes)?
}

/// While the body waits, its connection can make room for others, if `serve` serves it.
async fn or_make_room<T>(
    admission: impl Future<Output = Result<T, Refusal>>,
    extensions: &Extensions,
) -> Result<T, Refusal> {
    #[cfg(feature = "serve")]
    if let Some(serving) = extensions.get::<crate::serve::Serving>() {
        let admitted = serving.queued(admission).await;
        return admitted.unwrap_or(Err(Refusal::Displaced));
    }
    let _ = extensions;
    admission.await
}

async fn admitted(admission: Admission, rules: &Rules) -> Result<LargeCharge, Refusal> {
    let admitted = within(rules.admission_timeout, pin!(admission)).await;
    admitted.ok_or(Refusal::TooManyBytes)
}

/// Reads the body to its end, or until it needs more than is reserved. Returns whether it has ended.
async fn read_rest<B>(
    mut body: Pin<&mut B>,
    incoming: &mut Incoming,
    rules: &Rules,
    pace: &mut Pace,
    charge: &LargeCharge,
) -> Result<bool, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut turn = incoming.sink.len();
    loop {
        while !incoming.pending.is_empty() {
            let reserved = charge.bytes().max(incoming.sink.capacity());
            let exceeds = incoming.sink.capacity_with(&incoming.pending) > reserved;
            if exceeds && reserved < rules.limit {
                return Ok(false);
            }
            incoming.sink.step(&mut incoming.pending, None)?;
            if incoming.sink.len() - turn > AT_ONCE {
                turn = incoming.sink.len();
                tokio::task::yield_now().await;
            }
        }
        let frame = poll_fn(|cx| match body.as_mut().poll_frame(cx) {
            Poll::Ready(frame) => {
                let frame = frame.map(|it| it.map(|it| it.into_data().unwrap_or_default()));
                Poll::Ready(Ok(frame))
            }
            Poll::Pending if pace.wait(incoming, charge, cx) => Poll::Pending,
            Poll::Pending => Poll::Ready(Err(Refusal::MadeRoom)),
        });
        let frame = frame.await?;
        if !incoming.take(frame)? {
            return Ok(true);
        }
    }
}

/// How fast a body arrives. It is measured only while the body waits for its client.
struct Pace {
    place: SlowPlace,
    /// The size of the document, if it is known.
    size: Option<usize>,
    /// When it must have arrived, if there is a time-out.
    ends: Option<Instant>,
    /// The end of the slice, if it has ever waited.
    timer: Option<Pin<Box<Sleep>>>,
    /// What had arrived when the slice began.
    slice: usize,
    /// When the measurement began, and what had arrived then.
    measured: (Instant, usize),
}

impl Pace {
    fn new(budget: &Arc<Budget>, size: Option<usize>) -> Self {
        Self {
            place: SlowPlace::new(budget),
            size,
            ends: None,
            timer: None,
            slice: 0,
            measured: (Instant::now(), 0),
        }
    }

    /// The body may arrive from now on.
    fn begin(&mut self, now: Instant, left: Duration) {
        self.ends = now.checked_add(left);
        self.timer = None;
    }

    /// The body waits for its client. Returns whether it may: if not, it makes room for another one.
    fn wait(
        &mut self,
        incoming: &mut Incoming,
        charge: &LargeCharge,
        cx: &mut Context<'_>,
    ) -> bool {
        if self.place.must_end() {
            return false;
        }
        if self.timer.is_none() {
            if Handle::try_current().is_err() {
                return true; // no timer is there, and time-outs do not apply either
            }
            // What has arrived until now says nothing about the rate: it was in the buffers of the system.
            self.timer = Some(Box::pin(tokio::time::sleep(SLICE)));
            self.slice = incoming.sink.len();
            self.measured = (Instant::now(), incoming.received);
        }
        while let Some(timer) = &mut self.timer
            && timer.as_mut().poll(cx).is_ready()
        {
            timer.as_mut().reset(tokio::time::Instant::now() + SLICE);
            self.end_slice(incoming, charge, cx);
        }
        true
    }

    fn end_slice(&mut self, incoming: &mut Incoming, charge: &LargeCharge, cx: &Context<'_>) {
        let now = Instant::now();
        let arrived = incoming.sink.len();
        let left = self.ends.map(|ends| ends.saturating_duration_since(now));
        let left = left.unwrap_or(KEPT_FOR);

        let slice = arrived.saturating_sub(self.slice);
        self.slice = arrived;
        let soon = usize::try_from(left.as_millis() / SLICE.as_millis()).unwrap_or(usize::MAX);
        let soon = slice.saturating_mul(soon).max(KEPT);
        let keep = arrived.saturating_add(soon);
        if keep < charge.bytes() {
            incoming.sink.shrink_to(keep);
            charge.shrink(keep.max(incoming.sink.capacity_soon()));
        }

        let (since, before) = self.measured;
        let time = now.saturating_duration_since(since);
        if time < MEASURED {
            return;
        }
        // An inflater makes much of little.
        let received = incoming.received;
        self.measured = (now, received);
        let rate = rate(received.saturating_sub(before), time);
        let rest = self.size.map_or(0, |size| size.saturating_sub(arrived));
        if rate < SLOW || (rest as u64) / rate > left.as_secs() {
            self.place.enter(rate, charge.bytes(), cx.waker());
        } else {
            self.place.leave();
        }
    }
}

/// Bytes per second.
fn rate(bytes: usize, time: Duration) -> u64 {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    (bytes as u64).saturating_mul(1000) / millis
}
