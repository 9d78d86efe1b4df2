//! Accepts connections, also when file descriptors have run out.

use std::{any::Any, io, time::Duration};

use axum::serve::Listener;
use tokio::{net::TcpListener, time::timeout};

use super::server::Server;
#[cfg(feature = "tls")]
use super::tls::TlsListener;

/// How long to wait after an error that the next attempt would probably meet again, unless a
/// connection ends.
const PAUSE: Duration = Duration::from_millis(50);

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
pub(super) async fn recover(error: io::Error, server: &Server) {
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

fn as_mut<T: 'static, U: 'static>(value: &mut T) -> Option<&mut U> {
    (value as &mut dyn Any).downcast_mut()
}

/// Takes the value as another type, if it is of this type.
pub(super) fn take<T: 'static, U: 'static>(value: &mut Option<T>) -> Option<U> {
    as_mut::<Option<T>, Option<U>>(value)?.take()
}
