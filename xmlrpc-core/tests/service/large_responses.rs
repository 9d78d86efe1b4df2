//! Large responses to small requests do not keep the executor busy.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    thread::available_parallelism,
    time::Duration,
};

use serde::{Serialize, Serializer};
use tokio::{
    runtime::{Builder, Handle},
    task::LocalSet,
    time::{sleep, timeout},
};
use xmlrpc_core::{Client, Dispatcher};

use crate::common::gate::Gate;

/// Becomes a text of this length. It begins with `1` if the thread that encodes it may block, because another one
/// does the work of the executor.
struct Probe(usize);

impl Serialize for Probe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It panics in a thread that may not block.
        let may_block = catch_unwind(AssertUnwindSafe(|| Handle::current().block_on(async {})));
        let text = format!("{}{}", u8::from(may_block.is_ok()), "x".repeat(self.0 - 1));
        text.serialize(serializer)
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("now", Probe)
        .method("later", |length: usize| async move {
            sleep(Duration::from_millis(1)).await;
            Probe(length)
        })
}

/// Calls in a task, as a server does. Returns whether the thread may block.
async fn call(client: &Client<Dispatcher>, method: &'static str, length: usize) -> bool {
    let client = client.clone();
    let call = async move { client.call::<String>(method, (length,)).await };
    let text = tokio::spawn(call).await.unwrap().unwrap();
    assert_eq!(text.len(), length);
    text.starts_with('1')
}

const LARGE: usize = 100 << 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_whose_responses_are_large() {
    for method in ["now", "later"] {
        let client = Client::new(dispatcher());
        assert!(!call(&client, method, LARGE).await, "nobody knows it yet");
        for _ in 0..3 {
            assert!(call(&client, method, LARGE).await, "{method}");
        }
        // The next 16 are expected to be large.
        for n in 0..16 {
            assert!(call(&client, method, 10).await, "{method}: {n}");
        }
        assert!(!call(&client, method, 10).await, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn methods_are_independent_of_each_other() {
    let client = Client::new(dispatcher());
    call(&client, "now", LARGE).await;
    assert!(!call(&client, "later", LARGE).await);
    assert!(call(&client, "later", LARGE).await);
}

/// What large documents become says nothing about what small ones do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn responses_to_large_documents_do_not_matter() {
    let client = Client::new(dispatcher().method("length", |text: String| Probe(text.len())));
    let ask = |length: usize| {
        let client = client.clone();
        let call = async move { client.call::<String>("length", ("y".repeat(length),)).await };
        async move { tokio::spawn(call).await.unwrap().unwrap() }
    };
    for _ in 0..3 {
        assert_eq!(ask(LARGE).await.len(), LARGE);
        assert!(ask(10).await.starts_with('0'));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bound_on_the_size() {
    let body = "<methodCall><methodName>now</methodName><params><param><value><int>1000</int></value>\
                </param></params></methodCall>";
    let request = xmlrpc_core::Request::new("now", body);
    let Ok(response) = dispatcher().dispatch(request).await;
    let around = response.body.len() - 1000;
    for (bound, dispatcher) in [
        (64 << 10, dispatcher()),
        (5_000, dispatcher().offload_above(5_000)),
    ] {
        let client = Client::new(dispatcher);
        for (size, is_large) in [(bound, false), (bound + 1, true)] {
            assert!(!call(&client, "now", size - around).await);
            assert_eq!(call(&client, "now", 10).await, is_large, "{size}");
        }
    }
    let client = Client::new(dispatcher().offload_above(usize::MAX));
    for _ in 0..2 {
        assert!(!call(&client, "now", LARGE).await, "switched off");
    }
}

/// A result that does not become a response had many bytes as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_that_is_too_large() {
    let client = Client::new(dispatcher().max_response_bytes(200 << 10));
    client
        .call::<String>("now", (300 << 10,))
        .await
        .unwrap_err();
    assert!(call(&client, "now", 10).await);
}

/// A runtime of one thread has no other one.
#[tokio::test]
async fn in_a_runtime_of_one_thread() {
    let client = Client::new(dispatcher());
    for _ in 0..3 {
        assert!(!call(&client, "now", LARGE).await);
    }
}

/// Its threads may never block, although its runtime has several.
#[test]
fn in_a_local_set() {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let client = Client::new(dispatcher());
    let local = LocalSet::new();
    local.block_on(&runtime, async {
        for _ in 0..4 {
            let client = client.clone();
            let call = async move { client.call::<String>("now", (LARGE,)).await };
            let text = tokio::task::spawn_local(call).await.unwrap().unwrap();
            assert!(text.starts_with('0'));
        }
    });
}

/// A panic of the result is a fault, as always.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_panic_while_it_is_encoded() {
    struct Panics(bool);

    impl Serialize for Panics {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            assert!(!self.0, "a panic of a test");
            "x".repeat(LARGE).serialize(serializer)
        }
    }

    let client = Client::new(Dispatcher::new().method("panic", Panics));
    for _ in 0..2 * available_parallelism().unwrap().get() {
        for panics in [false, true] {
            let client = client.clone();
            let call = async move { client.call::<String>("panic", (panics,)).await };
            let result = tokio::spawn(call).await.unwrap();
            assert_eq!(result.is_err(), panics, "{result:?}");
        }
    }
}

static SMALL_CALLS: Gate = Gate::new();
static ENCODING: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

static RESULTS: AtomicUsize = AtomicUsize::new(0);
static MOST_RESULTS: AtomicUsize = AtomicUsize::new(0);

/// Its encoding takes until the gate opens, if it waits.
struct Stubborn {
    waits: bool,
}

impl Stubborn {
    fn new(waits: bool) -> Self {
        MOST_RESULTS.fetch_max(RESULTS.fetch_add(1, SeqCst) + 1, SeqCst);
        Self { waits }
    }
}

impl Drop for Stubborn {
    fn drop(&mut self) {
        RESULTS.fetch_sub(1, SeqCst);
    }
}

impl Serialize for Stubborn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.waits {
            MOST.fetch_max(ENCODING.fetch_add(1, SeqCst) + 1, SeqCst);
            SMALL_CALLS.pass();
            std::thread::sleep(Duration::from_millis(20));
            ENCODING.fetch_sub(1, SeqCst);
        }
        "x".repeat(LARGE).serialize(serializer)
    }
}

