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
    body::{self, Encoding, Rules},
    budget::{Budget, InFlight, LargeCharge, SMALL, charged},
    origin::Origins,
    refusal::Refusal,
    running,
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// Serves XML-RPC calls on a path of your choice. It is a [`tower_service::Service`], and has the
/// settings of the server.
///
/// It responds to other methods than POST with 405. Cloning is cheap.
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
/// | setting | default | method |
/// |---|---|---|
/// | maximum size of a body | the dispatcher's `limits.bytes`, 8 MiB | [`max_body_bytes`](Self::max_body_bytes) |
/// | time-out for a body | 60 seconds | [`body_timeout`](Self::body_timeout) |
/// | maximum bytes in flight | 256 MiB | [`max_bytes_in_flight`](Self::max_bytes_in_flight) |
/// | how long a large body waits for them | 10 seconds | [`admission_timeout`](Self::admission_timeout) |
/// | maximum number of requests in flight | 10,000 | [`max_requests_in_flight`](Self::max_requests_in_flight) |
/// | maximum size of a response | 64 MiB | [`Dispatcher::max_response_bytes`] |
/// | documents that are decoded outside of the executor | those above 64 KiB | [`Dispatcher::offload_above`] |
/// | web pages that may call | those of the same origin | [`allow_origin`](Self::allow_origin), [`allow_any_origin`](Self::allow_any_origin) |
/// | host names that they may use | IP addresses, `localhost` | [`allow_host`](Self::allow_host), [`allow_any_origin`](Self::allow_any_origin) |
/// | `application/x-www-form-urlencoded` | refused | [`allow_form_content_type`](Self::allow_form_content_type) |
/// | maximum number of gzip members in a body | 16 | |
/// | how much of a refused body is read | 16 MiB, for 2 seconds | |
///
/// Request bodies may be compressed with gzip or deflate (zlib). Responses are not compressed; a
/// layer of `tower_http` can do it. A missing or unusual `Content-Type` is accepted, because old
/// clients send them. Some types that HTML forms and scripts send are refused:
/// `multipart/form-data`, JSON, and unless you allow it, `application/x-www-form-urlencoded`. Forms
/// and scripts can also send `text/plain`, which is accepted: the rules about origins are the guard
/// against foreign web pages.
#[derive(Clone)]
pub struct Endpoint {
    dispatcher: Dispatcher,
    settings: Arc<Settings>,
    budget: Arc<Budget>,
}

#[derive(Clone, Debug)]
struct Settings {
    max_body_bytes: usize,
    body_timeout: Duration,
    admission_timeout: Duration,
    origins: Origins,
    form_content_type: bool,
}

impl Endpoint {
    /// Creates an endpoint for a dispatcher, with the default settings.
    pub fn new(dispatcher: Dispatcher) -> Self {
        let settings = Settings {
            max_body_bytes: dispatcher.configured_limits().bytes,
            body_timeout: Duration::from_secs(60),
            admission_timeout: Duration::from_secs(10),
            origins: Origins::default(),
            form_content_type: false,
        };
        Self {
            dispatcher,
            settings: Arc::new(settings),
            budget: Budget::new(256 << 20, 10_000),
        }
    }

