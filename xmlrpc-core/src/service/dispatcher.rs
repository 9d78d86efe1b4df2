use std::{
    collections::HashMap,
    convert::Infallible,
    fmt,
    sync::{Arc, OnceLock},
    task::{self, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Extensions, HeaderMap};

use super::{
    Context, Dispatch, DuplicateMethod, ResponseHeaders, Service,
    blocking_queue::BlockingQueue,
    catch_panic::Guarded,
    duplicate_method::Owner,
    large_response::CalledMethod,
    layer::Stack,
    method_table::{Fallbacks, MethodEntry},
    offload,
    size_bounds::SizeBounds,
};
use crate::{
    Dialect, Limits, Request, Response, ResponseBudget, message::IncomingCall, observe::document,
    read_options::ReadOptions,
};

/// Runs the method that a document calls and encodes the response.
///
/// A dispatcher holds services, [functions](Self::method) and other dispatchers [under a
/// prefix](Self::nest). It is a [`tower::Service`] from [`Request`] to [`Response`] that never
/// fails: the response to an invalid document is a fault. It is therefore also a
/// [`Transport`](crate::Transport), so you can test a service through the whole codec without a
/// socket. Cloning is cheap.
///
/// ```
/// # use xmlrpc_core::{xmlrpc_service, Client, Dispatcher};
/// #[xmlrpc_service]
/// trait Calc {
///     async fn add(&self, a: i64, b: i64) -> i64;
/// }
///
/// struct Exact;
///
/// impl Calc for Exact {
///     async fn add(&self, a: i64, b: i64) -> i64 {
///         a + b
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let dispatcher = Dispatcher::new().service(CalcServer::new(Exact));
/// let calc = CalcClient::new(Client::new(dispatcher));
/// assert_eq!(calc.add(2, 3).await?, 5);
/// # Ok(())
/// # }
/// ```
///
/// | setting | default | method |
/// |---|---|---|
/// | limits of a request | [`Limits::default`] | [`limits`](Self::limits) |
/// | dialect of responses | [`Dialect::EXTENDED`] | [`dialect`](Self::dialect) |
/// | introspection: `system.listMethods` and others | on | [`introspection`](Self::introspection) |
/// | `system.multicall` | on | [`multicall`](Self::multicall) |
/// | maximum number of entries in a multicall | 1,000 | [`max_multicall_entries`](Self::max_multicall_entries) |
/// | maximum size of the response to a multicall | 64 MiB | [`max_multicall_bytes`](Self::max_multicall_bytes) |
/// | entries that run at the same time | 1 | [`multicall_concurrency`](Self::multicall_concurrency) |
/// | time-out of a multicall | 60 s | [`multicall_timeout`](Self::multicall_timeout) |
/// | blocking methods that run at the same time | 256 | [`max_blocking_calls`](Self::max_blocking_calls) |
/// | calls that wait for a blocking method | 1,024 | [`max_waiting_calls`](Self::max_waiting_calls) |
/// | maximum size of a response | 64 MiB | [`max_response_bytes`](Self::max_response_bytes) |
/// | maximum size of the text of a fault | 64 KiB | [`max_fault_bytes`](Self::max_fault_bytes) |
/// | maximum size of the headers that methods add | 8 KiB | [`max_response_header_bytes`](Self::max_response_header_bytes) |
/// | documents that are decoded outside of the executor | those above 64 KiB | [`offload_above`](Self::offload_above) |
/// | layers | none | [`layer`](Self::layer), [`method_layer`](Self::method_layer) |
#[derive(Clone)]
pub struct Dispatcher {
    pub(super) inner: Arc<DispatcherInner>,
}

#[derive(Clone)]
pub(super) struct DispatcherInner {
    pub(super) methods: HashMap<Arc<str>, MethodEntry>,
    pub(super) fallbacks: Fallbacks,
    sorted: OnceLock<Vec<Arc<str>>>,
    pub(super) reading: ReadOptions,
    pub(super) dialect: Dialect,
    pub(super) bounds: SizeBounds,
    pub(super) max_fault_bytes: usize,
    pub(super) max_multicall_entries: usize,
    pub(super) max_multicall_bytes: usize,
    pub(super) multicall_concurrency: usize,
    pub(super) multicall_timeout: Duration,
    pub(super) blocking: Arc<BlockingQueue>,
    /// Whether a service has methods that block. The others need no queue.
    pub(super) blocks: bool,
    /// The layers around every call.
    pub(super) layers: Option<Stack>,
}

impl Dispatcher {
    /// Creates a dispatcher that has only the methods `system.*`.
    pub fn new() -> Self {
        let inner = DispatcherInner {
            methods: HashMap::new(),
            fallbacks: Fallbacks::default(),
            sorted: OnceLock::new(),
            reading: ReadOptions::new(Limits::default()),
            dialect: Dialect::default(),
            bounds: SizeBounds::DEFAULT,
            max_fault_bytes: 64 << 10,
            max_multicall_entries: 1_000,
            max_multicall_bytes: 64 << 20,
            multicall_concurrency: 1,
            multicall_timeout: Duration::from_secs(60),
            blocking: Arc::default(),
            blocks: false,
            layers: None,
        };
        Self {
            inner: Arc::new(inner),
        }
        .introspection(true)
        .multicall(true)
    }

    /// Adds the methods of a service.
    ///
    /// # Panics
    ///
    /// If another method already has one of the names. This is a mistake in the program, found when
    /// it starts. [`try_service`](Self::try_service) returns it as an error.
    #[must_use]
    pub fn service<S: Service>(self, service: S) -> Self {
        match self.try_service(service) {
            Ok(dispatcher) => dispatcher,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds the methods of a service. Returns an error if a name is taken.
    ///
    /// ```
    /// # use xmlrpc_core::{xmlrpc_service, Dispatcher};
    /// # #[xmlrpc_service]
    /// # trait Calc {
    /// #     async fn add(&self, a: i64, b: i64) -> i64;
    /// # }
    /// # struct Exact;
    /// # impl Calc for Exact {
    /// #     async fn add(&self, a: i64, b: i64) -> i64 { a + b }
    /// # }
    /// let once = Dispatcher::new().service(CalcServer::new(Exact));
    /// let error = once.try_service(CalcServer::new(Exact)).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the method name `add` of the service `Calc` is already taken by the service `Calc`"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// The first name that another method already has.
    pub fn try_service<S: Service>(mut self, service: S) -> Result<Self, DuplicateMethod> {
        self.inner_mut().blocks |= S::BLOCKS;
        for method in service.methods().0 {
            for name in std::iter::once(&method.name).chain(method.aliases) {
                let owner = Owner::Service(S::NAME);
                let entry = MethodEntry {
                    service_help: S::HELP,
                    ..MethodEntry::method(owner, Arc::clone(&method.handler))
                };
                self.insert(name, entry)?;
            }
        }
        Ok(self)
    }

    /// Removes one name of a method: of a `system.*` method, or of a method that was added before.
    ///
    /// A method with aliases keeps its other names.
    ///
    /// # Panics
    ///
    /// If no method has this name. A misspelt name must not leave a method open that you meant to
    /// close.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().without_method("system.methodHelp").without_method("system.multicall");
    /// assert!(!dispatcher.method_names().any(|name| name == "system.methodHelp"));
    /// assert!(dispatcher.method_names().any(|name| name == "system.methodSignature"));
    /// ```
    #[must_use]
    pub fn without_method(mut self, method: &str) -> Self {
        let removed = self.inner_mut().methods.remove(method);
        assert!(
            removed.is_some(),
            "cannot remove `{method}`: no such method"
        );
        self
    }

    /// The names of all methods, including `system.*`, sorted.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new();
    /// let names: Vec<_> = dispatcher.method_names().collect();
    /// assert_eq!(names[..2], ["system.getCapabilities", "system.listMethods"]);
    /// ```
    pub fn method_names(&self) -> impl Iterator<Item = &str> {
        self.inner.method_names().iter().map(|name| &**name)
    }

    /// Runs the call in one document. The [`tower::Service`] does the same.
    pub fn dispatch(&self, request: Request) -> Dispatch {
        let Request {
            headers,
            extensions,
            body,
            budget,
            ..
        } = request;
        let context = self.inner.context(headers, extensions);
        let call_context = context.clone();
        let is_large = body.len() > self.inner.bounds.offload_above;
        let running = if is_large && !offload::may_block() {
            let inner = Arc::clone(&self.inner);
            Guarded::Running {
                method: Arc::default(),
                future: Box::pin(offload::run(move || {
                    DispatcherInner::start(&inner, body, call_context, budget)
                })),
            }
        } else {
            DispatcherInner::start(&self.inner, body, call_context, budget)
        };
        let max_fault_bytes = self.inner.max_fault_bytes;
        Dispatch::new(running, self.inner.dialect, max_fault_bytes, context)
    }

    pub(super) fn insert(
        &mut self,
        name: &str,
        mut entry: MethodEntry,
    ) -> Result<(), DuplicateMethod> {
        let methods = &mut self.inner_mut().methods;
        if let Some(there) = methods.get(name) {
            return Err(DuplicateMethod {
                method: name.to_owned(),
                owner: entry.owner,
                there: there.owner,
            });
        }
        entry.name = Arc::new(CalledMethod::from(name));
        methods.insert(Arc::from(name), entry);
        Ok(())
    }

    /// The settings for a change: not shared with clones, and without the cached list of names.
    pub(super) fn inner_mut(&mut self) -> &mut DispatcherInner {
        let inner = Arc::make_mut(&mut self.inner);
        inner.sorted = OnceLock::new();
        inner
    }
}

impl DispatcherInner {
    fn context(&self, headers: HeaderMap, extensions: Extensions) -> Context {
        let blocking = self.blocks.then(|| Arc::clone(&self.blocking));
        let response_headers = ResponseHeaders::new(self.bounds.max_response_headers);
        Context::within(headers, extensions, blocking, response_headers)
    }

    /// Reads a document and starts the method that it calls.
    fn start(
        this: &Arc<Self>,
        body: Bytes,
        context: Context,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Guarded {
        document::request_received(&body);
        let (body, charset, limits) = this.reading.document(body, context.headers());
        match IncomingCall::read(body, charset, &limits) {
            Ok(call) => Self::run(this, call, context, budget),
            Err(error) => Guarded::failed(error.into_fault()),
        }
    }

    pub(super) fn method_names(&self) -> &[Arc<str>] {
        self.sorted.get_or_init(|| {
            let mut names: Vec<_> = self.methods.keys().map(Arc::clone).collect();
            names.sort_unstable();
            names
        })
    }
}

impl Default for Dispatcher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("methods", &self.inner.method_names())
            .finish_non_exhaustive()
    }
}

impl tower_service::Service<Request> for Dispatcher {
    type Response = Response;
    type Error = Infallible;
    type Future = Dispatch;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Dispatch {
        self.dispatch(request)
    }
}
