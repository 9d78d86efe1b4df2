//! Counts what a client has sent that TLS has not decrypted yet.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The connection below TLS.
pub(super) struct Counted<I> {
    pub(super) io: I,
    /// The bytes since the last of the application, or since the beginning.
    undecoded: usize,
    /// The maximum of these. It holds during the handshake: later, TLS limits its records.
    maximum: Option<usize>,
}

impl<I> Counted<I> {
    pub(super) fn new(io: I, maximum: usize) -> Self {
        Self {
            io,
            undecoded: 0,
            maximum: Some(maximum),
        }
    }

    pub(super) fn undecoded(&self) -> usize {
        self.undecoded
    }

    pub(super) fn handshake_ended(&mut self) {
        self.maximum = None;
        self.decoded();
    }

    /// Bytes of the application have been decrypted.
    pub(super) fn decoded(&mut self) {
        self.undecoded = 0;
    }
}

impl<I: AsyncRead + Unpin> Counted<I> {
    /// Reads at most so many bytes.
    fn poll_read_within(
        &mut self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
        most: usize,
    ) -> Poll<io::Result<()>> {
        let mut within = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut within))?;
        let read = within.filled().len();
        buf.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Counted<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        // One byte more than is allowed: whether the client has sent it cannot be seen otherwise.
        let most = this
            .maximum
            .map(|it| it.saturating_add(1).saturating_sub(this.undecoded));
        match most {
            Some(most) if most < buf.remaining() => ready!(this.poll_read_within(cx, buf, most))?,
            _ => ready!(Pin::new(&mut this.io).poll_read(cx, buf))?,
        }
        this.undecoded = this.undecoded.saturating_add(buf.filled().len() - before);
        match this.maximum {
            Some(maximum) if this.undecoded > maximum => Poll::Ready(Err(too_large(maximum))),
            _ => Poll::Ready(Ok(())),
        }
    }
}

#[cold]
fn too_large(maximum: usize) -> io::Error {
    let text = format!("the client sent more than {maximum} bytes for its TLS handshake");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Counted<I> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}