    /// The maximum size of a body in bytes, both as received and after inflating. A larger body is
    /// refused with 413. The server never keeps more than this of any body.
    ///
    /// Most clients read the response only after they have sent everything. So the server reads and
    /// discards up to 16 MiB of a refused body, for up to 2 seconds. It does not read a body whose
    /// `Content-Length` is larger, or that the client offers with `Expect: 100-continue`. If part
    /// of a body is left unread, the server closes the connection after the response. A client that
    /// continues to send may then see a broken pipe instead of the response.
    ///
    /// The default is `bytes` of the [`Limits`](xmlrpc_core::Limits) of the dispatcher, which also
    /// apply. To accept larger documents, raise these limits before you create the endpoint.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_body_bytes = bytes;
        self
    }

    /// The time-out for receiving the whole body, counted from the head of the request; 60 seconds
    /// by default. If it expires, the server responds with 408 and closes the connection. It does
    /// not include the time of the method: use a layer to limit that.
    ///
    /// A body that has already arrived takes no time. So `Duration::ZERO` refuses every body that
    /// the server would have to wait for. `Duration::MAX` removes the time-out.
    ///
    /// It uses the timer of tokio: a runtime that you build yourself needs `enable_time`. Outside
    /// of a tokio runtime, the time-out does not apply.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).body_timeout = timeout;
        self
    }

    /// The maximum number of bytes in flight; 256 MiB by default.
    ///
    /// A body counts from its first byte until its method returns, with its size after inflating. A
    /// response counts until its last byte is in the buffers of the socket. What a method itself
    /// allocates does not count.
    ///
    /// A quarter is reserved for small requests, which have a body of at most 64 KiB. They are
    /// refused with 503 only if they use up this quarter themselves and the rest is in use too. So
    /// slow clients with large bodies or large responses cannot lock out small calls.
    ///
    /// Larger bodies share the other three quarters. Such a body reserves its `Content-Length`, or
    /// the [maximum](Self::max_body_bytes) if it is compressed or chunked. If that is not free, the
    /// server does not read on, and the body waits in a queue. When the body has arrived, it waits
    /// again until four times its size is free as well: for what it is decoded into, and for the
    /// response. After [a time](Self::admission_timeout), the server responds with 503 and a
    /// `Retry-After`.
    ///
    /// A response does not wait. If a response of more than 64 KiB finds no room, the caller gets a
    /// fault −32002 that says so. This happens only to calls whose body was much smaller than their
    /// response, and to methods that had to wait.
    ///
    /// The memory of the process stays below one and a half times this, with the memory that
    /// decoding takes for a moment. It must be possible to receive and decode the largest body that
    /// you accept: if one body needs more than there is, it is accepted alone.
    ///
    /// All clones of an endpoint share one budget. This method and
    /// [`max_requests_in_flight`](Self::max_requests_in_flight) begin a new one.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// let endpoint = Endpoint::new(Dispatcher::new().max_response_bytes(16 << 20))
    ///     .max_body_bytes(1 << 20)
    ///     .max_bytes_in_flight(64 << 20);
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn max_bytes_in_flight(mut self, bytes: usize) -> Self {
        self.budget = self.budget.with_max_bytes(bytes);
        self
    }

    /// How long a large body waits for [bytes in flight](Self::max_bytes_in_flight); 10 seconds by
    /// default. It may wait twice: before the server receives it, and before the server decodes it.
    /// Then the server responds with 503 and a `Retry-After`.
    ///
    /// This time does not count as time of the [body](Self::body_timeout). `Duration::ZERO` refuses
    /// at once, and `Duration::MAX` waits without a limit. Outside of a tokio runtime, the time-out
    /// does not apply.
    #[must_use]
    pub fn admission_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).admission_timeout = timeout;
        self
    }

    /// The maximum number of requests in flight; 10,000 by default. Beyond it, the server responds
    /// with 503 and a `Retry-After`.
    ///
    /// A request counts from its head until the last byte of its response is in the buffers of the
    /// socket. So it also counts while a slow client reads, unlike with a concurrency limit of
    /// tower, whose permit ends with the head of the response.
    #[must_use]
    pub fn max_requests_in_flight(mut self, requests: usize) -> Self {
        self.budget = self.budget.with_max_requests(requests);
        self
    }

    /// Allows web pages of this origin to call, for example `https://app.example`. You can call
    /// this several times.
    ///
    /// A web page can make a browser send requests to any server that its user can reach, including
    /// one on `localhost`. The browser adds where the page comes from. The server refuses a request
    /// with 403 if
    ///
    /// * its `Origin` has another host or port than its `Host`. The scheme may differ, because a
    ///   proxy may handle TLS. The origin `null` counts as foreign.
    /// * its `Sec-Fetch-Site` is not `same-origin` or `none`. So `same-site`, which means another
    ///   port of the same host or another subdomain, counts as foreign.
    ///
    /// Clients that are not browsers send neither header. Scheme, host and port are compared
    /// case-insensitively.
    ///
    /// Pages that are not from an allowed origin must also use a known host name (see
    /// [`allow_host`](Self::allow_host)).
    ///
    /// A page of an allowed origin may call. To read the response, it also needs CORS headers,
    /// which `tower_http::cors::CorsLayer` adds.
    #[must_use]
    pub fn allow_origin(mut self, origin: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow(origin);
        self
    }

    /// Allows web pages to use this host name for the server, for example `rpc.example`. You can
    /// call this several times.
    ///
    /// A request from a browser has an `Origin` or `Sec-Fetch-Site` header. The server refuses it
    /// with 403 unless the host in its `Host` or `:authority` is an IP address, `localhost` or a
    /// name below it, the host of an [allowed origin](Self::allow_origin), or allowed here.
    /// Requests without these headers, which includes all XML-RPC clients, may use any host name.
    ///
    /// The reason is DNS rebinding. The owner of `evil.example` serves a page from there, and then
    /// makes the name resolve to `127.0.0.1`. For the browser, the page and your server now have
    /// the same origin, so the page could call and read everything. Only the host name reveals the
    /// attack.
    ///
    /// The host name is compared case-insensitively, without the port and without a dot at the end.
    /// Write non-ASCII names as browsers send them (`xn--…`).
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// // Pages of https://rpc.example and of https://app.example may call rpc.example.
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

    /// Allows all web pages to call, under any host name. Use it for services that are public
    /// anyway.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_any();
        self
    }

    /// Accepts calls with the `Content-Type` `application/x-www-form-urlencoded`. By default, they are
    /// refused with 415. `curl -d` and streams of PHP send this type unless they are told otherwise.
    /// The body is still XML, and is read as it is.
    ///
    /// The risk: an HTML form on any web page can send this type to your server, and the browser does
    /// not ask the server first, as it does for `text/xml` (there is no CORS preflight). Cookies and
    /// the user's network go with it. The rules about [origins](Self::allow_origin) are the only guard
    /// against such pages, as they are for `text/plain`, which is always accepted. Browsers that send neither `Origin` nor `Sec-Fetch-Site` are not
    /// recognized. So do not combine this with [`allow_any_origin`](Self::allow_any_origin), unless
    /// everybody may call every method.
    ///
    /// `multipart/form-data` and JSON are still refused.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// // Now this works: curl -d @call.xml http://localhost:8000/RPC2
    /// let endpoint = Endpoint::new(Dispatcher::new()).allow_form_content_type();
    /// # let _ = endpoint;
    /// ```
    #[must_use]
    pub fn allow_form_content_type(mut self) -> Self {
        Arc::make_mut(&mut self.settings).form_content_type = true;
        self
    }

    /// A router that serves this endpoint for POST requests on `/` and on `/RPC2`. You can add
    /// routes for other methods of these paths; without them, the router responds with 405.
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

    // This returns the result of the service, which boxes this future directly. Another future
    // around it would hold it twice. What few requests need is boxed, so that the others take less
    // memory.
    async fn serve<B>(self, request: Request<B>) -> Result<Response, Infallible>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let mut body = pin!(body);
        let mut in_flight = InFlight::enter(self.budget);
        let document = match &mut in_flight {
            Some(in_flight) => {
                self.settings
                    .document(&parts, body.as_mut(), in_flight)
                    .await
            }
            None => Err(Refusal::TooManyRequests),
        };
        match (document, in_flight) {
            (Ok((document, charge)), Some(in_flight)) => {
                Ok(respond(&self.dispatcher, parts, document, in_flight, charge).await)
            }
            (document, _) => {
                let refusal = document.err().unwrap_or(Refusal::TooManyRequests);
                Ok(Box::pin(refuse(refusal, &parts, body)).await)
            }
        }
    }
}

