//! What only the system knows about a socket.

use std::any::Any;
#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd};

use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

#[cfg(feature = "tls")]
use super::tls::TlsStream;

/// Lets the system take not much more than this of a large response before it can send it.
///
/// By default it takes up to 4 MiB, and has room again only when a third of that is free. A client with 40 KiB
/// per second then seems to read nothing for half a minute. For connections other than TCP, and on systems
/// other than Linux, this does nothing.
pub(super) fn keep_little_unsent(io: &dyn Any, bytes: u32) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(tcp) = tcp(io)
        && let Err(error) = socket2::SockRef::from(tcp).set_tcp_notsent_lowat(bytes)
    {
        tracing::debug!(%error, "cannot set TCP_NOTSENT_LOWAT");
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = (io, bytes);
}

/// Sends the end of a long response at once, instead of waiting until the client has acknowledged the
/// rest of it.
pub(super) fn send_at_once(io: &dyn Any) {
    if let Some(Err(error)) = tcp(io).map(|tcp| tcp.set_nodelay(true)) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
}

/// The bytes that TLS has received and cannot decrypt yet, because the rest of them is missing.
pub(super) fn undecoded(io: &dyn Any) -> usize {
    #[cfg(feature = "tls")]
    if let Some(tls) = io.downcast_ref::<TlsStream<TcpStream>>() {
        return tls.undecoded();
    }
    #[cfg(all(feature = "tls", unix))]
    if let Some(tls) = io.downcast_ref::<TlsStream<UnixStream>>() {
        return tls.undecoded();
    }
    let _ = io;
    0
}

fn tcp(io: &dyn Any) -> Option<&TcpStream> {
    let tcp = io.downcast_ref::<TcpStream>();
    #[cfg(feature = "tls")]
    let tcp = tcp.or_else(|| io.downcast_ref::<TlsStream<TcpStream>>()?.below());
    tcp
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
    if let Some(tcp) = tcp(io) {
        return Some(tcp.as_fd());
    }
    io.downcast_ref::<UnixStream>().map(AsFd::as_fd)
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
