//! TLS below the HTTP connection.

use std::{
    fmt, io,
    path::PathBuf,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll, ready},
};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{
    Accept, TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::{CryptoProvider, aws_lc_rs},
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server,
};

use super::counted::Counted;

/// The maximum of what a client may send before its handshake has ended.
///
/// Without certificates of clients, a handshake usually takes less than 4 KiB. A long chain of these takes 20
/// KiB. The first record of a request may follow at once: it has 16 KiB at most, and rustls reads it as well.
const MAX_HANDSHAKE_BYTES: usize = 48 << 10;

/// How many bytes TLS encrypts before the system takes them: one record. With rustls' default of 64 KiB, the server
/// would not see for long that a slow client reads.
const UNSENT: usize = 16 << 10;

/// The certificate of a server and its other settings for TLS. They can be reloaded while the server
/// runs.
///
/// ```no_run
/// # use xmlrpc_core::Dispatcher;
/// # async fn serve(dispatcher: Dispatcher) -> std::io::Result<()> {
/// use xmlrpc_axum::Tls;
///
/// let tls = Tls::from_pem_files("fullchain.pem", "privkey.pem")?;
/// let listener = tokio::net::TcpListener::bind("[::]:8443").await?;
/// xmlrpc_axum::serve(tls.listen(listener), xmlrpc_axum::router(dispatcher))
///     .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
///     .await
/// # }
/// ```
///
/// A program that renews certificates usually tells servers by a signal:
///
/// ```no_run
/// # use xmlrpc_axum::Tls;
/// # #[cfg(unix)]
/// # fn reload_on_hangup(tls: Tls) -> std::io::Result<()> {
/// use tokio::signal::unix::{SignalKind, signal};
///
/// let mut hangup = signal(SignalKind::hangup())?;
/// tokio::spawn(async move {
///     while hangup.recv().await.is_some() {
///         if let Err(error) = tls.reload() {
///             tracing::error!(%error, "keeping the old certificate");
///         }
///     }
/// });
/// # Ok(())
/// # }
/// ```
///
/// It uses rustls with the process's default cryptography, or else with aws-lc-rs, as the client
/// does. Cloning is cheap, and clones share the settings.
#[derive(Clone)]
pub struct Tls {
    shared: Arc<Shared>,
}

struct Shared {
    load: Box<dyn Fn() -> io::Result<ServerConfig> + Send + Sync>,
    current: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads a certificate with its chain, and its private key, from PEM files. Clients need no
    /// certificate.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or contains nothing suitable, or if the key does not belong to the
    /// certificate. The error names the file.
    pub fn from_pem_files(
        certificates: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> io::Result<Self> {
        let (certificates, key) = (certificates.into(), key.into());
        Self::new(move || {
            let chain = CertificateDer::pem_file_iter(&certificates)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| invalid(certificates.display(), error))?;
            if chain.is_empty() {
                return Err(invalid(
                    certificates.display(),
                    "it contains no certificate",
                ));
            }
            let private = PrivateKeyDer::from_pem_file(&key)
                .map_err(|error| invalid(key.display(), error))?;
            let provider = CryptoProvider::get_default()
                .map_or_else(|| Arc::new(aws_lc_rs::default_provider()), Arc::clone);
            let config = ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(io::Error::other)?
                .with_no_client_auth();
            config
                .with_single_cert(chain, private)
                .map_err(|error| invalid(certificates.display(), error))
        })
    }

    /// Uses settings that a function makes, for example to require certificates of clients, or to
    /// choose a certificate by name. [`reload`](Self::reload) calls the function again.
    ///
    /// Unless the settings name protocols (ALPN), the server offers `http/1.1`, which is the only one that
    /// [`serve`](crate::serve()) speaks.
    ///
    /// # Errors
    ///
    /// The error of the function.
    pub fn new(
        load: impl Fn() -> io::Result<ServerConfig> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let current = RwLock::new(prepared(load()?));
        let shared = Arc::new(Shared {
            load: Box::new(load),
            current,
        });
        Ok(Self { shared })
    }

