use std::{
    fmt,
    sync::Arc,
    task::{self, Poll},
};

use tower_layer::Layer;

use super::{CallService, RpcService, Stack};
use crate::{
    Fault,
    message::EncodedResponse,
    service::{
        MethodFuture, RpcCall,
        blocking_queue::{BlockingQueue, Turn},
    },
};

/// A layer that bounds how many calls run at the same time. Further calls wait.
///
/// A call counts until its method has ended. tower's `ConcurrencyLimit` counts it until its future is dropped, which
/// happens when the client disconnects or a time-out expires. A method with `#[xmlrpc(blocking)]` or
/// `#[xmlrpc(run_to_completion)]` runs on after that, so clients that leave could start as many of them as they like.
/// Use this layer around such methods.
///
/// Calls run in the order in which they arrived. A waiting call whose client has disconnected gives up its place, and its
/// method does not run. Put a time-out around this layer, so that it includes the time for which a call waits.
///
/// Clones share the bound. So one limit can bound several methods together. A call that passes the same limit twice counts
/// once.
///
/// The method counts as long as a clone of its [`Context`](crate::Context) lives. A method that starts a task of its own
/// can move a clone into it, so that the task counts as well.
///
/// | setting | default | method | beyond it |
/// |---|---|---|---|
/// | calls that run | required | [`new`](Self::new) | the call waits |
/// | calls that wait | 1,024 | [`max_waiting`](Self::max_waiting) | a fault [`OVERLOADED`](Fault::OVERLOADED) |
///
/// ```
/// use std::time::Duration;
///
/// use tower::ServiceBuilder;
/// use xmlrpc_core::{Dispatcher, service::ConcurrencyLimit, xmlrpc_service};
///
/// #[xmlrpc_service]
/// trait Reports {
///     #[xmlrpc(blocking)]
///     fn report(&self, year: i32) -> String;
/// }
///
/// # struct Database;
/// # impl Reports for Database {
/// #     fn report(&self, year: i32) -> String { year.to_string() }
/// # }
/// let dispatcher = Dispatcher::new()
///     .service(ReportsServer::new(Database))
///     .method_layer(
///         "report",
///         ServiceBuilder::new()
///             .timeout(Duration::from_secs(30))
///             .layer(ConcurrencyLimit::new(2).max_waiting(64)),
///     );
/// # drop(dispatcher);
/// ```
#[derive(Clone)]
pub struct ConcurrencyLimit {
    queue: Arc<BlockingQueue>,
}

impl ConcurrencyLimit {
    /// Creates a layer below which at most this many calls run at the same time.
    ///
    /// # Panics
    ///
    /// If it is 0.
    pub fn new(running: usize) -> Self {
        assert!(running > 0, "a `ConcurrencyLimit` must be at least 1");
        Self {
            queue: Arc::new(BlockingQueue::default().with_running(running)),
        }
    }

    /// How many calls wait until they can run; 1,024 by default. A call beyond it gets a fault
    /// [`OVERLOADED`](Fault::OVERLOADED).
    ///
    /// Each waiting call keeps its parameters in memory. Set it before you clone the limit: clones share the bound until
    /// one of them changes it.
    #[must_use]
    pub fn max_waiting(self, calls: usize) -> Self {
        Self {
            queue: Arc::new(self.queue.with_waiting(calls)),
        }
    }
}

impl<S: CallService> Layer<S> for ConcurrencyLimit {
    type Service = ConcurrencyLimitService;

    fn layer(&self, inner: S) -> ConcurrencyLimitService {
        ConcurrencyLimitService {
            inner: Stack::new(inner),
            queue: Arc::clone(&self.queue),
        }
    }
}

/// The service that a [`ConcurrencyLimit`] creates.
#[derive(Clone)]
pub struct ConcurrencyLimitService {
    inner: Stack,
    queue: Arc<BlockingQueue>,
}

impl tower_service::Service<RpcCall> for ConcurrencyLimitService {
    type Response = EncodedResponse;
    type Error = Fault;
    type Future = MethodFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut call: RpcCall) -> MethodFuture {
        let inner = RpcService::around(self.inner.clone());
        let queue = Arc::clone(&self.queue);
        Box::pin(async move {
            let outer = call.context().get::<Held>().cloned();
            let held = match outer {
                Some(held) if held.is_of(&queue) => held,
                outer => Held(Arc::new(HeldTurn {
                    _turn: queue.turn().await?,
                    queue,
                    outer,
                })),
            };
            // A method that outlives this future keeps its context, and so its turn. Some methods drop their context
            // before they end: this future keeps the turn of these.
            call.extensions_mut().insert(held.clone());
            let result = inner.run(call).await;
            drop(held);
            result
        })
    }
}

/// The turns of a call, in its extensions. The call counts until the last clone is dropped.
#[derive(Clone)]
struct Held(Arc<HeldTurn>);

struct HeldTurn {
    _turn: Turn,
    queue: Arc<BlockingQueue>,
    /// The turn at a limit around this one.
    outer: Option<Held>,
}

impl Held {
    /// Whether the call has a turn in this queue.
    fn is_of(&self, queue: &Arc<BlockingQueue>) -> bool {
        let mut held = Some(self);
        while let Some(Self(turn)) = held {
            if Arc::ptr_eq(&turn.queue, queue) {
                return true;
            }
            held = turn.outer.as_ref();
        }
        false
    }
}

impl fmt::Debug for ConcurrencyLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConcurrencyLimit").finish_non_exhaustive()
    }
}

impl fmt::Debug for ConcurrencyLimitService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConcurrencyLimitService")
            .finish_non_exhaustive()
    }
}