impl Settings {
    /// Receives the document of a request. If it is large, it may be decoded now.
    async fn document<B>(
        &self,
        parts: &Parts,
        body: Pin<&mut B>,
        in_flight: &mut InFlight,
    ) -> Result<(Bytes, Option<LargeCharge>), Refusal>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        if parts.method != Method::POST {
            return Err(Refusal::Method);
        }
        self.origins.check(parts)?;
        let mut content_types = parts.headers.get_all(CONTENT_TYPE).iter();
        let forms = self.form_content_type;
        if content_types.any(|content_type| is_of_web_pages(content_type, forms)) {
            return Err(Refusal::ContentType);
        }
        let encoding = Encoding::of(&parts.headers)?;
        let limit = self.max_body_bytes;
        let length = body::content_length(&parts.headers);
        if length.is_some_and(|length| length > limit as u64) {
            return Err(Refusal::TooLarge { limit });
        }
        let rules = Rules {
            encoding,
            length: length.and_then(|length| length.try_into().ok()),
            limit,
            timeout: self.body_timeout,
            admission_timeout: self.admission_timeout,
        };
        body::read(body, &rules, in_flight).await
    }
}

async fn respond(
    dispatcher: &Dispatcher,
    parts: Parts,
    document: Bytes,
    mut in_flight: InFlight,
    charge: Option<LargeCharge>,
) -> Response {
    let mut call = xmlrpc_core::Request::new("", document);
    call.headers = parts.headers;
    call.extensions = parts.extensions;
    let (served, charge) = match charge {
        None => {
            let Ok(served) = dispatcher.dispatch(call).await;
            (served, None)
        }
        Some(charge) => Box::pin(running::large(dispatcher, call, charge)).await,
    };
    let size = served.body.len();
    let (body, charge) = if size <= SMALL {
        in_flight.hold(size);
        (served.body, None)
    } else {
        in_flight.hold(0);
        match in_flight.budget().respond(charge, size) {
            Some(charge) => (served.body, Some(charge)),
            None => (running::no_room(size), None),
        }
    };
    let mut response = Response::new(charged(body, in_flight, charge).into());
    *response.status_mut() = served.status;
    *response.headers_mut() = served.headers;
    *response.extensions_mut() = served.extensions;
    response
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(TEXT_XML);
    response
}

