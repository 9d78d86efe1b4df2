//! A dispatcher that can be replaced while it serves.

use std::{
    convert::Infallible,
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{self, Poll},
};

use super::{Dispatch, Dispatcher};
use crate::{Request, Response};

/// Serves with a [`Dispatcher`] that you can replace at any time, for example when a configuration
/// changes that lists the methods.
///
/// Each call runs with the dispatcher that was current when the call began. So a call that runs while you
/// replace the dispatcher finishes with the old one. All entries of a multicall run with the same
/// dispatcher. When [`replace`](Self::replace) returns, each new call uses the new one, and
/// `system.listMethods` lists its methods.
///
/// Cloning is cheap, and all clones have the same dispatcher: keep one to replace it. Like a dispatcher, it
/// is a [`tower::Service`] from [`Request`] to [`Response`], and so a [`Transport`](crate::Transport).
/// `xmlrpc_axum::Endpoint::replaceable` serves it over HTTP.
///
/// ```
/// use xmlrpc_core::{Client, Dispatcher, service::ReplaceableDispatcher};
///
/// fn methods(greeting: &'static str) -> Dispatcher {
///     Dispatcher::new().method("greet", move |name: String| format!("{greeting}, {name}"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let dispatcher = ReplaceableDispatcher::new(methods("Hello"));
/// let client = Client::new(dispatcher.clone());
/// assert_eq!(client.call::<String>("greet", ("Ada",)).await?, "Hello, Ada");
///
/// dispatcher.replace(methods("Good evening"));
/// assert_eq!(client.call::<String>("greet", ("Ada",)).await?, "Good evening, Ada");
/// # Ok(())
/// # }
/// ```
///
/// A new dispatcher has its own settings, its own layers, and its own bound on [blocking
/// methods](Dispatcher::max_blocking_calls). To share them, keep a dispatcher that has what all versions have
/// in common, and add the other methods to a clone of it:
///
/// ```
/// use xmlrpc_core::{
///     Dispatcher,
///     service::{DuplicateMethod, ReplaceableDispatcher},
/// };
///
/// struct Reloader {
///     base: Dispatcher,
///     serving: ReplaceableDispatcher,
/// }
///
/// impl Reloader {
///     /// If the configuration is invalid, the server continues with the old methods.
///     fn reload(&self, names: &[&str]) -> Result<(), DuplicateMethod> {
///         let mut next = self.base.clone();
///         for name in names {
///             next = next.try_raw_method(name, |_, _| "done")?;
///         }
///         self.serving.replace(next);
///         Ok(())
///     }
/// }
///
/// let base = Dispatcher::new().method("ping", || "pong");
/// let reloader = Reloader { serving: ReplaceableDispatcher::new(base.clone()), base };
/// assert!(reloader.reload(&["start", "stop"]).is_ok());
/// assert!(reloader.reload(&["ping"]).is_err());
/// assert_eq!(reloader.serving.current().method_names().take(2).collect::<Vec<_>>(), ["ping", "start"]);
/// ```
#[derive(Clone)]
pub struct ReplaceableDispatcher {
    current: Arc<RwLock<Dispatcher>>,
    replaced: Arc<AtomicU64>,
}

impl ReplaceableDispatcher {
    /// Begins with this dispatcher.
    pub fn new(dispatcher: Dispatcher) -> Self {
        Self {
            current: Arc::new(RwLock::new(dispatcher)),
            replaced: Arc::default(),
        }
    }

    /// The dispatcher that runs new calls.
    pub fn current(&self) -> Dispatcher {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the dispatcher, and returns the one before. Calls that run with it continue.
    pub fn replace(&self, dispatcher: Dispatcher) -> Dispatcher {
        let current = self.current.write();
        let mut current = current.unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, dispatcher);
        self.replaced.fetch_add(1, Ordering::Release);
        before
    }

    /// How often the dispatcher has been replaced. If you keep something that you made from
    /// [`current`](Self::current), it tells whether that is out of date.
    ///
    /// ```
    /// use xmlrpc_core::{Dispatcher, service::ReplaceableDispatcher};
    ///
    /// let dispatcher = ReplaceableDispatcher::new(Dispatcher::new());
    /// assert_eq!(dispatcher.times_replaced(), 0);
    /// dispatcher.replace(Dispatcher::new());
    /// assert_eq!(dispatcher.times_replaced(), 1);
    /// ```
    pub fn times_replaced(&self) -> u64 {
        self.replaced.load(Ordering::Acquire)
    }

    /// Runs the call in one document with the current dispatcher. The [`tower::Service`] does the same.
    pub fn dispatch(&self, request: Request) -> Dispatch {
        // Not under the lock: the method may begin to run here, and may replace the dispatcher.
        self.current().dispatch(request)
    }
}

impl From<Dispatcher> for ReplaceableDispatcher {
    fn from(dispatcher: Dispatcher) -> Self {
        Self::new(dispatcher)
    }
}

impl fmt::Debug for ReplaceableDispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReplaceableDispatcher")
            .field(&self.current())
            .finish()
    }
}

impl tower_service::Service<Request> for ReplaceableDispatcher {
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
