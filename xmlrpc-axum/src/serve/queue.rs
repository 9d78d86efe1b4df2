//! The connections that the system had already accepted when the server stops accepting. Their clients may have
//! sent a request.

use std::{io, net, time::Duration};

use axum::serve::Listener;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

#[cfg(feature = "tls")]
use super::tls::TlsListener;
use super::{
    accept::{recover, take},
    server::Server,
};

/// How long a listener of an unknown kind may take to return the next connection.
const WITHIN: Duration = Duration::from_millis(20);

/// At most so many connections are taken. It is longer than any queue of Linux with its usual settings.
const LONGEST: usize = 8192;

/// The queue of a listener.
pub(super) struct Queue<L: Listener> {
    source: Source<L>,
    taken: usize,
}

type Accepted<L> = (<L as Listener>::Io, <L as Listener>::Addr);

enum Source<L: Listener> {
    /// This asks the system directly: tokio looks at its events only from time to time.
    System(Box<dyn FnMut() -> io::Result<Accepted<L>> + Send>),
    Other(L),
}

impl<L> Queue<L>
where
    L: Listener,
    L::Addr: 'static,
{
    pub(super) fn of(listener: L) -> io::Result<Self> {
        Ok(Self {
            source: Source::of(listener)?,
            taken: 0,
        })
    }

    /// Takes the next connection. If a resource has run out, it waits until there is some again.
    pub(super) async fn next(&mut self, server: &Server) -> Option<Accepted<L>> {
        if self.taken == LONGEST {
            return None;
        }
        self.taken += 1;
        match &mut self.source {
            Source::System(accept) => loop {
                match accept() {
                    Ok(accepted) => return Some(accepted),
                    Err(error) if is_end(&error) => return None,
                    Err(error) => recover(error, server).await,
                }
            },
            Source::Other(listener) => timeout(WITHIN, listener.accept()).await.ok(),
        }
    }
}

/// Whether there are no connections, or none can be taken.
fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::InvalidInput
    )
}

impl<L> Source<L>
where
    L: Listener,
    L::Addr: 'static,
{
    fn of(listener: L) -> io::Result<Self> {
        let mut listener = Some(listener);
        if let Some(tcp) = take::<L, TcpListener>(&mut listener) {
            let tcp = tcp.into_std()?;
            return Ok(Self::system(move || accept_tcp(&tcp)));
        }
        #[cfg(unix)]
        if let Some(unix) = take::<L, tokio::net::UnixListener>(&mut listener) {
            let unix = unix.into_std()?;
            return Ok(Self::system(move || accept_unix(&unix)));
        }
        #[cfg(feature = "tls")]
        if let Some(tls) = take::<L, TlsListener<TcpListener>>(&mut listener) {
            let (tcp, tls) = tls.into_parts();
            let tcp = tcp.into_std()?;
            return Ok(Self::system(move || {
                let (stream, address) = accept_tcp(&tcp)?;
                Ok((tls.secure(stream), address))
            }));
        }
        let other = listener.map(Self::Other);
        other.ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    fn system<T: 'static>(mut accept: impl FnMut() -> io::Result<T> + Send + 'static) -> Self {
        Self::System(Box::new(move || {
            let accepted = take(&mut Some(accept()?));
            accepted.ok_or_else(|| io::ErrorKind::InvalidInput.into())
        }))
    }
}

fn accept_tcp(listener: &net::TcpListener) -> io::Result<(TcpStream, net::SocketAddr)> {
    let (stream, address) = listener.accept()?;
    stream.set_nonblocking(true)?;
    Ok((TcpStream::from_std(stream)?, address))
}

#[cfg(unix)]
fn accept_unix(
    listener: &std::os::unix::net::UnixListener,
) -> io::Result<(tokio::net::UnixStream, tokio::net::unix::SocketAddr)> {
    let (stream, address) = listener.accept()?;
    stream.set_nonblocking(true)?;
    Ok((tokio::net::UnixStream::from_std(stream)?, address.into()))
}