async fn refuse<B>(refusal: Refusal, parts: &Parts, body: Pin<&mut B>) -> Response
where
    B: HttpBody<Data = Bytes>,
{
    let all_read = !refusal.is_of_the_connection() && body::discard(body, &parts.headers).await;
    let mut response = refusal.into_response();
    // HTTP/2 ends only the stream and does not have this header.
    if !all_read && parts.version < Version::HTTP_2 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("dispatcher", &self.dispatcher)
            .field("settings", &self.settings)
            .field("budget", &self.budget)
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
        Box::pin(self.clone().serve(request))
    }
}

/// Types that HTML forms can send without asking the server first, and JSON, which is never an XML-RPC
/// call. The usual type of forms may be allowed, and `text/plain` always is.
fn is_of_web_pages(content_type: &HeaderValue, forms: bool) -> bool {
    let Ok(value) = content_type.to_str() else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    let is = |other: &str| essence.eq_ignore_ascii_case(other);
    // XML-RPC clients send this type, so check it first.
    if is("text/xml") {
        return false;
    }
    let suffix = essence.rsplit_once('+').map(|(_, suffix)| suffix);
    (is("application/x-www-form-urlencoded") && !forms)
        || is("multipart/form-data")
        || is("application/json")
        || is("text/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"))
}
