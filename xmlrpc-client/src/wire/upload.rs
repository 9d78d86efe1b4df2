//! Sends the body of a large request in pieces, so that the client notices a response before its end.
//!
//! A server that does not accept a body of this size responds early and closes the connection. As
//! soon as the client writes to it again, that response is lost. So the client looks for a response
//! before each piece, and sends no more if the response is a refusal.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use xmlrpc_core::client::ProgressReporter;

/// A body of fewer bytes is sent at once.
pub(crate) const LARGE: usize = 256 << 10;
const PIECE: usize = 128 << 10;

/// The sender learns of an early response after two turns of the runtime: in the first, the
/// connection reads it. In the second, the task of the call receives it.
const TURNS: u8 = 2;

pub(crate) struct Upload {
    rest: Bytes,
    gate: Arc<Gate>,
    turns: u8,
    turn: Option<Pin<Box<dyn Future<Output = ()> + Send + Sync>>>,
    progress: Option<ProgressReporter>,
}

/// The end of an upload that the task of the call holds. If it is dropped, the upload stops.
pub(crate) struct Control {
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    state: Mutex<(Flow, Option<Waker>)>,
}

#[derive(Clone, Copy, Default)]
enum Flow {
    #[default]
    Open,
    Paused,
    Stopped,
}

impl Upload {
    pub(crate) fn new(body: Bytes, progress: Option<ProgressReporter>) -> (Self, Control) {
        let gate = Arc::new(Gate::default());
        let control = Control {
            gate: Arc::clone(&gate),
        };
        let upload = Self {
            rest: body,
            gate,
            turns: 0,
            turn: None,
            progress,
        };
        (upload, control)
    }

    /// Lets the other tasks and the sockets have their turns.
    fn poll_turns(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.turns > 0 {
            let turn = self
                .turn
                .get_or_insert_with(|| Box::pin(tokio::task::yield_now()));
            ready!(turn.as_mut().poll(cx));
            self.turn = None;
            self.turns -= 1;
        }
        Poll::Ready(())
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.poll_turns(cx));
        {
            let (flow, waker) = &mut *self.gate.state();
            match flow {
                Flow::Open => {}
                Flow::Paused => {
                    *waker = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                Flow::Stopped => {
                    let error = io::Error::other("the call has ended");
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let piece = self.rest.len().min(PIECE);
        self.turns = TURNS;
        if let Some(progress) = &self.progress {
            progress.sent(piece);
        }
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

impl Control {
    /// Sends nothing more. The connection can still be read.
    pub(crate) fn pause(&self) {
        self.gate.set(Flow::Paused);
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.gate.set(Flow::Stopped);
    }
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, (Flow, Option<Waker>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, flow: Flow) {
        let waker = {
            let mut state = self.state();
            state.0 = flow;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
