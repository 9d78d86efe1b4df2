//! What only the system knows about a socket.

use std::any::Any;

use tokio::net::TcpStream;

/// Whether something is unread in the socket. tokio may not know it yet: it asks the system only
/// from time to time.
///
/// For other kinds of connections, and on systems other than Unix, this returns false.
#[cfg(unix)]
pub(super) fn has_unread(io: &dyn Any) -> bool {
    use rustix::net::{RecvFlags, recv};

    let socket = if let Some(tcp) = io.downcast_ref::<TcpStream>() {
        std::os::fd::AsFd::as_fd(tcp)
    } else if let Some(unix) = io.downcast_ref::<tokio::net::UnixStream>() {
        std::os::fd::AsFd::as_fd(unix)
    } else {
        return false;
    };
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    recv(socket, &mut [0_u8; 1], flags).is_ok()
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
