//! The page on another path than the endpoint.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{BoxError, Router, body::HttpBody, response::Response, routing::get_service};
use bytes::Bytes;
use http::Request;
use tower_service::Service;

use super::{
    Explorer,
    get::{Place, respond},
};
use crate::Endpoint;

/// A router that shows the page of an [endpoint](Endpoint::explorer) on `/`, for example to nest it below
/// `/docs`. The endpoint itself can be on another path, and does not need to show the page.
///
/// Nested at `/docs`, the page is at `/docs`, and `/docs/` is 404, as with each router of axum. Nest it at `/docs/`
/// as well if both should show the page, as in the second example.
///
/// `url` is where the page sends its calls: the path of the endpoint, for example `/RPC2`. It can be
/// relative to the page. It must have the same origin as the page, because the browser refuses others.
///
/// The page describes the endpoint as it is now. Its rule for [host names](Endpoint::allow_host) also
/// applies to the page.
///
/// ```
/// use axum::Router;
/// use xmlrpc_axum::{Endpoint, explorer};
/// use xmlrpc_core::Dispatcher;
///
/// let endpoint = Endpoint::new(Dispatcher::new()).allow_host("rpc.example");
/// let app: Router = Router::new()
///     .nest("/docs", explorer(&endpoint, "/xmlrpc"))
///     .route_service("/xmlrpc", endpoint);
/// # let _ = app;
/// ```
///
/// On both paths:
///
/// ```
/// # use axum::Router;
/// # use xmlrpc_axum::{Endpoint, explorer};
/// # use xmlrpc_core::Dispatcher;
/// # let endpoint = Endpoint::new(Dispatcher::new());
/// let docs: Router = explorer(&endpoint, "/xmlrpc");
/// let app = Router::new().nest("/docs", docs.clone()).nest("/docs/", docs);
/// # let _: Router = app;
/// ```
pub fn explorer<S>(endpoint: &Endpoint, url: &str) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut endpoint = endpoint.clone();
    Arc::make_mut(&mut endpoint.settings).explorer = Some(Explorer::new(url.to_owned()));
    Router::new().route("/", get_service(Page(endpoint)))
}

/// Answers every GET request with the page.
#[derive(Clone)]
struct Page(Endpoint);

impl<B> Service<Request<B>> for Page
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
        let (parts, _) = request.into_parts();
        let endpoint = self.0.clone();
        Box::pin(async move { Ok(respond(&endpoint, &parts, Place::OwnPath).await) })
    }
}
