//! What only the system knows about a socket.

use std::any::Any;
#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd};

use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

#[cfg(feature = "tls")]
use super::tls::TlsStream;

/// Sends the end of a long response at once, instead of waiting until the client has acknowledged the
/// rest of it.
pub(super) fn send_at_once(io: &dyn Any) {
    let tcp = io.downcast_ref::<TcpStream>();
    #[cfg(feature = "tls")]
    let tcp = tcp.or_else(|| io.downcast_ref::<TlsStream<TcpStream>>()?.below());
    if let Some(Err(error)) = tcp.map(|tcp| tcp.set_nodelay(true)) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
}

/// Whether something is unread in the socket. tokio may not know it yet: it asks the system only
/// from time to time.
///
/// For other kinds of connections, and on systems other than Unix, this returns false.
#[cfg(unix)]
pub(super) fn has_unread(io: &dyn Any) -> bool {
    use rustix::net::{RecvFlags, recv};

    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    descriptor(io).is_some_and(|socket| recv(socket, &mut [0_u8; 1], flags).is_ok())
}

#[cfg(unix)]
fn descriptor(io: &dyn Any) -> Option<BorrowedFd<'_>> {
    if let Some(tcp) = io.downcast_ref::<TcpStream>() {
        return Some(tcp.as_fd());
    }
    if let Some(unix) = io.downcast_ref::<UnixStream>() {
        return Some(unix.as_fd());
    }
    #[cfg(feature = "tls")]
    if let Some(tls) = io.downcast_ref::<TlsStream<TcpStream>>() {
        return Some(tls.below()?.as_fd());
    }
    None
}

#[cfg(not(unix))]
pub(super) fn has_unread(_: &dyn Any) -> bool {
    false
}

/// The maximum number of file descriptors that the process may have, if there is one.
#[cfg(unix)]
pub(super) fn max_descriptors() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
pub(super) fn max_descriptors() -> Option<u64> {
    None
}
