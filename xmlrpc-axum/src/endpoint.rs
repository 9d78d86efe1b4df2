use std::{
    convert::Infallible,
    fmt,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

#[cfg(feature = "explorer")]
use axum::routing::{MethodFilter, on_service};
use axum::{BoxError, Router, body::HttpBody, response::Response, routing::post_service};
use bytes::Bytes;
#[cfg(feature = "explorer")]
use http::Method;
use http::{
    Extensions, HeaderMap, HeaderValue, Request, Version,
    header::{CONNECTION, CONTENT_TYPE},
    request::Parts,
};
use tower_service::Service;
use xmlrpc_core::{
    Dispatcher, Limits, ResponseBudget, ResponseCharge, service::ReplaceableDispatcher,
};

#[cfg(feature = "explorer")]
use crate::explorer::{self, Place};
use crate::{
    body,
    budget::{Budget, InFlight, SMALL, charged},
    refusal::Refusal,
    running,
    served::Served,
    settings::Settings,
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// Serves XML-RPC calls on a path of your choice. It is a [`tower_service::Service`], and has the
/// settings of the server. It runs calls with a [`Dispatcher`], or [passes them on](Self::over).
///
/// It responds to other methods than POST with 405, unless it shows the explorer. Cloning is cheap.
///
/// ```
/// use axum::Router;
/// use xmlrpc_axum::Endpoint;
/// use xmlrpc_core::{Dispatcher, Limits, service::ReplaceableDispatcher};
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
/// | a [web page](#method.explorer) with the documentation, with the feature `explorer` | off | `explorer` |
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
    pub(crate) settings: Arc<Settings>,
    pub(crate) budget: Arc<Budget>,
}

impl Endpoint {
    /// Creates an endpoint for a dispatcher, with the default settings.
    pub fn new(dispatcher: Dispatcher) -> Self {
        let max_body_bytes = dispatcher.configured_limits().bytes;
        Self::serving(Served::Dispatcher(dispatcher), max_body_bytes)
    }

    /// Creates an endpoint for a dispatcher that you can replace while it serves.
    ///
    /// The maximum size of a body is the `limits.bytes` of the dispatcher that it has now.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::{Dispatcher, service::ReplaceableDispatcher};
    ///
    /// let dispatcher = ReplaceableDispatcher::new(Dispatcher::new());
    /// let endpoint = Endpoint::replaceable(dispatcher.clone());
    /// // later, while it serves:
    /// dispatcher.replace(Dispatcher::new().method("three", || 3));
    /// # let _ = endpoint;
    /// ```
    pub fn replaceable(dispatcher: ReplaceableDispatcher) -> Self {
        let max_body_bytes = dispatcher.current().configured_limits().bytes;
        Self::serving(Served::Replaceable(dispatcher), max_body_bytes)
    }

    /// Creates an endpoint for any transport: a service from an `xmlrpc_core::Request` to an
    /// `xmlrpc_core::Response`. With a client's transport, it is a gateway to another server. It has all
    /// checks and bounds of an endpoint. The default maximum size of a body is 8 MiB.
    ///
    /// The transport receives the document as it is after inflating, also if it is not XML-RPC, with the
    /// headers and extensions of its request. The caller receives the status, the headers and the body of
    /// the response. These headers are removed:
    ///
    /// * in both directions, those of one connection, such as `Connection`, `Transfer-Encoding` and
    ///   `Content-Length`,
    /// * of a request, also `Host`, `Content-Encoding`, `Accept-Encoding` and `Expect`. `Authorization`,
    ///   cookies and `Origin` stay.
    ///
    /// If the transport fails, the caller receives [a fault](xmlrpc_core::Fault::transport), and the
    /// error is logged. The transport itself limits the size of a response.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower::{ServiceBuilder, service_fn};
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::{Request, Response};
    ///
    /// // Usually `xmlrpc_client::Client::new(url)?.transport().clone()`.
    /// let backend = service_fn(|request: Request| async move {
    ///     Ok::<_, std::io::Error>(Response::new(request.body))
    /// });
    /// let gateway = ServiceBuilder::new().timeout(Duration::from_secs(30)).service(backend);
    /// let endpoint = Endpoint::over(gateway).max_body_bytes(1 << 20);
    /// # let _ = endpoint;
    /// ```
    pub fn over<T>(transport: T) -> Self
    where
        T: Service<xmlrpc_core::Request, Response = xmlrpc_core::Response>
            + Clone
            + Send
            + Sync
            + 'static,
        T::Error: Into<BoxError>,
        T::Future: Send,
    {
        Self::serving(Served::transport(transport), Limits::REQUEST.bytes)
    }

    fn serving(served: Served, max_body_bytes: usize) -> Self {
        Self {
            settings: Arc::new(Settings::new(served, max_body_bytes)),
            budget: Budget::new(256 << 20, 10_000),
        }
    }

    /// A router that serves this endpoint for POST requests on `/` and on `/RPC2`. You can add
    /// routes for other methods of these paths; without them, the router responds with 405. With the
    /// explorer, it also serves GET requests.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::{Dispatcher, Limits, service::ReplaceableDispatcher};
    ///
    /// let router: axum::Router = Endpoint::new(Dispatcher::new())
    ///     .max_body_bytes(64 << 10)
    ///     .into_router();
    /// # let _ = router;
    /// ```
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        #[cfg(feature = "explorer")]
        if self.settings.explorer.is_some() {
            let methods = MethodFilter::GET.or(MethodFilter::POST);
            return Router::new()
                .route("/", on_service(methods, self.clone()))
                .route("/RPC2", on_service(methods, self));
        }
        Router::new()
            .route("/", post_service(self.clone()))
            .route("/RPC2", post_service(self))
    }
}

