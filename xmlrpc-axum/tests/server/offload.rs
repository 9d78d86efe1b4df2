//! Large documents are decoded outside of the executor.

use std::{
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread::{self, ThreadId, available_parallelism},
    time::Duration,
};

use axum::{Router, body::Body, middleware};
use http::Request;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::Instrument;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{
    Dispatcher,
    service::{Next, RpcCall, from_fn},
};

use crate::common::gate::Gate;
use crate::common::http_raw::{ADD, Answer, post, send};
use crate::common::http_server::serve;

const KIB: usize = 1 << 10;

/// A call of `method` with a text, in a document of exactly this size.
fn call(method: &str, size: usize) -> Vec<u8> {
    let head = format!("<methodCall><methodName>{method}</methodName><params><param><value>");
    let tail = "</value></param></params></methodCall>";
    let text = "x".repeat(size - head.len() - tail.len());
    format!("{head}{text}{tail}").into_bytes()
}

/// The thread that decodes it.
struct DecodedBy(ThreadId);

impl<'de> Deserialize<'de> for DecodedBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?;
        Ok(Self(thread::current().id()))
    }
}

/// Becomes `true` if the thread that encodes it is the given one.
struct EncodedBy(ThreadId);

impl Serialize for EncodedBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0 == thread::current().id()).serialize(serializer)
    }
}

/// A runtime of one thread serves everything, so any other thread is one that may block.
fn is_elsewhere(executor: ThreadId, decoded: &DecodedBy) -> bool {
    decoded.0 != executor
}

async fn ask(dispatcher: &Dispatcher, document: Vec<u8>) -> Answer {
    let server = serve(xmlrpc_axum::router(dispatcher.clone())).await;
    send(server.address, &post("", &document)).await
}

fn says(answer: &Answer, expected: bool) -> bool {
    answer.assert_status(200, "a call");
    let text = format!("<boolean>{}</boolean>", u8::from(expected));
    answer.body.contains(&text)
}

#[tokio::test]
async fn a_method_starts_tasks_and_timers_in_the_runtime_of_its_caller() {
    let executor = thread::current().id();
    let dispatcher = Dispatcher::new().method("spawn", move |decoded: DecodedBy| {
        let is_elsewhere = is_elsewhere(executor, &decoded) && decoded.0 == thread::current().id();
        let task = tokio::spawn(async {
            sleep(Duration::from_millis(1)).await;
            thread::current().id()
        });
        async move { is_elsewhere && task.await.is_ok_and(|thread| thread == executor) }
    });
    assert!(says(
        &ask(&dispatcher, call("spawn", 100 * KIB)).await,
        true
    ));
}

/// The nice value of this thread, from the process file system of Linux.
#[cfg(target_os = "linux")]
fn nice() -> i32 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, after_name) = stat.rsplit_once(')').unwrap();
    // The value is field 19, and the name is field 2.
    let value = after_name.split_whitespace().nth(16).unwrap();
    value.parse().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn threads_that_decode_have_a_lower_priority() {
    let executor = nice();
    let dispatcher = Dispatcher::new().method("nice", move |_: DecodedBy| async move {
        nice() == (executor + 7).min(19)
    });
    let large = ask(&dispatcher, call("nice", 100 * KIB)).await;
    assert!(says(&large, true));
    let small = ask(&dispatcher, call("nice", 200)).await;
    assert!(says(&small, false));
}

/// Idle threads for blocking work are in the same runtime, and must not decode: each would keep memory.
#[tokio::test]
async fn other_threads_that_may_block_do_not_decode() {
    let all = Arc::new(Barrier::new(20));
    let blocking = (0..20).map(|_| {
        let all = Arc::clone(&all);
        tokio::task::spawn_blocking(move || {
            all.wait();
            thread::current().id()
        })
    });
    let mut idle = Vec::new();
    for thread in blocking.collect::<Vec<_>>() {
        idle.push(thread.await.unwrap());
    }
    let dispatcher = Dispatcher::new().method("where", move |decoded: DecodedBy| {
        !idle.contains(&decoded.0)
    });
    for _ in 0..20 {
        assert!(says(
            &ask(&dispatcher, call("where", 100 * KIB)).await,
            true
        ));
    }
}

