use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::HeaderMap;
use tower::ServiceExt;
use tower_service::Service;
use xmlrpc_core::{
    Request, Response,
    client::{OnProgress, RetryPolicy, Retrying, TransportError},
    observe::{Attempts, ServerAddress},
};

#[cfg(feature = "balance")]
use crate::{Endpoints, balance::Balancer};
use crate::{headers, wire::Channel};

/// The transport over HTTP or SCGI, depending on [the URL](crate#urls). It sends a document with a
/// POST and reads the response up to a maximum size.
///
/// A [`Client`](crate::Client) contains one. To put tower layers between the client and the
/// network, take it out and build an [`xmlrpc_core::Client`] from the stack:
///
/// ```
/// use tower::{ServiceBuilder, limit::ConcurrencyLimitLayer};
///
/// let http = xmlrpc_client::Client::new("http://localhost:8000/RPC2")?.transport().clone();
/// let eight_at_once = ServiceBuilder::new()
///     .layer(ConcurrencyLimitLayer::new(8))
///     .service(http);
/// let client = xmlrpc_core::Client::new(eight_at_once);
/// # let _ = client;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
///
/// The time-out, the dialect and the limits of the client are not part of the transport. The
/// maximum size of a response, the [retries](crate::ClientBuilder::retries) and the choice among
/// several endpoints (feature `balance`) are.
///
/// The headers of a [`Request`] replace those of the client with the same name. The [`Response`]
/// has the status, headers and body of the HTTP response, whatever its status is. Redirects are not
/// followed: the body is then replaced by a text with the target.
///
/// It reports the progress of calls to [`OnProgress`]. With a [custom HTTP
/// client](crate::ClientBuilder#method.http_client), the whole request counts as sent when its response
/// begins, and if that client decompresses the response, the decompressed bytes count.
///
/// Its futures must be polled inside a tokio runtime. Elsewhere they return an error.
#[derive(Clone)]
pub struct Http {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    One(Single),
    #[cfg(feature = "balance")]
    Several(Arc<Balancer>),
}

/// The transport to one endpoint.
#[derive(Clone)]
pub(crate) struct Single {
    inner: Arc<Inner>,
}

struct Inner {
    wire: Channel,
    server: Arc<ServerAddress>,
    headers: HeaderMap,
    limit: usize,
    retries: Option<RetryPolicy>,
}

impl Http {
    pub(crate) fn one(single: Single) -> Self {
        Self {
            kind: Kind::One(single),
        }
    }

    #[cfg(feature = "balance")]
    pub(crate) fn several(balancer: Balancer) -> Self {
        Self {
            kind: Kind::Several(Arc::new(balancer)),
        }
    }

    /// The server. `None` if there are several.
    #[cfg_attr(
        not(feature = "balance"),
        expect(
            clippy::unnecessary_wraps,
            reason = "several endpoints have no single address"
        )
    )]
    pub(crate) fn server(&self) -> Option<Arc<ServerAddress>> {
        match &self.kind {
            Kind::One(single) => Some(Arc::clone(single.server())),
            #[cfg(feature = "balance")]
            Kind::Several(_) => None,
        }
    }

    /// The endpoints of a client that [balances](crate::ClientBuilder::endpoints) its calls, to list, add
    /// and remove them. `None` if it has one fixed URL.
    #[cfg(feature = "balance")]
    #[cfg_attr(docsrs, doc(cfg(feature = "balance")))]
    pub fn endpoints(&self) -> Option<Endpoints> {
        match &self.kind {
            Kind::One(_) => None,
            Kind::Several(balancer) => Some(balancer.endpoints()),
        }
    }
}

impl Single {
    pub(crate) fn new(
        wire: Channel,
        mut headers: HeaderMap,
        limit: usize,
        retries: Option<RetryPolicy>,
        server: ServerAddress,
    ) -> Self {
        wire.prepare(&mut headers);
        // Each request has a copy, to which the libraries add a few. Without room for them, the copy would
        // be copied again.
        headers.reserve(4);
        let inner = Inner {
            wire,
            server: Arc::new(server),
            headers,
            limit,
            retries,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    pub(crate) fn server(&self) -> &Arc<ServerAddress> {
        &self.inner.server
    }

    /// The server, as it may be shown.
    #[cfg(feature = "balance")]
    pub(crate) fn peer(&self) -> &str {
        self.inner.wire.peer()
    }

    #[cfg(feature = "balance")]
    pub(crate) fn mark_unreachable(&self) {
        self.inner.wire.mark_unreachable();
    }

    /// Sends a request, with the retries of the client.
    pub(crate) fn send(&self, request: Request) -> Sending {
        let inner = Arc::clone(&self.inner);
        match &self.inner.retries {
            Some(policy) => {
                Box::pin(Retrying::new(policy.clone(), Once { inner }).oneshot(request))
            }
            None => Box::pin(inner.send(request)),
        }
    }
}

pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

/// Sends each request once.
#[derive(Clone)]
struct Once {
    inner: Arc<Inner>,
}

impl Service<Request> for Once {
    type Response = Response;
    type Error = TransportError;
    type Future = Sending;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Sending {
        if let Some(attempts) = request.extensions.get::<Attempts>() {
            attempts.begin(&self.inner.server);
        }
        Box::pin(Arc::clone(&self.inner).send(request))
    }
}

impl Inner {
    // This future is boxed directly. Another future around it would hold the request twice.
    async fn send(self: Arc<Self>, request: Request) -> Result<Response, TransportError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(TransportError::other(
                "a call must be awaited inside a tokio runtime",
            ));
        }
        let progress = request.extensions.get::<OnProgress>();
        let progress = progress.map(|on| on.start(request.body.len()));
        let headers = headers::merge(&self.headers, request.headers);
        match &self.wire {
            #[cfg(feature = "reqwest")]
            Channel::Reqwest(post) => {
                let mut started = post.start(headers, request.body, progress);
                post.finish(&mut started, self.limit).await
            }
            #[cfg(feature = "hyper")]
            Channel::Hyper(post) => {
                let mut started = post.start(headers, request.body, progress);
                post.finish(&mut started, self.limit).await
            }
            // Boxed again, so that calls over HTTP do not carry its size.
            Channel::Scgi(scgi) => {
                let sending = scgi.send(headers, request.body, self.limit, progress.as_ref());
                Box::pin(sending).await
            }
        }
    }
}

impl Service<Request> for Http {
    type Response = Response;
    type Error = TransportError;
    type Future = Sending;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Sending {
        match &self.kind {
            Kind::One(single) => single.send(request),
            #[cfg(feature = "balance")]
            Kind::Several(balancer) => Box::pin(Arc::clone(balancer).send(request)),
        }
    }
}

impl fmt::Debug for Http {
    /// Omits what may be secret: the path and query of the URL, and the values of headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = match &self.kind {
            Kind::One(single) => &single.inner,
            #[cfg(feature = "balance")]
            Kind::Several(balancer) => return f.debug_tuple("Http").field(balancer).finish(),
        };
        f.debug_struct("Http")
            .field("peer", &inner.wire.peer())
            .field("headers", &inner.headers.keys().collect::<Vec<_>>())
            .field("limit", &inner.limit)
            .field("retries", &inner.retries)
            .finish_non_exhaustive()
    }
}
