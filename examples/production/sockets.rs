//! Where the server listens: a socket that systemd has opened, an address, or the path of a unix socket.

use std::{io, net, os::unix, path::Path};

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

pub(crate) enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Socket {
    /// The socket that systemd has opened, if it started this process for one. Connections that arrive while no
    /// process listens, as during a restart, wait in this socket.
    pub(crate) fn from_systemd() -> io::Result<Option<Self>> {
        let mut passed = ListenFd::from_env();
        match passed.len() {
            0 => return Ok(None),
            1 => {}
            more => {
                let text = format!(
                    "systemd passed {more} sockets; keep one `Listen…=` in the socket unit"
                );
                return Err(io::Error::other(text));
            }
        }
        // Each of these fails if the socket is of the other kind, and leaves it where it is.
        if let Ok(Some(listener)) = passed.take_tcp_listener(0) {
            return Self::tcp(listener).map(Some);
        }
        let listener = passed.take_unix_listener(0)?;
        listener.map(Self::unix).transpose()
    }

    /// Listens on an address, or on the socket whose path follows `unix:`. It replaces a socket that a process has
    /// left behind.
    pub(crate) async fn bind(address: &str) -> io::Result<Self> {
        match address.strip_prefix("unix:") {
            None => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            Some(path) => {
                if is_stale(path) {
                    let _ = std::fs::remove_file(path);
                }
                Ok(Self::Unix(UnixListener::bind(path)?))
            }
        }
    }

    fn tcp(listener: net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(Self::Tcp(TcpListener::from_std(listener)?))
    }

    fn unix(listener: unix::net::UnixListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(Self::Unix(UnixListener::from_std(listener)?))
    }

    /// The URL for callers, with `http` or `https` as its scheme. That of a unix socket begins with `unix`.
    pub(crate) fn url(&self, scheme: &str) -> String {
        match self {
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("{scheme}://{address}"),
                Err(error) => format!("{scheme}://({error})"),
            },
            Self::Unix(listener) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                format!("unix://{}", path.unwrap_or(Path::new("")).display())
            }
        }
    }

    /// Whether only this machine can connect.
    pub(crate) fn is_local(&self) -> bool {
        match self {
            Self::Tcp(listener) => listener
                .local_addr()
                .is_ok_and(|address| address.ip().is_loopback()),
            Self::Unix(_) => true,
        }
    }
}

/// Whether a path is a socket on which nobody listens any more.
fn is_stale(path: &str) -> bool {
    let connected = unix::net::UnixStream::connect(path);
    connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}