#[tokio::test]
async fn the_bound_on_the_size() {
    let executor = thread::current().id();
    let dispatcher = Dispatcher::new().method("where", move |decoded: DecodedBy| {
        is_elsewhere(executor, &decoded)
    });
    for (size, elsewhere) in [(1_000, false), (64 * KIB, false), (64 * KIB + 1, true)] {
        let answer = ask(&dispatcher, call("where", size)).await;
        assert!(says(&answer, elsewhere), "{size}: {answer:?}");
    }
    let dispatcher = dispatcher.offload_above(1_000);
    for (size, elsewhere) in [(1_000, false), (1_001, true)] {
        let answer = ask(&dispatcher, call("where", size)).await;
        assert!(says(&answer, elsewhere), "{size}: {answer:?}");
    }
    let dispatcher = dispatcher.offload_above(usize::MAX);
    let answer = ask(&dispatcher, call("where", 200 * KIB)).await;
    assert!(says(&answer, false), "{answer:?}");
}

#[tokio::test]
async fn responses_of_methods_that_finish_at_once_are_encoded_there() {
    let dispatcher = Dispatcher::new()
        .method(
            "now",
            |decoded: DecodedBy| async move { EncodedBy(decoded.0) },
        )
        .method("later", |decoded: DecodedBy| async move {
            sleep(Duration::from_millis(20)).await;
            EncodedBy(decoded.0)
        });
    assert!(says(&ask(&dispatcher, call("now", 100 * KIB)).await, true));
    // After it has waited, the method goes on in the task of its request.
    assert!(says(
        &ask(&dispatcher, call("later", 100 * KIB)).await,
        false
    ));
}

#[tokio::test]
async fn layers_run_first() {
    let executor = thread::current().id();
    let order = Arc::new(Mutex::new(Vec::new()));
    let (layer, method) = (Arc::clone(&order), Arc::clone(&order));
    let dispatcher = Dispatcher::new()
        .method("where", move |decoded: DecodedBy| {
            method.lock().unwrap().push("method");
            is_elsewhere(executor, &decoded)
        })
        .layer(from_fn(move |call: RpcCall, next: Next| {
            layer.lock().unwrap().push("layer");
            async move { next.run(call).await }
        }));
    assert!(says(
        &ask(&dispatcher, call("where", 100 * KIB)).await,
        true
    ));
    assert_eq!(*order.lock().unwrap(), ["layer", "method"]);

    // A layer that waits first.
    let dispatcher = dispatcher.layer(from_fn(|call: RpcCall, next: Next| async move {
        sleep(Duration::from_millis(20)).await;
        next.run(call).await
    }));
    assert!(says(
        &ask(&dispatcher, call("where", 100 * KIB)).await,
        true
    ));
}

#[tokio::test]
async fn large_entries_of_a_multicall() {
    let executor = thread::current().id();
    let dispatcher = Dispatcher::new()
        .method("where", move |decoded: DecodedBy| {
            is_elsewhere(executor, &decoded)
        })
        .method("wait", || sleep(Duration::from_millis(20)));
    let entry = |method: &str, param: String| {
        format!(
            "<value><struct><member><name>methodName</name><value>{method}</value></member>\
             <member><name>params</name><value><array><data>{param}</data></array></value>\
             </member></struct></value>"
        )
    };
    let text = |size| format!("<value>{}</value>", "x".repeat(size));
    // After the first entry, the others run in the task of the request.
    let entries = [
        entry("wait", String::new()),
        entry("where", text(1_000)),
        entry("where", text(100 * KIB)),
    ];
    let document = format!(
        "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>\
         {}</data></array></value></param></params></methodCall>",
        entries.concat()
    );
    let answer = ask(&dispatcher, document.into_bytes()).await;
    answer.assert_status(200, "a multicall");
    let (small, large) = (
        answer.body.find("<boolean>0</boolean>"),
        answer.body.find("<boolean>1</boolean>"),
    );
    assert!(small.unwrap() < large.unwrap(), "{answer:?}");
}

