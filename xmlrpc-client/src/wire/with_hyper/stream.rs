//! A connection: plain or with TLS, over TCP or a unix socket.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A request of at most so many bytes, with its head, is copied, to be written at once. On Linux, writing
/// two buffers together takes about 250 ns longer than copying 300 bytes and writing one.
const COPIED: usize = 1 << 10;

pub(super) struct Stream {
    pub(super) kind: Kind,
    /// Whether a proxy reads the requests.
    pub(super) is_proxied: bool,
}

pub(super) enum Kind {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
    /// With a proxy that has TLS itself, there is TLS inside of TLS.
    #[cfg(feature = "rustls")]
    Tls(Box<tokio_rustls::client::TlsStream<Stream>>),
}

impl Stream {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            is_proxied: false,
        }
    }

    fn connection(&self) -> Connected {
        match &self.kind {
            Kind::Tcp(stream) => stream.connected(),
            #[cfg(unix)]
            Kind::Unix(_) => Connected::new(),
            #[cfg(feature = "rustls")]
            Kind::Tls(stream) => stream.get_ref().0.connection(),
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.connection().proxy(self.is_proxied)
    }
}

/// Calls a method of the stream inside.
macro_rules! inner {
    ($self:ident, $stream:ident => $call:expr) => {
        match &mut $self.get_mut().kind {
            Kind::Tcp(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            #[cfg(unix)]
            Kind::Unix(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            #[cfg(feature = "rustls")]
            Kind::Tls(stream) => {
                let $stream = Pin::new(&mut **stream);
                $call
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        inner!(self, stream => stream.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        inner!(self, stream => stream.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [first, second] = slices
            && let Some(at_once) = joined(first, second, &mut [0; COPIED])
        {
            return self.poll_write(cx, at_once);
        }
        inner!(self, stream => stream.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.kind {
            Kind::Tcp(stream) => stream.is_write_vectored(),
            #[cfg(unix)]
            Kind::Unix(stream) => stream.is_write_vectored(),
            #[cfg(feature = "rustls")]
            Kind::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inner!(self, stream => stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inner!(self, stream => stream.poll_shutdown(cx))
    }
}

/// Both buffers, one after the other. Nothing if they are too large.
fn joined<'a>(first: &[u8], second: &[u8], into: &'a mut [u8]) -> Option<&'a [u8]> {
    let into = into.get_mut(..first.len() + second.len())?;
    let (start, end) = into.split_at_mut_checked(first.len())?;
    start.copy_from_slice(first);
    end.copy_from_slice(second);
    Some(into)
}
