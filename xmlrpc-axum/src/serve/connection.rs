//! What a connection is doing, shared by its task and by the server's sweeper.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::Waker,
    time::Duration,
};

use super::{
    phase::{Order, Phase, Stage, phase_of, since, word},
    pipeline::Pipeline,
    server::Server,
};

/// The state of one connection.
///
/// Only the task of the connection writes most of it, so plain loads and stores suffice. They cost
/// about a nanosecond each. A timer for each connection or call would cost a hundred times more.
pub(super) struct Connection {
    pub(super) server: Arc<Server>,
    /// The phase in the lower 8 bits, and above it the server's clock when the phase began.
    phase: AtomicU64,
    order: AtomicU8,
    /// The number of requests so far.
    requests: AtomicU32,
    body_open: AtomicBool,
    response_open: AtomicBool,
    /// The service has dropped the body before its end.
    leaves_body: AtomicBool,
    /// Somebody waits for the next piece of the body, and the client has not sent it.
    awaits_body: AtomicBool,
    /// The service waits until it may read the body.
    is_queued: AtomicBool,
    /// The client does not take more of the response.
    write_blocked: AtomicBool,
    received: AtomicU64,
    sent: AtomicU64,
    /// What had been received when the head began.
    head_from: AtomicU64,
    pub(super) pipeline: Pipeline,
    /// The bytes of a head that has waited for its rest, or for the body, and those that TLS cannot decrypt yet.
    /// The server has a sum of these.
    held: AtomicUsize,
    /// Wakes the task of the connection. A tokio task has one waker for its whole life.
    waker: OnceLock<Waker>,
}

/// The progress of a connection, as the sweeper sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) requests: u32,
    pub(super) awaits_body: bool,
    pub(super) write_blocked: bool,
    pub(super) received: u64,
    pub(super) sent: u64,
}

impl Connection {
    pub(super) fn new(server: Arc<Server>) -> Self {
        server.opened();
        let phase = AtomicU64::new(word(Phase::Silent, server.now()));
        Self {
            server,
            phase,
            order: AtomicU8::new(Order::Continue as u8),
            requests: AtomicU32::new(0),
            body_open: AtomicBool::new(false),
            response_open: AtomicBool::new(false),
            leaves_body: AtomicBool::new(false),
            awaits_body: AtomicBool::new(false),
            is_queued: AtomicBool::new(false),
            write_blocked: AtomicBool::new(false),
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            head_from: AtomicU64::new(0),
            pipeline: Pipeline::default(),
            held: AtomicUsize::new(0),
            waker: OnceLock::new(),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        phase_of(self.phase.load(Relaxed))
    }

    /// The server's clock when the phase began, in milliseconds.
    pub(super) fn since(&self) -> u64 {
        since(self.phase.load(Relaxed))
    }

    pub(super) fn in_phase_for(&self, now: u64) -> Duration {
        Duration::from_millis(now.saturating_sub(self.since()))
    }

    fn enter(&self, phase: Phase) {
        self.phase.store(word(phase, self.server.now()), Relaxed);
    }

    /// Whether the connection can be closed without losing a request.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.phase(), Phase::Silent | Phase::Idle)
    }

    /// What would be lost if the connection were closed, or `None` if that is a whole request.
    pub(super) fn stage(&self) -> Option<Stage> {
        match self.phase() {
            Phase::Silent | Phase::Idle => Some(Stage::Idle),
            Phase::Head => Some(Stage::Head),
            Phase::Active if self.awaits_body.load(Relaxed) => Some(Stage::Body),
            Phase::Active => self.is_queued.load(Relaxed).then_some(Stage::Queued),
            Phase::Detached => None,
        }
    }

    // --- what the task reports ---

    pub(super) fn received(&self, bytes: usize) {
        let before = self.received.load(Relaxed);
        self.received
            .store(before.wrapping_add(bytes as u64), Relaxed);
        if self.is_idle() {
            self.head_from.store(before, Relaxed);
            self.pipeline.head_is_early(false);
            self.enter(Phase::Head);
        }
        self.pipeline.reads(true);
    }

