//! The end of a connection whose client may not have received all of the last response.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Sleep, sleep},
};

use super::connection::Connection;

/// How much is discarded, and for how long: as for a refused body.
const DISCARDED: usize = 16 << 20;
const DISCARDED_FOR: Duration = Duration::from_secs(2);

/// For how long if others wait for the place of the connection.
const BRIEFLY: Duration = Duration::from_millis(200);

/// Reads and discards what a client sends after its last response, until it closes.
///
/// If a socket is closed with unread bytes, or if bytes arrive later, the system resets the connection, and the
/// client loses what it has not received of the response.
pub(super) struct Linger {
    discarded: usize,
    end: Pin<Box<Sleep>>,
}

impl Linger {
    pub(super) fn new(connection: &Connection) -> Self {
        let time = if connection.pipeline.ends() {
            BRIEFLY
        } else {
            DISCARDED_FOR
        };
        Self {
            discarded: 0,
            end: Box::pin(sleep(time)),
        }
    }

    /// Completes when the connection can be closed.
    pub(super) fn poll<I: AsyncRead + Unpin>(
        &mut self,
        io: &mut I,
        connection: &Connection,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let mut space = [0; 4 << 10];
        while self.discarded <= DISCARDED {
            if connection.must_not_linger() || self.end.as_mut().poll(cx).is_ready() {
                break;
            }
            let mut buffer = ReadBuf::new(&mut space);
            if ready!(Pin::new(&mut *io).poll_read(cx, &mut buffer)).is_err() {
                break;
            }
            match buffer.filled().len() {
                0 => break, // the client has closed
                bytes => self.discarded += bytes,
            }
        }
        Poll::Ready(())
    }
}
