//! How many calls run below a `ConcurrencyLimit`, how many wait, and how long a call counts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinHandle};
use tower::timeout::TimeoutLayer;
use xmlrpc_core::{
    Client, ClientError, Context, Dispatcher, Fault, service::ConcurrencyLimit, xmlrpc_service,
};

#[xmlrpc_service]
trait Work {
    #[xmlrpc(blocking)]
    fn blocks(&self) -> usize;
    #[xmlrpc(run_to_completion)]
    async fn completes(&self) -> usize;
    async fn waits(&self) -> usize;
    async fn spawns(&self, #[xmlrpc(context)] cx: &Context) -> usize;
    async fn panics(&self) -> usize;
}

/// Work that ends when the test permits it.
#[derive(Clone)]
struct Gate {
    open: Arc<Semaphore>,
    started: Arc<AtomicUsize>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Gate {
    fn new() -> Self {
        Self {
            open: Arc::new(Semaphore::new(0)),
            started: Arc::default(),
            now: Arc::default(),
            most: Arc::default(),
        }
    }

    async fn pass(&self) -> usize {
        self.most
            .fetch_max(self.now.fetch_add(1, SeqCst) + 1, SeqCst);
        let started = self.started.fetch_add(1, SeqCst) + 1;
        self.open.acquire().await.unwrap().forget();
        self.now.fetch_sub(1, SeqCst);
        started
    }

    async fn until_started(&self, calls: usize) {
        while self.started.load(SeqCst) < calls {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn started(&self) -> usize {
        self.started.load(SeqCst)
    }
}

impl Work for Gate {
    fn blocks(&self) -> usize {
        tokio::runtime::Handle::current().block_on(self.pass())
    }

    async fn completes(&self) -> usize {
        self.pass().await
    }

    async fn waits(&self) -> usize {
        self.pass().await
    }

    /// Returns at once. Its task keeps a clone of the context.
    async fn spawns(&self, cx: &Context) -> usize {
        let (gate, cx) = (self.clone(), cx.clone());
        tokio::spawn(async move {
            gate.pass().await;
            drop(cx);
        });
        0
    }

    async fn panics(&self) -> usize {
        panic!("as requested")
    }
}

fn serve(gate: &Gate) -> Dispatcher {
    Dispatcher::new().service(WorkServer::new(gate.clone()))
}

type Running = JoinHandle<Result<usize, ClientError>>;

/// Starts a call, and lets it come as far as it can on this thread.
async fn start(dispatcher: &Dispatcher, method: &str) -> Running {
    let client = Client::new(dispatcher.clone());
    let running = tokio::spawn(client.call::<usize>(method, ()).into_future());
    settle().await;
    running
}

/// Waits until all other tasks of this thread wait.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

async fn code(running: Running) -> i32 {
    let error = running.await.unwrap().unwrap_err();
    error.fault().unwrap().code()
}

/// Calls until the limit has room: it has a moment after a method has ended.
async fn until_there_is_room(dispatcher: &Dispatcher, method: &str) {
    while start(dispatcher, method).await.await.unwrap().is_err() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

const METHODS: [&str; 3] = ["blocks", "completes", "waits"];

#[tokio::test]
async fn so_many_calls_run_and_wait_and_no_more() {
    for method in METHODS {
        for (running, waiting) in [(1, 0), (1, 1), (2, 3), (5, 20)] {
            let gate = Gate::new();
            let limit = ConcurrencyLimit::new(running).max_waiting(waiting);
            let dispatcher = serve(&gate).method_layer(method, limit);
            let mut accepted = Vec::new();
            for _ in 0..running + waiting {
                accepted.push(start(&dispatcher, method).await);
            }
            gate.until_started(running).await;
            // One more than the bound.
            let refused = start(&dispatcher, method).await;
            assert_eq!(code(refused).await, Fault::OVERLOADED, "{method}");
            assert_eq!(gate.started(), running, "{method}");
            gate.open.add_permits(running + waiting + 1);
            for call in accepted {
                call.await.unwrap().unwrap();
            }
            until_there_is_room(&dispatcher, method).await;
            assert!(gate.most.load(SeqCst) <= running, "{method}");
        }
    }
}

#[tokio::test]
async fn a_call_counts_until_its_method_has_ended() {
    // The clients leave, or a time-out ends their calls.
    for (method, time_out) in [
        ("blocks", false),
        ("blocks", true),
        ("completes", false),
        ("completes", true),
    ] {
        let gate = Gate::new();
        let mut dispatcher =
            serve(&gate).method_layer(method, ConcurrencyLimit::new(2).max_waiting(0));
        if time_out {
            dispatcher = dispatcher.layer(TimeoutLayer::new(Duration::from_millis(100)));
        }
        let leaving = [
            start(&dispatcher, method).await,
            start(&dispatcher, method).await,
        ];
        gate.until_started(2).await;
        for call in leaving {
            if time_out {
                assert_eq!(code(call).await, Fault::TIMED_OUT);
            } else {
                call.abort();
                assert!(call.await.is_err());
            }
        }
        let refused = start(&dispatcher, method).await;
        assert_eq!(code(refused).await, Fault::OVERLOADED, "{method}");
        assert_eq!(gate.started(), 2, "{method}");
        gate.open.add_permits(1_000);
        until_there_is_room(&dispatcher, method).await;
        assert!(gate.most.load(SeqCst) <= 2, "{method}");
    }
}

#[tokio::test]
async fn a_cancelled_method_does_not_count() {
    let gate = Gate::new();
    let dispatcher = serve(&gate).method_layer("waits", ConcurrencyLimit::new(1).max_waiting(0));
    for calls in 1..4 {
        let leaving = start(&dispatcher, "waits").await;
        gate.until_started(calls).await;
        leaving.abort();
        assert!(leaving.await.is_err());
    }
}

#[tokio::test]
async fn a_waiting_call_whose_client_has_left_does_not_run() {
    for method in METHODS {
        let gate = Gate::new();
        let limit = ConcurrencyLimit::new(1).max_waiting(10);
        let dispatcher = serve(&gate).method_layer(method, limit);
        let first = start(&dispatcher, method).await;
        gate.until_started(1).await;
        for _ in 0..10 {
            let leaving = start(&dispatcher, method).await;
            leaving.abort();
            assert!(leaving.await.is_err());
        }
        // Their places are free.
        let mut staying = Vec::new();
        for _ in 0..10 {
            staying.push(start(&dispatcher, method).await);
        }
        gate.open.add_permits(11);
        assert_eq!(first.await.unwrap().unwrap(), 1);
        for (call, number) in staying.into_iter().zip(2..) {
            assert_eq!(call.await.unwrap().unwrap(), number, "{method}");
        }
        assert_eq!(gate.started(), 11, "{method}");
    }
}

#[tokio::test]
async fn clones_share_the_bound() {
    let gate = Gate::new();
    let limit = ConcurrencyLimit::new(1).max_waiting(0);
    let dispatcher = serve(&gate)
        .method_layer("waits", limit.clone())
        .method_layer("blocks", limit.clone())
        // A call that passes the same limit twice counts once.
        .layer(limit);
    let first = start(&dispatcher, "waits").await;
    gate.until_started(1).await;
    for method in METHODS {
        let refused = start(&dispatcher, method).await;
        assert_eq!(code(refused).await, Fault::OVERLOADED, "{method}");
    }
    gate.open.add_permits(10);
    first.await.unwrap().unwrap();
    until_there_is_room(&dispatcher, "blocks").await;
}

/// Each limit has its own turns, and a method that runs on keeps those of all.
#[tokio::test]
async fn limits_can_be_nested() {
    let gate = Gate::new();
    let dispatcher = serve(&gate)
        .method_layer("blocks", ConcurrencyLimit::new(2).max_waiting(0))
        .layer(ConcurrencyLimit::new(1).max_waiting(0));
    let leaving = start(&dispatcher, "blocks").await;
    gate.until_started(1).await;
    leaving.abort();
    assert!(leaving.await.is_err());
    let refused = start(&dispatcher, "waits").await;
    assert_eq!(code(refused).await, Fault::OVERLOADED);
    gate.open.add_permits(10);
    until_there_is_room(&dispatcher, "waits").await;
}

#[tokio::test]
async fn a_task_with_the_context_counts() {
    let gate = Gate::new();
    let dispatcher = serve(&gate).method_layer("spawns", ConcurrencyLimit::new(1).max_waiting(0));
    let first = start(&dispatcher, "spawns").await;
    assert_eq!(first.await.unwrap().unwrap(), 0);
    let refused = start(&dispatcher, "spawns").await;
    assert_eq!(code(refused).await, Fault::OVERLOADED);
    gate.open.add_permits(10);
    until_there_is_room(&dispatcher, "spawns").await;
}

#[tokio::test]
async fn a_panic_and_a_fault_give_the_place_back() {
    let dispatcher = serve(&Gate::new())
        .method("fails", || Err::<usize, _>(Fault::new(7, "as requested")))
        .layer(ConcurrencyLimit::new(1).max_waiting(0));
    for (method, expected) in [
        ("panics", Fault::INTERNAL_ERROR),
        ("fails", 7),
        ("panics", Fault::INTERNAL_ERROR),
        ("fails", 7),
    ] {
        assert_eq!(code(start(&dispatcher, method).await).await, expected);
    }
}

#[test]
#[should_panic(expected = "a `ConcurrencyLimit` must be at least 1")]
fn a_limit_of_zero_panics() {
    let _ = ConcurrencyLimit::new(0);
}