    /// The client has not sent more. TLS has so many bytes that it cannot decrypt yet.
    pub(super) fn waits_for_client(&self, undecoded: usize) {
        self.pipeline.reads(false);
        match self.phase() {
            Phase::Silent | Phase::Idle => self.hold(undecoded),
            Phase::Head => self.hold_head(undecoded),
            Phase::Active if undecoded > 0 && self.awaits_body.load(Relaxed) => {
                self.hold_head(undecoded);
            }
            Phase::Active | Phase::Detached => {}
        }
    }

    /// Counts what has arrived of the head, up to its maximum. The rest belongs to the body.
    fn hold_head(&self, undecoded: usize) {
        let received = self.received_of_request();
        let received = usize::try_from(received).unwrap_or(usize::MAX);
        let head = received.min(self.server.settings.max_head_bytes);
        self.hold(head.saturating_add(undecoded));
    }

    fn hold(&self, bytes: usize) {
        // One that is about to close has released them.
        if bytes != self.held.load(Relaxed) && self.is_ordered(Order::Continue) {
            let before = self.held.swap(bytes, Relaxed);
            self.server.hold_heads(before, bytes);
        }
    }

    /// The bytes of the head no longer count.
    pub(super) fn release_head(&self) {
        if self.held.load(Relaxed) > 0 {
            self.server.release_heads(self.held.swap(0, Relaxed));
        }
    }

    pub(super) fn holds_head(&self) -> bool {
        self.held.load(Relaxed) > 0
    }

    pub(super) fn sent(&self, bytes: usize) {
        let sent = self.sent.load(Relaxed).wrapping_add(bytes as u64);
        self.sent.store(sent, Relaxed);
    }

    pub(super) fn write_blocked(&self, blocked: bool) {
        self.write_blocked.store(blocked, Relaxed);
    }

    /// The head of a request has arrived.
    pub(super) fn request_began(&self, has_body: bool) {
        self.pipeline.request_begins(self.phase() == Phase::Head);
        let requests = self.requests.load(Relaxed).wrapping_add(1);
        self.requests.store(requests, Relaxed);
        self.body_open.store(has_body, Relaxed);
        self.response_open.store(true, Relaxed);
        self.leaves_body.store(false, Relaxed);
        self.is_queued.store(false, Relaxed);
        self.enter(Phase::Active);
        if self.is_ordered(Order::CloseIfIdle) {
            // Its place is needed, and it will not be idle for longer than now.
            if self.pipeline.many().is_some() {
                self.pipeline.end_with_next_response();
            }
            self.continue_after(Order::CloseIfIdle);
        }
        if !has_body {
            self.body_ended();
        }
    }

    /// The condition of an order holds no longer.
    fn continue_after(&self, order: Order) {
        if self.is_ordered(order) {
            self.order.store(Order::Continue as u8, Relaxed);
        }
    }

    pub(super) fn awaits_body(&self, awaits: bool) {
        self.awaits_body.store(awaits, Relaxed);
        if awaits && !self.holds_head() {
            self.hold_head(0);
        }
    }

    /// The service waits until it may read the body, or no longer.
    pub(super) fn is_queued(&self, queued: bool) {
        self.is_queued.store(queued, Relaxed);
    }

    /// The service does not read the rest of the body.
    pub(super) fn leaves_body(&self) {
        self.leaves_body.store(true, Relaxed);
    }

    fn received_of_request(&self) -> u64 {
        let received = self.received.load(Relaxed);
        received.wrapping_sub(self.head_from.load(Relaxed))
    }

    /// Whether the connection cannot be used after this response. In a shutdown, the requests that have already
    /// arrived are answered first.
    pub(super) fn closes(&self) -> bool {
        let is_last = || self.server.is_draining() && !self.has_more_to_answer();
        self.pipeline.ends() || is_last()
    }