    /// Reads the files again. New connections use what they contain, and existing ones stay as they
    /// are.
    ///
    /// # Errors
    ///
    /// As for [`from_pem_files`](Self::from_pem_files). The server then continues with what it had.
    pub fn reload(&self) -> io::Result<()> {
        let new = prepared((self.shared.load)()?);
        let current = self.shared.current.write();
        *current.unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// A listener whose connections use TLS.
    ///
    /// The handshake is part of the connection. So it does not hold up others, and
    /// [`header_timeout`](crate::Serve::header_timeout) limits it. A client may send at most 48 KiB for it, and
    /// [`max_buffered_head_bytes`](crate::Serve::max_buffered_head_bytes) limits the bytes of all handshakes
    /// together. With another server than
    /// [`serve`](crate::serve()), it begins when the connection is first read or written.
    pub fn listen<L>(&self, listener: L) -> TlsListener<L> {
        TlsListener {
            listener,
            tls: self.clone(),
        }
    }

    /// A connection with TLS.
    pub(super) fn secure<I: AsyncRead + AsyncWrite + Unpin>(&self, io: I) -> TlsStream<I> {
        let current = self.shared.current.read();
        let current = Arc::clone(&current.unwrap_or_else(PoisonError::into_inner));
        let io = Counted::new(io, MAX_HANDSHAKE_BYTES);
        let acceptor = TlsAcceptor::from(current);
        let accept = acceptor.accept_with(io, |tls| tls.set_buffer_limit(Some(UNSENT)));
        TlsStream(State::Handshake(Box::new(accept)))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn prepared(mut config: ServerConfig) -> Arc<ServerConfig> {
    if config.alpn_protocols.is_empty() {
        config.alpn_protocols.push(b"http/1.1".to_vec());
    }
    Arc::new(config)
}

fn invalid(file: impl fmt::Display, error: impl fmt::Display) -> io::Error {
    let text = format!("cannot use `{file}` for TLS: {error}");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// A listener whose connections use TLS: see [`Tls::listen`].
#[derive(Debug)]
pub struct TlsListener<L> {
    listener: L,
    tls: Tls,
}

impl<L> TlsListener<L> {
    pub(super) fn into_parts(self) -> (L, Tls) {
        (self.listener, self.tls)
    }

    pub(super) fn parts(&mut self) -> (&mut L, &Tls) {
        (&mut self.listener, &self.tls)
    }
}

impl<L: Listener> Listener for TlsListener<L> {
    type Io = TlsStream<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (io, address) = self.listener.accept().await;
        (self.tls.secure(io), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection with TLS. The handshake happens when it is first read or written.
pub struct TlsStream<I>(State<I>);

enum State<I> {
    Handshake(Box<Accept<Counted<I>>>),
    Open(Box<server::TlsStream<Counted<I>>>),
    Failed,
}

impl<I: AsyncRead + AsyncWrite + Unpin> TlsStream<I> {
    /// The connection below.
    pub(super) fn below(&self) -> Option<&I> {
        self.counted().map(|counted| &counted.io)
    }

    /// The bytes that have been received and cannot be decrypted yet.
    pub(super) fn undecoded(&self) -> usize {
        self.counted().map_or(0, Counted::undecoded)
    }

    fn counted(&self) -> Option<&Counted<I>> {
        match &self.0 {
            State::Handshake(accept) => accept.get_ref(),
            State::Open(stream) => Some(stream.get_ref().0),
            State::Failed => None,
        }
    }

    fn poll_open(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Pin<&mut server::TlsStream<Counted<I>>>>> {
        if let State::Handshake(accept) = &mut self.0 {
            match ready!(Pin::new(&mut **accept).poll(cx)) {
                Ok(mut stream) => {
                    stream.get_mut().0.handshake_ended();
                    self.0 = State::Open(Box::new(stream));
                }
                Err(error) => {
                    self.0 = State::Failed;
                    return Poll::Ready(Err(error));
                }
            }
        }
        match &mut self.0 {
            State::Open(stream) => Poll::Ready(Ok(Pin::new(&mut **stream))),
            _ => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let mut stream = ready!(self.get_mut().poll_open(cx))?;
        ready!(stream.as_mut().poll_read(cx, buf))?;
        if buf.filled().len() > before {
            stream.get_mut().get_mut().0.decoded();
        }
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<I> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.get_mut().poll_open(cx))?.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.get_mut().poll_open(cx))?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            State::Open(stream) => Pin::new(&mut **stream).poll_flush(cx),
            // Nothing has been written.
            _ => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            State::Open(stream) => Pin::new(&mut **stream).poll_shutdown(cx),
            // Dropping it closes the connection.
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl<I> fmt::Debug for TlsStream<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsStream").finish_non_exhaustive()
    }
}
