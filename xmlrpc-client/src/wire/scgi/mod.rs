//! SCGI over TCP or a unix socket. Each request has its own connection.

mod request;
mod response;

use std::{io, path::PathBuf, time::Duration};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use xmlrpc_core::{
    Response,
    client::{BoxError, ProgressReporter, TransportError},
};

use self::response::Failure;
use super::body::too_large;
use crate::{BuildError, connection_settings::ConnectionSettings, error::PeerError, url::Url};

pub(crate) struct Scgi {
    destination: Destination,
    /// The path and query of the URL, which may be secret.
    uri: String,
    connect_timeout: Duration,
    /// The server, as it may be shown.
    peer: String,
}

enum Destination {
    Tcp {
        host: String,
        port: u16,
    },
    #[cfg_attr(not(unix), allow(dead_code))]
    Unix(PathBuf),
}

impl Scgi {
    pub(crate) fn new(url: &Url, settings: &ConnectionSettings) -> Result<Self, BuildError> {
        let (peer, destination) = match (&settings.unix_socket, url.port()) {
            (Some(socket), _) => (
                format!("scgi+unix://{}", socket.display()),
                Destination::Unix(socket.clone()),
            ),
            (None, Some(port)) => {
                let host = match settings.address {
                    Some(address) => address.to_string(),
                    None => url.host_name().to_owned(),
                };
                (settings.origin(url), Destination::Tcp { host, port })
            }
            (None, None) => {
                return Err(BuildError::new(
                    "the URL must contain a port: SCGI has no default port",
                ));
            }
        };
        Ok(Self {
            destination,
            uri: url.target(),
            connect_timeout: settings.connect_timeout,
            peer,
        })
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    pub(crate) async fn send(
        &self,
        headers: HeaderMap,
        body: Bytes,
        limit: usize,
        progress: Option<&ProgressReporter>,
    ) -> Result<Response, TransportError> {
        let head = request::head(&self.uri, &headers, body.len());
        let message = Message {
            head: head.len(),
            bytes: Bytes::from(head).chain(body),
            limit,
            progress,
        };
        match &self.destination {
            Destination::Tcp { host, port } => {
                let stream = self.connect(TcpStream::connect((host.as_str(), *port)));
                let stream = stream.await?;
                // If this fails, calls longer than a packet are only slower.
                let _ = stream.set_nodelay(true);
                self.exchange(stream, message).await
            }
            #[cfg(unix)]
            Destination::Unix(path) => {
                let stream = self.connect(tokio::net::UnixStream::connect(path)).await?;
                self.exchange(stream, message).await
            }
            #[cfg(not(unix))]
            Destination::Unix(_) => Err(TransportError::connect(
                "this platform does not support unix sockets",
            )),
        }
    }

    async fn connect<S>(
        &self,
        connecting: impl Future<Output = io::Result<S>>,
    ) -> Result<S, TransportError> {
        let after = self.connect_timeout;
        let error = match timeout(after, connecting).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => PeerError::new(&self.peer, error),
            Err(_) => PeerError::new(&self.peer, format!("no connection within {after:?}")),
        };
        Err(TransportError::connect(error))
    }

    /// The sending half stays open: rTorrent takes its end as a sign that the caller has gone.
    async fn exchange(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        message: Message<'_, impl Buf>,
    ) -> Result<Response, TransportError> {
        let (limit, progress) = (message.limit, message.progress);
        let written = message.write(&mut stream).await;
        // A server that refuses a request may respond and close before it has received the whole
        // request.
        let received = response::read(&mut stream, limit, progress).await;
        let failure = match (received, written) {
            (Ok(response), _) => return Ok(response),
            (Err(Failure::Io(_) | Failure::Closed), Err(error)) => Failure::Io(error),
            (Err(failure), _) => failure,
        };
        Err(match failure {
            Failure::Body => too_large(limit),
            Failure::Head => {
                TransportError::limit(format!("its head exceeds {} bytes", response::HEAD))
            }
            Failure::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                TransportError::timeout(PeerError::new(&self.peer, error))
            }
            Failure::Io(error) => self.broken(error),
            Failure::Closed => self.broken("the connection was closed before a response arrived"),
            Failure::Broken(text) => self.broken(text),
        })
    }

    fn broken(&self, source: impl Into<BoxError>) -> TransportError {
        TransportError::other(PeerError::new(&self.peer, source))
    }
}

/// With reports about its progress, a request is written in pieces of this size.
const PIECE: usize = 128 << 10;

/// A request, with the maximum size of its response.
struct Message<'a, B> {
    bytes: B,
    /// The length of the head, with which it begins.
    head: usize,
    limit: usize,
    progress: Option<&'a ProgressReporter>,
}

impl<B: Buf> Message<'_, B> {
    async fn write(mut self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let Some(progress) = self.progress else {
            return stream.write_all_buf(&mut self.bytes).await;
        };
        while self.bytes.has_remaining() {
            let mut piece = (&mut self.bytes).take(PIECE);
            let written = stream.write_buf(&mut piece).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            let of_head = written.min(self.head);
            self.head -= of_head;
            progress.sent(written - of_head);
        }
        Ok(())
    }
}
