use std::{
    convert::Infallible,
    fmt,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{BoxError, Router, body::HttpBody, response::Response, routing::post_service};
use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Version,
    header::{CONNECTION, CONTENT_TYPE},
    request::Parts,
};
use tower_service::Service;
use xmlrpc_core::Dispatcher;

use crate::{
    body::{self, Encoding},
    origin::Origins,
    refusal::Refusal,
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// Answers XML-RPC calls: a [`tower::Service`] to mount on a path of your own, and the place of
/// the settings.
///
/// It takes POST and answers 405 to everything else. Cloning is cheap.
///
/// ```
/// use axum::Router;
/// use xmlrpc_axum::Endpoint;
/// use xmlrpc_core::Dispatcher;
///
/// let endpoint = Endpoint::new(Dispatcher::new())
///     .max_body_bytes(1 << 20)
///     .allow_host("rpc.example")
///     .allow_origin("https://app.example");
/// let app: Router = Router::new().route_service("/xmlrpc", endpoint);
/// # let _ = app;
/// ```
///
/// | default | is | changed by |
/// |---|---|---|
/// | size of a body | the dispatcher's `limits.bytes`, 8 MiB | [`max_body_bytes`](Self::max_body_bytes) |
/// | time in which all of a body has to come | 60 seconds | [`body_timeout`](Self::body_timeout) |
/// | web pages that may call | those of the same origin | [`allow_origin`](Self::allow_origin), [`allow_any_origin`](Self::allow_any_origin) |
/// | names under which they may | addresses, `localhost` | [`allow_host`](Self::allow_host), [`allow_any_origin`](Self::allow_any_origin) |
/// | gzip members of a body | 16 | |
/// | what is read of a refused body | 16 MiB, for 2 seconds | |
///
/// Bodies may be compressed with gzip or deflate (zlib); answers are not, a layer of `tower_http`
/// can do it. A missing or odd `Content-Type` is accepted, as old clients send them, but for those
/// that HTML forms and scripts send (`application/x-www-form-urlencoded`, `multipart/form-data`,
/// JSON).
#[derive(Clone)]
pub struct Endpoint {
    dispatcher: Dispatcher,
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
struct Settings {
    max_body_bytes: usize,
    body_timeout: Duration,
    origins: Origins,
}

impl Endpoint {
    /// An endpoint of this dispatcher with the default settings.
    pub fn new(dispatcher: Dispatcher) -> Self {
        let settings = Settings {
            max_body_bytes: dispatcher.configured_limits().bytes,
            body_timeout: Duration::from_secs(60),
            origins: Origins::default(),
        };
        Self {
            dispatcher,
            settings: Arc::new(settings),
        }
    }

    /// How many bytes a body may have, as it comes and after it has been inflated. What exceeds it
    /// is answered with 413, and no more than this is kept of any body.
    ///
    /// Up to 16 MiB of a refused body is read and thrown away, for up to 2 seconds, as most clients
    /// see no answer before they have sent everything. What is announced to be more than that, or
    /// comes from a client that asked first (`Expect: 100-continue`), is refused unread. Where
    /// something is left unread the connection is closed after the answer, and a client that goes
    /// on sending may see a broken pipe in its place.
    ///
    /// By default it is the `bytes` of the dispatcher's [`Limits`](xmlrpc_core::Limits), which hold
    /// as well: to take larger documents, raise those and let this follow.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_body_bytes = bytes;
        self
    }

    /// How long it may take until all of a body has come, counted from its head; 60 seconds by
    /// default. What takes longer is answered with 408, and the connection is closed. The time of
    /// the method does not count: bound it with a layer.
    ///
    /// A body that is there at once takes no time, so that `Duration::ZERO` refuses all that has
    /// to be waited for; `Duration::MAX` waits without end.
    ///
    /// The clock is tokio's: a runtime of one's own making needs `enable_time`, and outside of
    /// tokio there is no bound.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).body_timeout = timeout;
        self
    }

    /// Lets web pages of this origin call, `https://app.example` for instance; can be repeated.
    ///
    /// A browser sends a page's request to any server that its user can reach, the one on
    /// `localhost` included, and says where the page is from. A call is refused with 403 where
    ///
    /// * its `Origin` has another host or port than the `Host` that was asked for. The scheme may
    ///   differ, as a proxy may end TLS; `null` is foreign;
    /// * or its `Sec-Fetch-Site` is anything but `same-origin` or `none`. Thus `same-site`, which is
    ///   another port of the same host or another subdomain, is foreign.
    ///
    /// What is no browser sends neither header. Compared are the scheme, host and port, without
    /// regard to case.
    ///
    /// A page that is not allowed by its origin has to call under a name that is known as well (see
    /// [`allow_host`](Self::allow_host)).
    ///
    /// An origin allowed here may call. To read the answer its page needs CORS headers as well,
    /// which `tower_http::cors::CorsLayer` adds.
    #[must_use]
    pub fn allow_origin(mut self, origin: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow(origin);
        self
    }

    /// Lets web pages call under this name of the server, `rpc.example` for instance; can be
    /// repeated.
    ///
    /// A request that carries a browser's header (`Origin` or `Sec-Fetch-Site`) is refused with
    /// 403 unless the host that it asks for, in its `Host` or `:authority`, is an IP address,
    /// `localhost` or a name below it, the host of an [allowed origin](Self::allow_origin), or
    /// allowed here. Requests without these headers, which are those of all XML-RPC clients, may ask
    /// for any host.
    ///
    /// The reason is DNS rebinding: the owner of `evil.example` serves a page from there, and then
    /// has the name resolve to `127.0.0.1`. For the browser, page and server are now of the same
    /// origin, and the page could call and read what it likes. All that tells is the name.
    ///
    /// It is compared without regard to case, to a port, and to a dot at the end. Names beyond
    /// ASCII are written as browsers send them (`xn--…`).
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// // Pages of https://rpc.example, and those of https://app.example, call rpc.example.
    /// let endpoint = Endpoint::new(Dispatcher::new())
    ///     .allow_host("rpc.example")
    ///     .allow_origin("https://app.example");
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn allow_host(mut self, host: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_host(host);
        self
    }

    /// Lets every web page call, under whatever name: for services that are public anyway.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_any();
        self
    }

    /// A router with this endpoint for POST on `/` and on `/RPC2`. Other methods of these paths are
    /// free for routes of yours, and 405 where there are none.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// let router: axum::Router = Endpoint::new(Dispatcher::new())
    ///     .max_body_bytes(64 << 10)
    ///     .into_router();
    /// # let _ = router;
    /// ```
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new()
            .route("/", post_service(self.clone()))
            .route("/RPC2", post_service(self))
    }

    // Its result is that of the service, which boxes this future as it is: one more around it would
    // hold it twice.
    async fn answer<B>(self, request: Request<B>) -> Result<Response, Infallible>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let mut body = pin!(body);
        match self.document(&parts, body.as_mut()).await {
            Ok(document) => Ok(self.dispatch(parts, document).await),
            Err(refusal) => {
                let all_read =
                    !refusal.is_of_the_connection() && body::discard(body, &parts.headers).await;
                let mut response = refusal.into_response();
                // HTTP/2 ends the stream, and has no such header.
                if !all_read && parts.version < Version::HTTP_2 {
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(CONNECTION, close);
                }
                Ok(response)
            }
        }
    }

    async fn document<B>(&self, parts: &Parts, body: Pin<&mut B>) -> Result<Bytes, Refusal>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        if parts.method != Method::POST {
            return Err(Refusal::Method);
        }
        self.settings.origins.check(parts)?;
        let mut content_types = parts.headers.get_all(CONTENT_TYPE).iter();
        if content_types.any(is_of_web_pages) {
            return Err(Refusal::ContentType);
        }
        let encoding = Encoding::of(&parts.headers)?;
        let limit = self.settings.max_body_bytes;
        let length = body::content_length(&parts.headers);
        if length.is_some_and(|length| length > limit as u64) {
            return Err(Refusal::TooLarge { limit });
        }
        body::read(body, encoding, limit, self.settings.body_timeout).await
    }

    async fn dispatch(self, parts: Parts, document: Bytes) -> Response {
        let mut call = xmlrpc_core::Request::new("", document);
        call.headers = parts.headers;
        call.extensions = parts.extensions;
        let Ok(answer) = self.dispatcher.dispatch(call).await;

        let mut response = Response::new(answer.body.into());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        *response.extensions_mut() = answer.extensions;
        response
            .headers_mut()
            .entry(CONTENT_TYPE)
            .or_insert(TEXT_XML);
        response
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("dispatcher", &self.dispatcher)
            .field("settings", &self.settings)
            .finish()
    }
}

impl<B> Service<Request<B>> for Endpoint
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

/// What forms send without asking the server first, and JSON, which is no call in any case.
fn is_of_web_pages(content_type: &HeaderValue) -> bool {
    let Ok(value) = content_type.to_str() else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    let is = |other: &str| essence.eq_ignore_ascii_case(other);
    // What XML-RPC clients send is none of these, and looked at first.
    if is("text/xml") {
        return false;
    }
    let suffix = essence.rsplit_once('+').map(|(_, suffix)| suffix);
    is("application/x-www-form-urlencoded")
        || is("multipart/form-data")
        || is("application/json")
        || is("text/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"))
}
