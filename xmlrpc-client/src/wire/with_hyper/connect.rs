//! Connects to the one server of a client, directly, through a proxy, or through a unix socket.

#[cfg(any(not(unix), not(feature = "rustls")))]
use std::future::{Ready, ready};
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderValue, Uri};
use hyper_util::{
    client::legacy::connect::{HttpConnector, proxy::Tunnel},
    rt::TokioIo,
};
use tokio::time::timeout;
use tower_service::Service;
use xmlrpc_core::client::BoxError;

use super::stream::{Kind, Stream};
#[cfg(feature = "rustls")]
use super::tls::Tls;
use crate::{BuildError, connection_settings::ConnectionSettings, wire::proxy::Proxy};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Ignores the URL that it is called with: there is one server.
#[derive(Clone)]
pub(super) struct Connector {
    route: Arc<Route>,
}

struct Route {
    server: Uri,
    /// The server, with its address if that is known.
    place: Uri,
    socket: Option<PathBuf>,
    proxy: Option<Uri>,
    proxy_authorization: Option<HeaderValue>,
    tcp: HttpConnector,
    #[cfg(feature = "rustls")]
    tls: Option<Tls>,
    connect_timeout: Duration,
}

impl Connector {
    pub(super) fn new(
        server: &Uri,
        proxy: Option<Proxy>,
        settings: &ConnectionSettings,
    ) -> Result<Self, BuildError> {
        let (proxy, proxy_authorization) = match proxy {
            Some(proxy) => (Some(proxy.uri), proxy.authorization),
            None => (None, None),
        };
        let needs_tls = is_https(server) || proxy.as_ref().is_some_and(is_https);
        #[cfg(not(feature = "rustls"))]
        if needs_tls {
            return Err(BuildError::new(if is_https(server) {
                "`https` needs the feature `rustls` of xmlrpc-client"
            } else {
                "a proxy with `https` needs the feature `rustls` of xmlrpc-client"
            }));
        }
        let route = Route {
            server: server.clone(),
            place: place(server, settings)?,
            socket: settings.unix_socket.clone(),
            proxy,
            proxy_authorization,
            tcp: tcp(settings),
            #[cfg(feature = "rustls")]
            tls: needs_tls.then(|| Tls::new(&settings.tls)).transpose()?,
            connect_timeout: settings.connect_timeout,
        };
        Ok(Self {
            route: Arc::new(route),
        })
    }
}

/// The same as in reqwest.
fn tcp(settings: &ConnectionSettings) -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    // Both are off by default. A request in two packets would wait for an acknowledgement.
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(settings.connect_timeout));
    // These find out that a server has disappeared while a call waits for its response.
    tcp.set_keepalive(Some(KEEP_ALIVE));
    tcp.set_keepalive_interval(Some(KEEP_ALIVE));
    tcp.set_keepalive_retries(Some(3));
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(2 * KEEP_ALIVE));
    tcp
}

/// Where to connect to.
fn place(server: &Uri, settings: &ConnectionSettings) -> Result<Uri, BuildError> {
    let Some(address) = settings.address else {
        return Ok(server.clone());
    };
    let default = if is_https(server) { 443 } else { 80 };
    let address = SocketAddr::new(address, server.port_u16().unwrap_or(default));
    let invalid = |_| BuildError::new("the address of the server cannot be used");
    Uri::try_from(format!("http://{address}")).map_err(invalid)
}

fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

type Connecting = Pin<Box<dyn Future<Output = Result<TokioIo<Stream>, BoxError>> + Send>>;

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Connecting {
        let route = Arc::clone(&self.route);
        Box::pin(async move {
            match timeout(route.connect_timeout, route.connect()).await {
                Ok(connected) => connected.map(TokioIo::new),
                Err(_) => {
                    Err(io::Error::new(io::ErrorKind::TimedOut, "operation timed out").into())
                }
            }
        })
    }
}

impl Route {
    async fn connect(&self) -> Result<Stream, BoxError> {
        let mut stream = match &self.socket {
            Some(path) => through(path).await?,
            None => self.open().await?,
        };
        if let Some(proxy) = &self.proxy {
            stream = self.encrypt(proxy, stream).await?;
            if !is_https(&self.server) {
                stream.is_proxied = true;
                return Ok(stream);
            }
            stream = self.tunnel(proxy, stream).await?;
        }
        self.encrypt(&self.server, stream).await
    }

    /// Connects to the proxy or to the server.
    async fn open(&self) -> Result<Stream, BoxError> {
        let to = self.proxy.as_ref().unwrap_or(&self.place);
        let stream = self.tcp.clone().call(to.clone()).await?;
        Ok(Stream::new(Kind::Tcp(stream.into_inner())))
    }

    /// Asks the proxy to connect to the server.
    async fn tunnel(&self, proxy: &Uri, stream: Stream) -> Result<Stream, BoxError> {
        let mut open = Some(TokioIo::new(stream));
        let once = tower::service_fn(move |_: Uri| {
            let stream = open.take().ok_or("the connection to the proxy is used up");
            std::future::ready(stream)
        });
        let mut tunnel = Tunnel::new(proxy.clone(), once);
        if let Some(authorization) = &self.proxy_authorization {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        Ok(tunnel.call(self.server.clone()).await?.into_inner())
    }

    #[cfg(feature = "rustls")]
    async fn encrypt(&self, server: &Uri, stream: Stream) -> Result<Stream, BoxError> {
        match &self.tls {
            Some(tls) if is_https(server) => tls.connect(server, stream).await,
            _ => Ok(stream),
        }
    }

    /// `new` has already refused `https`.
    #[cfg(not(feature = "rustls"))]
    #[allow(clippy::unused_self)] // as with TLS
    fn encrypt(&self, _: &Uri, stream: Stream) -> Ready<Result<Stream, BoxError>> {
        ready(Ok(stream))
    }
}

#[cfg(unix)]
async fn through(path: &Path) -> Result<Stream, BoxError> {
    let stream = tokio::net::UnixStream::connect(path).await?;
    Ok(Stream::new(Kind::Unix(stream)))
}

/// `unix::checked` has already refused the socket.
#[cfg(not(unix))]
fn through(_: &Path) -> Ready<Result<Stream, BoxError>> {
    ready(Err("this platform does not support unix sockets".into()))
}
