use std::{
    convert::Infallible,
    fmt,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use axum::{BoxError, Router, body::HttpBody, response::Response};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE, request::Parts};
use tower::Service;
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
///     .body_limit(1 << 20)
///     .allow_origin("https://app.example");
/// let app: Router = Router::new().route_service("/xmlrpc", endpoint);
/// # let _ = app;
/// ```
///
/// | default | is | changed by |
/// |---|---|---|
/// | size of a body | the dispatcher's `limits.bytes`, 8 MiB | [`body_limit`](Self::body_limit) |
/// | web pages that may call | those of the same origin | [`allow_origin`](Self::allow_origin), [`allow_any_origin`](Self::allow_any_origin) |
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
    body_limit: usize,
    origins: Origins,
}

impl Endpoint {
    /// An endpoint of this dispatcher with the default settings.
    pub fn new(dispatcher: Dispatcher) -> Self {
        let settings = Settings {
            body_limit: dispatcher.request_limits().bytes,
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
    /// Up to 64 MiB of a refused body are read and thrown away, as most clients see no answer
    /// before they have sent everything. What is announced to be more than that, or comes from a
    /// client that asked first (`Expect: 100-continue`), is refused unread.
    ///
    /// By default it is the `bytes` of the dispatcher's [`Limits`](xmlrpc_core::Limits), which hold
    /// as well: to take larger documents, raise those and let this follow.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.settings).body_limit = bytes;
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
    /// An origin allowed here may call. To read the answer its page needs CORS headers as well,
    /// which `tower_http::cors::CorsLayer` adds.
    #[must_use]
    pub fn allow_origin(mut self, origin: &str) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow(origin);
        self
    }

    /// Lets every web page call: for services that are public anyway.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        Arc::make_mut(&mut self.settings).origins.allow_any();
        self
    }

    /// A router with this endpoint on `/` and on `/RPC2`.
    ///
    /// ```
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// let router: axum::Router = Endpoint::new(Dispatcher::new())
    ///     .body_limit(64 << 10)
    ///     .into_router();
    /// # let _ = router;
    /// ```
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new()
            .route_service("/", self.clone())
            .route_service("/RPC2", self)
    }

    async fn answer<B>(self, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let mut body = pin!(body);
        match self.document(&parts, body.as_mut()).await {
            Ok(document) => self.dispatch(parts, document).await,
            Err(refusal) => {
                body::discard(body, &parts.headers).await;
                refusal.into_response()
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
        let limit = self.settings.body_limit;
        let length = body::content_length(&parts.headers);
        if length.is_some_and(|length| length > limit as u64) {
            return Err(Refusal::TooLarge { limit });
        }
        body::read(body, encoding, limit).await
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
        let answer = self.clone().answer(request);
        Box::pin(async { Ok(answer.await) })
    }
}

/// What forms send without asking the server first, and JSON, which is no call in any case.
fn is_of_web_pages(content_type: &HeaderValue) -> bool {
    let Ok(value) = content_type.to_str() else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "application/x-www-form-urlencoded"
            | "multipart/form-data"
            | "application/json"
            | "text/json"
    ) || essence.ends_with("+json")
}