static SMALL_CALLS: Gate = Gate::new();

/// Its decoding takes until the gate opens.
struct Stubborn;

impl<'de> Deserialize<'de> for Stubborn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SMALL_CALLS.pass();
        String::deserialize(deserializer)?;
        Ok(Self)
    }
}

/// The executor has one thread. If it decoded the document, there would be no small call.
#[tokio::test]
async fn small_calls_go_on_while_a_large_document_is_decoded() {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| a + b)
        .method("large", |_: Stubborn| true);
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let address = server.address;
    let large =
        tokio::spawn(async move { send(address, &post("", &call("large", 100 * KIB))).await });
    for _ in 0..20 {
        send(address, &post("", ADD.as_bytes())).await.assert_int(5);
    }
    assert!(!large.is_finished());
    SMALL_CALLS.open();
    assert!(says(&large.await.unwrap(), true));
}

static DECODING: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        MOST.fetch_max(DECODING.fetch_add(1, SeqCst) + 1, SeqCst);
        thread::sleep(Duration::from_millis(20));
        DECODING.fetch_sub(1, SeqCst);
        String::deserialize(deserializer)?;
        Ok(Self)
    }
}

#[tokio::test]
async fn at_most_as_many_threads_as_processors() {
    let processors = available_parallelism().unwrap().get();
    let dispatcher = Dispatcher::new().method("count", |_: Counted| true);
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let address = server.address;
    let calls = (0..4 * processors).map(|_| {
        tokio::spawn(async move { send(address, &post("", &call("count", 100 * KIB))).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(says(&call.await.unwrap(), true));
    }
    assert!((1..=processors).contains(&MOST.load(SeqCst)), "{MOST:?}");
}

/// Their results may take much memory.
#[tokio::test]
async fn few_methods_run_at_once() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);

    struct Result;

    impl Serialize for Result {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            thread::sleep(Duration::from_millis(10));
            RUNNING.fetch_sub(1, SeqCst);
            true.serialize(serializer)
        }
    }

    let processors = available_parallelism().unwrap().get();
    let dispatcher = Dispatcher::new().method("make", |_: String| {
        MOST.fetch_max(RUNNING.fetch_add(1, SeqCst) + 1, SeqCst);
        thread::sleep(Duration::from_millis(10));
        Result
    });
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let address = server.address;
    let calls = (0..16 * processors).map(|_| {
        tokio::spawn(async move { send(address, &post("", &call("make", 100 * KIB))).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(says(&call.await.unwrap(), true));
    }
    // At most twice as many as processors, of 16 times as many. On a busy machine, some take so long that others may run
    // as well.
    assert!(
        (1..=4 * processors).contains(&MOST.load(SeqCst)),
        "{MOST:?}"
    );
}

/// More methods than processors compute at once, and wait for each other.
#[tokio::test]
async fn a_method_that_computes_for_long_does_not_keep_a_processor() {
    let calls = 2 * available_parallelism().unwrap().get() + 1;
    let barrier = Arc::new(Barrier::new(calls));
    let dispatcher = Dispatcher::new().method("meet", move |_: String| {
        barrier.wait();
        true
    });
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let address = server.address;
    let calls = (0..calls).map(|_| {
        tokio::spawn(async move { send(address, &post("", &call("meet", 100 * KIB))).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(says(&call.await.unwrap(), true));
    }
}

static LEAVING: Gate = Gate::new();
static STARTED: AtomicUsize = AtomicUsize::new(0);

struct Left;

impl<'de> Deserialize<'de> for Left {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        STARTED.fetch_add(1, SeqCst);
        LEAVING.pass();
        String::deserialize(deserializer)?;
        Ok(Self)
    }
}

#[tokio::test]
async fn a_method_does_not_run_for_a_caller_who_left_before_it_was_decoded() {
    let ran = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ran);
    let dispatcher = Dispatcher::new()
        .method("run", move |_: Left| count.fetch_add(1, SeqCst))
        .method("length", |text: String| text.len());
    let endpoint = Endpoint::new(dispatcher)
        .max_bytes_in_flight(1_000 * KIB)
        .admission_timeout(Duration::from_millis(100));
    let server = serve(endpoint.into_router()).await;
    let address = server.address;
    let caller =
        tokio::spawn(async move { send(address, &post("", &call("run", 140 * KIB))).await });
    while STARTED.load(SeqCst) == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    caller.abort();
    sleep(Duration::from_millis(300)).await;
    // The thread still has the document, so its bytes count: 5 times 140 KiB of 750 KiB.
    let other = post("", &call("length", 100 * KIB));
    send(address, &other)
        .await
        .assert_status(503, "no room yet");

    LEAVING.open();
    for _ in 0..100 {
        if send(address, &other).await.status == 200 {
            assert_eq!(ran.load(SeqCst), 0);
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the bytes of a caller who left are never free");
}

#[tokio::test]
async fn the_span_of_the_request_goes_with_it() {
    // The only test in this executable that sets a subscriber.
    let _ = tracing_subscriber::fmt()
        .with_writer(std::io::sink)
        .try_init();
    let span = |_: String| {
        let span = tracing::Span::current();
        span.metadata().is_some_and(|span| span.name() == "request")
    };
    let dispatcher =
        Dispatcher::new()
            .method("now", span)
            .method("later", move |text: String| async move {
                sleep(Duration::from_millis(5)).await;
                span(text)
            });
    let router: Router = xmlrpc_axum::router(dispatcher).layer(middleware::from_fn(
        |request: axum::extract::Request, next: middleware::Next| {
            next.run(request).instrument(tracing::info_span!("request"))
        },
    ));
    let server = serve(router).await;
    for method in ["now", "later"] {
        let answer = send(server.address, &post("", &call(method, 100 * KIB))).await;
        assert!(says(&answer, true), "{method}: {answer:?}");
    }
}

#[tokio::test]
async fn a_panic_while_a_large_document_is_decoded() {
    struct Panics;

    impl<'de> Deserialize<'de> for Panics {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            panic!("a panic of a test")
        }
    }

    let dispatcher = Dispatcher::new().method("panic", |_: Panics| true);
    for _ in 0..2 * available_parallelism().unwrap().get() {
        let answer = ask(&dispatcher, call("panic", 100 * KIB)).await;
        answer.assert_fault(-32603);
    }
}

/// Outside of a runtime, everything happens in place.
#[test]
fn without_a_runtime() {
    let here = thread::current().id();
    let dispatcher = Dispatcher::new().method("where", move |decoded: DecodedBy| decoded.0 == here);
    let router: Router = xmlrpc_axum::router(dispatcher);
    let request = Request::post("/").body(Body::from(call("where", 100 * KIB)));
    let mut answer = std::pin::pin!(router.oneshot(request.unwrap()));
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(answer) = answer.as_mut().poll(&mut cx) else {
        panic!("it waits");
    };
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test]
async fn a_time_out_of_a_layer_holds_while_it_is_decoded() {
    struct Slow;

    impl<'de> Deserialize<'de> for Slow {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            thread::sleep(Duration::from_millis(300));
            String::deserialize(deserializer)?;
            Ok(Self)
        }
    }

    let dispatcher = Dispatcher::new().method("slow", |_: Slow| true);
    let call = xmlrpc_core::Request::new("", call("slow", 100 * KIB));
    let answer = timeout(Duration::from_millis(50), dispatcher.dispatch(call)).await;
    assert!(answer.is_err());
}
