//! The bytes of a connection: reports what happens to them, and ends the connection when the server
//! says so.

use std::{
    any::Any,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{connection::Connection, linger::Linger, registry::Slot, socket};

/// A response of at most so many bytes, with its head, is copied, to be written at once. On Linux, writing
/// two buffers together takes about 250 ns longer than copying 300 bytes and writing one.
const COPIED: usize = 1 << 10;

/// A connection that writes more than this at once has a client whose reading the server must be able to see.
const LARGE: usize = 32 << 10;

/// After so many bytes without a long pause, a client is fast. The systems of both sides may keep some hundred KiB that
/// it has not read.
const FAST: usize = 1 << 20;

/// With more connections than `FEW`, the server reads less than this at once. So hyper's buffers do not grow,
/// which keep their size while a connection is idle. They begin with 8 KiB, and grow when they are filled.
const READ_AT_ONCE: usize = (8 << 10) - 1;

/// So many connections may have large buffers, of 64 KiB or somewhat more.
const FEW: usize = 256;

/// A connection's I/O.
pub(super) struct Watched<I> {
    io: I,
    /// Whether the last write had to wait.
    blocked: bool,
    /// The server's clock when it had to.
    blocked_at: u64,
    /// What the system keeps of a response that it cannot send yet; 0 if that was not set.
    unsent: u32,
    /// What has been written since the last long pause of the client, if `unsent` is set.
    since_pause: usize,
    /// Whether the client did not take the last response at once, so that a part of it may still be in the system.
    is_behind: bool,
    linger: Option<Linger>,
    slot: Slot,
}

impl<I: 'static> Watched<I> {
    pub(super) fn new(io: I, slot: Slot) -> Self {
        Self {
            io,
            blocked: false,
            blocked_at: 0,
            unsent: 0,
            since_pause: 0,
            is_behind: false,
            linger: None,
            slot,
        }
    }

    fn connection(&self) -> &Connection {
        &self.slot.connection
    }

    /// How many of these bytes should be written at once.
    fn at_once(&mut self, bytes: usize) -> usize {
        if bytes <= LARGE && self.unsent == 0 {
            return bytes;
        }
        self.keep_little(bytes)
    }

    fn keep_little(&mut self, bytes: usize) -> usize {
        let Some(rate) = self.connection().server.settings.min_rate else {
            return bytes;
        };
        let (unsent, at_once) = if self.since_pause >= FAST {
            (rate.unsent(), bytes)
        } else {
            let unsent = rate.unsent_to_slow();
            (unsent, bytes.min(unsent as usize))
        };
        if self.unsent != unsent {
            self.unsent = unsent;
            socket::keep_little_unsent(&self.io, unsent);
        }
        at_once
    }

    fn wrote(&mut self, result: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = result {
            self.connection().sent(*bytes);
            if self.unsent > 0 {
                self.since_pause = self.since_pause.saturating_add(*bytes);
            }
        }
        self.blocked(result.is_pending());
    }

    fn blocked(&mut self, blocked: bool) {
        if self.blocked != blocked {
            self.blocked = blocked;
            let connection = &self.slot.connection;
            connection.write_blocked(blocked);
            let server = &connection.server;
            if blocked {
                self.blocked_at = server.now();
                self.is_behind = true;
                self.keep_little(0);
            } else if server.has_passed(server.settings.tick(), self.blocked_at) {
                self.since_pause = 0;
            }
        }
    }
}

impl<I: AsyncRead + Unpin + 'static> AsyncRead for Watched<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let result = if this.connection().server.is_larger_than(FEW) {
            poll_read_little(&mut this.io, cx, buf)
        } else {
            Pin::new(&mut this.io).poll_read(cx, buf)
        };
        let connection = this.connection();
        if result.is_ready() {
            let bytes = buf.filled().len() - before;
            if bytes > 0 {
                connection.received(bytes);
                this.is_behind = false;
            }
        } else {
            connection.waits_for_client(socket::undecoded(&this.io));
            // A request that is already in the socket is still answered.
            if connection.should_end() && !socket::has_unread(&this.io as &dyn Any) {
                // To the HTTP layer, this looks as if the client had closed the connection.
                return Poll::Ready(Ok(()));
            }
        }
        result
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin + 'static> AsyncWrite for Watched<I> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let at_once = this.at_once(buf.len());
        let buf = buf.get(..at_once).unwrap_or(buf);
        let result = Pin::new(&mut this.io).poll_write(cx, buf);
        this.wrote(&result);
        result
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [first, second] = bufs
            && let Some(at_once) = joined(first, second, &mut [0; COPIED])
        {
            return self.poll_write(cx, at_once);
        }
        let this = self.get_mut();
        let all = bufs.iter().map(|buf| buf.len()).sum();
        let at_once = this.at_once(all);
        let io = Pin::new(&mut this.io);
        let result = if at_once < all {
            io.poll_write_vectored(cx, &first_bytes(bufs, at_once))
        } else {
            io.poll_write_vectored(cx, bufs)
        };
        this.wrote(&result);
        result
    }

    // hyper copies bodies if this is false.
    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_flush(cx);
        match &result {
            Poll::Ready(Ok(())) => {
                this.blocked(false);
                this.connection().flushed();
            }
            // TLS has bytes that the socket does not take.
            Poll::Pending => this.blocked(true),
            Poll::Ready(Err(_)) => {}
        }
        result
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.io).poll_shutdown(cx))?;
            let has_unread = || socket::has_unread(&this.io as &dyn Any);
            if !this.is_behind && !this.connection().may_be_sent_more() && !has_unread() {
                return Poll::Ready(Ok(()));
            }
            this.connection().lingers();
        }
        let connection = &this.slot.connection;
        let linger = this.linger.get_or_insert_with(|| Linger::new(connection));
        linger.poll(&mut this.io, connection, cx).map(Ok)
    }
}

fn poll_read_little<I: AsyncRead + Unpin>(
    io: &mut I,
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let length = buf.remaining().min(READ_AT_ONCE);
    let mut little = ReadBuf::new(buf.initialize_unfilled_to(length));
    ready!(Pin::new(io).poll_read(cx, &mut little))?;
    let read = little.filled().len();
    buf.advance(read);
    Poll::Ready(Ok(()))
}

/// The first of these bytes. They are in the first two buffers that are not empty, unless these are short.
fn first_bytes<'a>(bufs: &'a [IoSlice<'a>], mut bytes: usize) -> [IoSlice<'a>; 2] {
    let mut first = [IoSlice::new(&[]), IoSlice::new(&[])];
    let bufs = bufs.iter().filter(|buf| !buf.is_empty());
    for (place, buf) in first.iter_mut().zip(bufs) {
        let piece = buf.get(..bytes).unwrap_or(buf);
        bytes -= piece.len();
        *place = IoSlice::new(piece);
    }
    first
}

/// Both buffers, one after the other. Nothing if they are too large.
fn joined<'a>(first: &[u8], second: &[u8], into: &'a mut [u8]) -> Option<&'a [u8]> {
    let into = into.get_mut(..first.len() + second.len())?;
    let (start, end) = into.split_at_mut_checked(first.len())?;
    start.copy_from_slice(first);
    end.copy_from_slice(second);
    Some(into)
}
