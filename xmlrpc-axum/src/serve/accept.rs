//! Accepts connections, also when file descriptors have run out, and at the end those that the
//! system has already accepted.

use std::{any::Any, io, time::Duration};

use axum::serve::Listener;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::server::Server;
#[cfg(feature = "tls")]
use super::tls::TlsListener;

/// How long to wait after an error that the next attempt would probably meet again, unless a
/// connection ends.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a listener of an unknown kind may take to return the next connection that the system
/// has already accepted.
const QUEUED_WITHIN: Duration = Duration::from_millis(20);

/// At most so many connections are taken from the queue of the system at the end. It is longer than
/// any queue of Linux with its usual settings.
const QUEUED: usize = 8192;

/// Accepts a connection.
///
/// `Listener::accept` hides errors: those of tokio's listeners log them and wait for a second. So
/// this handles their errors itself. Other listeners do as they please.
pub(super) async fn accept<L>(listener: &mut L, server: &Server) -> (L::Io, L::Addr)
where
    L: Listener,
    L::Addr: 'static,
{
    if let Some(tcp) = as_mut::<L, TcpListener>(listener) {
        loop {
            match TcpListener::accept(tcp).await {
                Ok(accepted) => {
                    if let Some(accepted) = take(&mut Some(accepted)) {
                        return accepted;
                    }
                }
                Err(error) => recover(error, server).await,
            }
        }
    }
    #[cfg(unix)]
    if let Some(unix) = as_mut::<L, tokio::net::UnixListener>(listener) {
        loop {
            match tokio::net::UnixListener::accept(unix).await {
                Ok(accepted) => {
                    if let Some(accepted) = take(&mut Some(accepted)) {
                        return accepted;
                    }
                }
                Err(error) => recover(error, server).await,
            }
        }
    }
    #[cfg(feature = "tls")]
    if let Some(tls) = as_mut::<L, TlsListener<TcpListener>>(listener) {
        let (tcp, tls) = tls.parts();
        loop {
            match TcpListener::accept(tcp).await {
                Ok((stream, address)) => {
                    if let Some(accepted) = take(&mut Some((tls.secure(stream), address))) {
                        return accepted;
                    }
                }
                Err(error) => recover(error, server).await,
            }
        }
    }
    listener.accept().await
}

/// Continues after an error. If a resource has run out, it closes an idle connection and waits a
/// moment.
async fn recover(error: io::Error, server: &Server) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    // The client has left before it was accepted.
    let gone = [ConnectionAborted, ConnectionRefused, ConnectionReset];
    if gone.contains(&error.kind()) {
        return;
    }
    let closes_idle = server.relieve();
    if server.may_warn() {
        tracing::warn!(%error, closes_idle, "cannot accept connections: trying again");
    }
    let _ = timeout(PAUSE, server.changed()).await;
}

/// Closes the listener, and returns the connections that the system had already accepted. Their
/// clients may have sent a request.
pub(super) async fn close<L>(listener: L) -> Vec<(L::Io, L::Addr)>
where
    L: Listener,
    L::Addr: 'static,
{
    let mut listener = Some(listener);
    if let Some(tcp) = take(&mut listener) {
        return take_all(close_tcp(tcp));
    }
    #[cfg(unix)]
    if let Some(unix) = take(&mut listener) {
        return take_all(close_unix(unix));
    }
    #[cfg(feature = "tls")]
    if let Some(tls) = take::<L, TlsListener<TcpListener>>(&mut listener) {
        let (tcp, tls) = tls.into_parts();
        let accepted = close_tcp(tcp).into_iter();
        let secure = accepted.map(|(stream, address)| (tls.secure(stream), address));
        return take_all(secure.collect());
    }
    let mut accepted = Vec::new();
    while accepted.len() < QUEUED
        && let Some(listener) = &mut listener
        && let Ok(connection) = timeout(QUEUED_WITHIN, listener.accept()).await
    {
        accepted.push(connection);
    }
    accepted
}

/// Asks the system directly: tokio looks at its events only from time to time.
fn close_tcp(listener: TcpListener) -> Vec<(TcpStream, std::net::SocketAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    let accept = || listener.accept().ok();
    let accepted = std::iter::from_fn(accept).take(QUEUED);
    let accepted: Vec<_> = accepted.collect();
    drop(listener);
    let of_tokio = |(stream, address): (std::net::TcpStream, _)| {
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, address))
    };
    accepted.into_iter().filter_map(of_tokio).collect()
}

#[cfg(unix)]
fn close_unix(
    listener: tokio::net::UnixListener,
) -> Vec<(tokio::net::UnixStream, tokio::net::unix::SocketAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    let accept = || listener.accept().ok();
    let accepted = std::iter::from_fn(accept).take(QUEUED);
    let accepted: Vec<_> = accepted.collect();
    drop(listener);
    let of_tokio = |(stream, address): (std::os::unix::net::UnixStream, _)| {
        stream.set_nonblocking(true).ok()?;
        let stream = tokio::net::UnixStream::from_std(stream).ok()?;
        Some((stream, tokio::net::unix::SocketAddr::from(address)))
    };
    accepted.into_iter().filter_map(of_tokio).collect()
}

fn as_mut<T: 'static, U: 'static>(value: &mut T) -> Option<&mut U> {
    (value as &mut dyn Any).downcast_mut()
}

/// Takes the value as another type, if it is of this type.
fn take<T: 'static, U: 'static>(value: &mut Option<T>) -> Option<U> {
    as_mut::<Option<T>, Option<U>>(value)?.take()
}

fn take_all<T: 'static, U: 'static>(values: Vec<T>) -> Vec<U> {
    let values = values.into_iter().map(Some);
    values.filter_map(|mut value| take(&mut value)).collect()
}
