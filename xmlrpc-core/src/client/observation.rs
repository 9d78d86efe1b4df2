//! The settings of a client for spans, trace contexts and observers.

use std::{collections::HashSet, fmt, sync::Arc};

use super::Client;
use crate::observe::{CallObserver, InjectContext, ServerAddress};

/// How calls are observed.
#[derive(Clone, Default)]
pub(super) struct Observation {
    pub(super) server: Option<Arc<ServerAddress>>,
    pub(super) inject: Option<Arc<dyn InjectContext>>,
    pub(super) observer: Option<Arc<dyn CallObserver>>,
    /// The methods that are known in addition to those of generated clients.
    pub(super) known_methods: Option<Arc<HashSet<Box<str>>>>,
    /// Whether each request has [`Attempts`](crate::observe::Attempts).
    pub(super) attempts: bool,
}

impl<T> Client<T> {
    /// Adds the trace context of each call to the headers of its request. By default, a client sends
    /// none.
    ///
    /// `xmlrpc_client::TraceContext` (feature `opentelemetry`) writes `traceparent` and `tracestate`. A
    /// retried call has the same headers in each attempt. See [`observe`](crate::observe).
    ///
    /// ```
    /// use xmlrpc_core::{Client, Context, Dispatcher};
    /// use xmlrpc_core::{http::{HeaderMap, HeaderValue}, tracing::Span};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new()
    ///     .method("traced", |cx: Context| cx.headers().contains_key("x-request-id"));
    /// let client = Client::new(dispatcher).inject(|_: &Span, headers: &mut HeaderMap| {
    ///     headers.insert("x-request-id", HeaderValue::from_static("7"));
    /// });
    /// assert!(client.call::<bool>("traced", ()).await?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn inject(mut self, hook: impl InjectContext) -> Self {
        self.observation().inject = Some(Arc::new(hook));
        self
    }

    /// Tells an observer when a call ends, for example `xmlrpc_client::Metrics` (feature `metrics`) or a closure.
    ///
    /// A multicall counts as one call of `system.multicall` for each of its requests.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, observe::CallReport};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new()).observe(|report: &CallReport<'_>| {
    ///     println!("{} took {:?}", report.method(), report.duration());
    /// });
    /// let names = client.call::<Vec<String>>("system.listMethods", ()).await?;
    /// # assert!(!names.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl CallObserver) -> Self {
        self.observation().observer = Some(Arc::new(observer));
        self
    }

    /// The methods whose names are recorded in spans and metrics, in addition to those of generated
    /// clients and of `system.*`.
    ///
    /// [`Client::call`] takes any name, perhaps one from a user. A call by such a name is recorded as
    /// `_OTHER`, because each new name would be a new time series, which an exporter keeps in memory.
    /// The span has the name in `rpc.method_original`.
    ///
    /// Several calls of this setter add up.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// let client = Client::new(Dispatcher::new()).known_methods(["add", "pow"]);
    /// # drop(client);
    /// ```
    #[must_use]
    pub fn known_methods<M: Into<Box<str>>>(
        mut self,
        methods: impl IntoIterator<Item = M>,
    ) -> Self {
        let known = self.observation().known_methods.get_or_insert_default();
        Arc::make_mut(known).extend(methods.into_iter().map(Into::into));
        self
    }

    /// The host or unix socket of the server, and its port, for `server.address` and `server.port` of
    /// spans and metrics.
    ///
    /// The builder of `xmlrpc_client` sets it. Set it for your own transport if it has an address. It must
    /// not contain credentials, and does not change where calls go.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// let client = Client::new(Dispatcher::new()).server_address("rpc.example", Some(8000));
    /// # drop(client);
    /// ```
    #[must_use]
    pub fn server_address(mut self, address: impl Into<Box<str>>, port: Option<u16>) -> Self {
        self.observation().server = Some(Arc::new(ServerAddress::new(address, port)));
        self
    }

    /// Whether each request has [`Attempts`](crate::observe::Attempts) in its extensions. Off by default.
    ///
    /// Switch it on for a transport that reports there which servers it tries. Spans, reports and the
    /// errors of time-outs then name them. The builder of `xmlrpc_client` does so for a client that
    /// retries calls or has several endpoints.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// let client = Client::new(Dispatcher::new()).record_attempts(true);
    /// # drop(client);
    /// ```
    #[must_use]
    pub fn record_attempts(mut self, on: bool) -> Self {
        self.observation().attempts = on;
        self
    }

    fn observation(&mut self) -> &mut Observation {
        &mut Arc::make_mut(&mut self.settings).observation
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.as_deref();
        f.debug_struct("Observation")
            .field("server", &server)
            .field("injects", &self.inject.is_some())
            .field("is_observed", &self.observer.is_some())
            .field("known_methods", &self.known_methods)
            .field("attempts", &self.attempts)
            .finish()
    }
}
