use std::{fmt, sync::Arc};

use http::{Extensions, HeaderMap};

use super::{ResponseHeaders, blocking_queue::BlockingQueue};

/// The headers of a request, and extensions that the transport and its layers added. Also the place for
/// [headers of the response](Self::response_headers).
///
/// To receive it, a method declares a parameter `#[xmlrpc(context)] cx: &Context`, which is not on
/// the wire. All entries of a multicall share the context of their request. Cloning is cheap.
///
/// ```
/// # use xmlrpc_core::{xmlrpc_service, Client, Context, Dispatcher};
/// #[xmlrpc_service]
/// trait Greeter {
///     async fn greet(&self, #[xmlrpc(context)] cx: &Context, name: &str) -> String;
/// }
///
/// struct Polite;
///
/// impl Greeter for Polite {
///     async fn greet(&self, cx: &Context, name: &str) -> String {
///         let language = cx.headers().get("accept-language");
///         match language.and_then(|value| value.to_str().ok()) {
///             Some("de") => format!("Guten Tag, {name}"),
///             _ => format!("Hello, {name}"),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let greeter = GreeterClient::new(Client::new(Dispatcher::new().service(GreeterServer::new(Polite))));
/// let greeting = greeter.greet("Ada").header("accept-language", "de").await?;
/// assert_eq!(greeting, "Guten Tag, Ada");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Context {
    inner: Arc<ContextInner>,
    /// The extensions of one call, if a layer has changed them.
    extensions: Option<Arc<Extensions>>,
}

#[derive(Default)]
struct ContextInner {
    headers: HeaderMap,
    extensions: Extensions,
    /// The queue of the dispatcher that runs the call, if it has methods that block.
    #[cfg_attr(
        not(feature = "macros"),
        allow(dead_code, reason = "only the macro makes methods that block")
    )]
    blocking: Option<Arc<BlockingQueue>>,
    response_headers: ResponseHeaders,
}

impl Context {
    /// Creates a context with these headers and extensions.
    pub fn new(headers: HeaderMap, extensions: Extensions) -> Self {
        Self::within(headers, extensions, None, ResponseHeaders::default())
    }

    /// Creates the context of a call that a dispatcher runs.
    pub(super) fn within(
        headers: HeaderMap,
        extensions: Extensions,
        blocking: Option<Arc<BlockingQueue>>,
        response_headers: ResponseHeaders,
    ) -> Self {
        Self {
            inner: Arc::new(ContextInner {
                headers,
                extensions,
                blocking,
                response_headers,
            }),
            extensions: None,
        }
    }

    #[cfg(feature = "macros")]
    pub(super) fn blocking(&self) -> Option<&Arc<BlockingQueue>> {
        self.inner.blocking.as_ref()
    }

    /// The headers of the request. Empty if the transport has no headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The extensions that the transport and its layers added, by type.
    pub fn extensions(&self) -> &Extensions {
        self.extensions.as_deref().unwrap_or(&self.inner.extensions)
    }

    /// The extensions of this context alone. Its clones keep theirs.
    pub(super) fn extensions_mut(&mut self) -> &mut Extensions {
        let inner = &self.inner;
        let own = self
            .extensions
            .get_or_insert_with(|| Arc::new(inner.extensions.clone()));
        Arc::make_mut(own)
    }

    /// The headers that this call adds to the response, for example a cookie. All calls of one request
    /// share them. See [`ResponseHeaders`], which has an example.
    ///
    /// ```
    /// use xmlrpc_core::{Context, Dispatcher, Fault};
    ///
    /// let dispatcher = Dispatcher::new().method("version", |cx: Context| {
    ///     cx.response_headers().insert("cache-control", "max-age=60")?;
    ///     Ok::<_, Fault>("1.2")
    /// });
    /// # drop(dispatcher);
    /// ```
    pub fn response_headers(&self) -> &ResponseHeaders {
        &self.inner.response_headers
    }

    /// The extension of type `T`, for example `ConnectInfo<SocketAddr>` under axum.
    ///
    /// ```
    /// use http::{Extensions, HeaderMap};
    /// use xmlrpc_core::Context;
    ///
    /// #[derive(Clone, Debug, PartialEq)]
    /// struct User(&'static str);
    ///
    /// let mut extensions = Extensions::new();
    /// extensions.insert(User("ada")); // a layer that authenticates does this
    /// let context = Context::new(HeaderMap::new(), extensions);
    /// assert_eq!(context.get::<User>(), Some(&User("ada")));
    /// assert_eq!(context.get::<u32>(), None);
    /// ```
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions().get()
    }
}

impl fmt::Debug for Context {
    /// Shows only the names of the headers. Their values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("headers", &self.inner.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
