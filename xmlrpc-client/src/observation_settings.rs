//! The settings for spans, trace contexts and metrics.

use std::{fmt, path::Path};

use xmlrpc_core::{
    http::HeaderMap,
    observe::{CallObserver, CallReport, InjectContext, ServerAddress},
    tracing::Span,
};

use crate::{ClientBuilder, url::Url};

#[derive(Default)]
pub(crate) struct ObservationSettings {
    inject: Option<Box<dyn InjectContext>>,
    observer: Option<Box<dyn CallObserver>>,
    known_methods: Vec<Box<str>>,
}

/// The settings for spans, trace contexts and metrics. See [`xmlrpc_core::observe`].
impl ClientBuilder {
    /// Adds the trace context of each call to the headers of its request, for example with
    /// `TraceContext` (feature `opentelemetry`). By default, the client sends none.
    ///
    /// Over [SCGI](crate#scgi), the headers become variables. See [`xmlrpc_core::Client::inject`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    /// use xmlrpc_core::{http::{HeaderMap, HeaderValue}, tracing::Span};
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2")
    ///     .inject(|_: &Span, headers: &mut HeaderMap| {
    ///         headers.insert("x-request-id", HeaderValue::from_static("7"));
    ///     })
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn inject(mut self, hook: impl InjectContext) -> Self {
        self.observation.inject = Some(Box::new(hook));
        self
    }

    /// Tells an observer when a call ends, for example `Metrics` (feature `metrics`) or a closure. See
    /// [`xmlrpc_core::Client::observe`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    /// use xmlrpc_core::observe::CallReport;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2")
    ///     .observe(|report: &CallReport<'_>| println!("{report:?}"))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn observe(mut self, observer: impl CallObserver) -> Self {
        self.observation.observer = Some(Box::new(observer));
        self
    }

    /// The methods whose names are recorded in spans and metrics, in addition to those of generated
    /// clients and of `system.*`. Other names that are passed to `call` are recorded as `_OTHER`. See
    /// [`xmlrpc_core::Client::known_methods`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2")
    ///     .known_methods(["add", "pow"])
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn known_methods<M: Into<Box<str>>>(
        mut self,
        methods: impl IntoIterator<Item = M>,
    ) -> Self {
        let methods = methods.into_iter().map(Into::into);
        self.observation.known_methods.extend(methods);
        self
    }
}

impl ObservationSettings {
    pub(crate) fn apply<T>(
        self,
        mut client: xmlrpc_core::Client<T>,
        server: Option<&ServerAddress>,
    ) -> xmlrpc_core::Client<T> {
        if let Some(server) = server {
            client = client.server_address(server.address(), server.port());
        }
        if let Some(hook) = self.inject {
            client = client.inject(move |span: &Span, headers: &mut HeaderMap| {
                hook.inject(span, headers);
            });
        }
        if let Some(observer) = self.observer {
            client = client.observe(move |report: &CallReport<'_>| observer.call_ended(report));
        }
        if !self.known_methods.is_empty() {
            client = client.known_methods(self.known_methods);
        }
        client
    }
}

/// The host and port of a server, or its unix socket.
pub(crate) fn server_address(url: &Url, socket: Option<&Path>) -> (String, Option<u16>) {
    if let Some(socket) = socket {
        return (socket.display().to_string(), None);
    }
    (url.host_name().to_owned(), url.port_or_default())
}

impl fmt::Debug for ObservationSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservationSettings")
            .field("injects", &self.inject.is_some())
            .field("is_observed", &self.observer.is_some())
            .field("known_methods", &self.known_methods)
            .finish()
    }
}