/// The executor has one thread. If it encoded these responses, there would be no small call.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn small_calls_go_on_while_large_responses_are_encoded() {
    let processors = available_parallelism().unwrap().get();
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| a + b)
        .method("large", |waits: bool| async move {
            sleep(Duration::from_millis(1)).await;
            Stubborn::new(waits)
        });
    let client = Client::new(dispatcher);
    client.call::<String>("large", (false,)).await.unwrap();
    let large = (0..3 * processors).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.call::<String>("large", (true,)).await })
    });
    let large: Vec<_> = large.collect();
    while ENCODING.load(SeqCst) < processors {
        sleep(Duration::from_millis(5)).await;
    }
    for _ in 0..20 {
        let client = client.clone();
        let call = tokio::spawn(async move { client.call::<i64>("add", (2, 3)).await });
        let sum = timeout(Duration::from_secs(10), call).await;
        assert_eq!(sum.expect("nobody runs it").unwrap().unwrap(), 5);
    }
    assert!(large.iter().all(|call| !call.is_finished()));
    SMALL_CALLS.open();
    for call in large {
        assert_eq!(call.await.unwrap().unwrap().len(), LARGE);
    }
    assert_eq!(MOST.load(SeqCst), processors);
    // Calls that wait have no result, which would take memory.
    assert_eq!(MOST_RESULTS.load(SeqCst), processors);
}

/// A call waits for a processor once, however many layers it passes. If it waited outside and inside of them, calls
/// would wait for each other for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_below_layers_do_not_wait_for_each_other() {
    let limit = xmlrpc_core::service::ConcurrencyLimit::new(8);
    let client = Client::new(dispatcher().method_layer("later", limit));
    let calls = async {
        let clients = (0..32).map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    call(&client, "later", LARGE).await;
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap();
        }
    };
    timeout(Duration::from_secs(60), calls).await.unwrap();
}