    fn has_more_to_answer(&self) -> bool {
        self.pipeline.has_more() && self.server.answers_pipelines()
    }

    /// Whether the HTTP layer must read before the response: if it does not find the rest of the body, it closes the
    /// connection, and says so in the response.
    pub(super) fn leaves_rest(&self) -> bool {
        self.leaves_body.load(Relaxed)
    }

    /// Whether the connection ends with this response unless the client is sending another request.
    pub(super) fn may_be_last(&self) -> bool {
        self.server.is_draining()
            && self.server.answers_pipelines()
            && !self.pipeline.has_more()
            && !self.pipeline.ends()
    }

    pub(super) fn body_ended(&self) {
        self.awaits_body.store(false, Relaxed);
        self.body_open.store(false, Relaxed);
        self.release_head();
        self.continue_after(Order::CloseIfIncomplete);
    }

    /// The HTTP layer has taken the whole response. It may not be written yet.
    pub(super) fn response_ended(&self) {
        self.response_open.store(false, Relaxed);
    }

    /// Everything that the HTTP layer has taken is written.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Active
            && !self.response_open.load(Relaxed)
            && !self.body_open.load(Relaxed)
        {
            // If the HTTP layer has read more, it is the next request, or a part of it.
            let has_more = self.pipeline.has_more();
            self.pipeline.head_is_early(has_more);
            self.enter(if has_more { Phase::Head } else { Phase::Idle });
        }
    }

    /// The last response has been written. What the client still sends is discarded.
    pub(super) fn lingers(&self) {
        self.body_ended();
        self.enter(Phase::Idle);
    }

    /// The service learns that the rest of the body does not arrive, because others need the place.
    pub(super) fn made_room(&self) {
        self.body_ended();
        self.pipeline.end_with_next_response();
    }

    /// Whether the rest of a refused head or body may arrive, and the connection can wait for it.
    pub(super) fn may_be_sent_more(&self) -> bool {
        let is_cut = self.leaves_body.load(Relaxed) || self.phase() == Phase::Head;
        is_cut && !self.pipeline.ends()
    }

    /// Whether it must not discard any longer, because its place is needed. In a shutdown, it is not.
    pub(super) fn must_not_linger(&self) -> bool {
        self.should_end() && !self.server.is_stopped()
    }

    pub(super) fn detach(&self) {
        self.enter(Phase::Detached);
    }

    /// Remembers how to wake the task. The task calls this when it starts.
    pub(super) fn set_waker(&self, waker: &Waker) {
        if self.waker.get().is_none() {
            let _ = self.waker.set(waker.clone());
        }
    }

    // --- what the server orders ---

    /// Asks the connection to close, unless a whole request arrives first.
    pub(super) fn make_room(&self, stage: Stage) {
        self.order(match stage {
            Stage::Idle => Order::CloseIfIdle,
            Stage::Head | Stage::Body | Stage::Queued => Order::CloseIfIncomplete,
        });
        self.release_head();
    }

    /// Whether the order to close holds in this moment.
    pub(super) fn should_end(&self) -> bool {
        if self.is_ordered(Order::CloseIfIdle) {
            self.is_idle()
        } else {
            self.is_ordered(Order::CloseIfIncomplete) && self.stage().is_some()
        }
    }

    pub(super) fn is_ordered(&self, order: Order) -> bool {
        self.order.load(Relaxed) == order as u8
    }

    /// Gives an order and wakes the task. If the task has not started yet, it may miss the wake-up:
    /// it looks when it starts, and the sweeper repeats its orders.
    pub(super) fn order(&self, order: Order) {
        if !self.is_ordered(Order::Close) {
            self.order.store(order as u8, Relaxed);
        }
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            requests: self.requests.load(Relaxed),
            awaits_body: self.awaits_body.load(Relaxed),
            write_blocked: self.write_blocked.load(Relaxed),
            received: self.received.load(Relaxed),
            sent: self.sent.load(Relaxed),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.release_head();
        self.server.closed();
    }
}