/// The call in a document, with the headers and extensions of its request.
fn call(document: Bytes, headers: HeaderMap, extensions: Extensions) -> xmlrpc_core::Request {
    let mut call = xmlrpc_core::Request::new("", document);
    call.headers = headers;
    call.extensions = extensions;
    call
}

fn respond(
    mut served: xmlrpc_core::Response,
    mut in_flight: InFlight,
    budget: Option<Arc<dyn ResponseBudget>>,
) -> Response {
    let size = served.body.len();
    let (body, charge) = if size <= SMALL && in_flight.hold_response(size) {
        (served.body, None)
    } else {
        in_flight.hold(0);
        let made = served.take_charge().filter(|_| size > SMALL);
        let mut charge = made.unwrap_or_else(|| {
            ResponseCharge::new(budget.unwrap_or_else(|| in_flight.response_budget(size)))
        });
        // A response that took up more while it was made has its bytes already.
        if charge.resize(size) {
            (served.body, Some(charge))
        } else {
            drop(charge);
            (running::no_room(size), None)
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

async fn refuse<B>(
    refusal: Refusal,
    version: Version,
    headers: HeaderMap,
    body: Pin<&mut B>,
) -> Response
where
    B: HttpBody<Data = Bytes>,
{
    let discards = !refusal.is_of_the_connection() && body::may_discard(&headers);
    // The client may take its time, and headers may be large.
    drop(headers);
    let all_read = discards && body::discard(body).await;
    let mut response = refusal.into_response();
    // HTTP/2 ends only the stream and does not have this header.
    if !all_read && version < Version::HTTP_2 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
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
        let (parts, body) = request.into_parts();
        #[cfg(feature = "explorer")]
        if self.settings.explorer.is_some()
            && (parts.method == Method::GET || parts.method == Method::HEAD)
        {
            let endpoint = self.clone();
            return Box::pin(async move {
                Ok(explorer::respond(&endpoint, &parts, Place::Endpoint).await)
            });
        }
        let in_flight = InFlight::enter(Arc::clone(&self.budget));
        let rules = match &in_flight {
            Some(_) => self.settings.rules(&parts),
            None => Err(Refusal::TooManyRequests),
        };
        let Parts {
            version,
            headers,
            extensions,
            ..
        } = parts;
        let (rules, mut in_flight) = match (rules, in_flight) {
            (Ok(rules), Some(in_flight)) => (rules, in_flight),
            (rules, in_flight) => {
                let refusal = rules.err().unwrap_or(Refusal::TooManyRequests);
                return Box::pin(async move {
                    let response = refuse(refusal, version, headers, pin!(body)).await;
                    drop(in_flight);
                    Ok(response)
                });
            }
        };
        let settings = Arc::clone(&self.settings);
        // This future is allocated for each call. A small one takes less time, so it holds nothing
        // twice, and what few requests need is boxed.
        Box::pin(async move {
            let mut body = pin!(body);
            let read = body::read(body.as_mut(), &rules, &mut in_flight, &extensions);
            let (document, charge) = match read.await {
                Ok(read) => read,
                Err(refusal) => {
                    return Ok(Box::pin(refuse(refusal, version, headers, body)).await);
                }
            };
            let call = call(document, headers, extensions);
            let served = &settings.served;
            let Some(charge) = charge else {
                let budget = Arc::clone(in_flight.budget());
                let served = served.start(call.with_response_budget(budget)).await;
                return Ok(respond(served, in_flight, None));
            };
            let (served, charge, body) = Box::pin(running::large(served, call, charge)).await;
            let response = respond(served, in_flight, Some(charge));
            drop(body);
            Ok(response)
        })
    }
}
