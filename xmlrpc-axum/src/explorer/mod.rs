//! The explorer: a web page that documents the methods of an endpoint and calls them.

mod assets;
mod cache;
mod description;
mod document;
mod get;
mod limits;
mod markdown;
mod page;
mod router;
mod squeeze;
mod types;

use std::{fmt, sync::Arc};

use self::cache::Cache;
use crate::Endpoint;

pub(crate) use self::get::{Place, respond};
pub use self::router::explorer;

/// The page of an endpoint.
pub(crate) struct Explorer {
    /// The URL for calls, relative to the page. Empty if the page has the path of the endpoint.
    calls: String,
    cache: Cache,
}

impl Explorer {
    fn new(calls: String) -> Self {
        Self {
            calls,
            cache: Cache::default(),
        }
    }
}

/// Without the page, which is long.
impl fmt::Debug for Explorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explorer")
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

/// Settings are cloned to change them. The page shows some of them, so it is not cloned with them.
impl Clone for Explorer {
    fn clone(&self) -> Self {
        Self::new(self.calls.clone())
    }
}

impl Endpoint {
    /// Shows a web page that documents all methods, and calls them. Off by default.
    ///
    /// A browser that opens the URL of the endpoint gets the page: the endpoint answers GET requests whose
    /// `Accept` contains `text/html`. Calls are POST requests, as before. Without scripts, the page is
    /// complete documentation: services and methods with their doc comments, parameters, results and
    /// faults, and the limits of the server. With scripts, it has a form for each method.
    ///
    /// The page consists of a few files in the binary of at most 40 KB. It loads nothing from other sites,
    /// and its content security policy is strict. Its texts never become markup: it renders doc comments as
    /// Markdown, but without HTML and images, and with links only to `http` and `https`.
    ///
    /// **The page shows every method to everybody who can open it**, because layers of the dispatcher
    /// apply only to calls. It obeys [`allow_host`](Self::allow_host): under another host name, the server
    /// refuses it with 403. If your methods are not for everybody to see, put the endpoint behind a layer of
    /// HTTP that authenticates.
    ///
    /// The URL with the query `?description.json` is everything that the server knows about its methods.
    ///
    /// An endpoint [for a transport](Self::over) asks the server behind it for its methods, with
    /// [`Client::introspect`](xmlrpc_core::Client::introspect). It asks again after a minute. The page waits at
    /// most 10 seconds for the responses. If something is missing then, the page opens with a warning, and the
    /// next visitor after 5 seconds makes it ask again.
    ///
    /// [`explorer`](crate::explorer()) serves the page on another path.
    ///
    /// ```
    /// use axum::{body::Body, http::Request};
    /// use tower::ServiceExt;
    /// use xmlrpc_axum::Endpoint;
    /// use xmlrpc_core::Dispatcher;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router: axum::Router = Endpoint::new(Dispatcher::new()).explorer().into_router();
    ///
    /// let request = Request::get("/RPC2").header("host", "localhost").header("accept", "text/html");
    /// let response = router.oneshot(request.body(Body::empty())?).await?;
    /// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn explorer(mut self) -> Self {
        Arc::make_mut(&mut self.settings).explorer = Some(Explorer::new(String::new()));
        self
    }
}
