//! Hooks of `TraceLayer`: trace contexts of callers, and observers.

use std::sync::{Arc, Mutex};

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use xmlrpc_core::{
    Client, Dispatcher, Fault,
    http::HeaderMap,
    observe::{CallReport, DURATION_BUCKETS, MetricAttributes, Relation},
    service::TraceLayer,
    tracing::Span,
};

use crate::common::log::Log;

fn dispatcher(layer: TraceLayer) -> Dispatcher {
    Dispatcher::new()
        .method("three", || 3)
        .method("fail", |code: i32| Err::<(), _>(Fault::new(code, "no")))
        .method("slow", std::future::pending::<i32>)
        .layer(layer)
}

type Seen<T> = Arc<Mutex<Vec<T>>>;

/// What an observer was told: the method, the error type and the status code.
fn observed() -> (Client<Dispatcher>, Seen<String>) {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let layer = TraceLayer::new().observe(move |report: &CallReport<'_>| {
        assert!(report.duration() > std::time::Duration::ZERO);
        assert_eq!(
            (report.server_address(), report.server_port()),
            (None, None)
        );
        let fields = [
            report.method(),
            report.error_type().unwrap_or("-"),
            report.status_code().unwrap_or("-"),
        ];
        list.lock().unwrap().push(fields.join(" "));
    });
    (Client::new(dispatcher(layer)), seen)
}

#[tokio::test]
async fn an_observer_is_told_when_a_call_ends() {
    let (client, seen) = observed();
    client.call::<i32>("three", ()).await.unwrap();
    client.call::<i32>("fail", (4,)).await.unwrap_err();
    client.call::<i32>("fail", ("x",)).await.unwrap_err();
    client.call::<i32>("unknown", ()).await.unwrap_err();
    let calls = [client.call::<i32>("three", ()), client.call("unknown", ())];
    client.multicall(calls).await.unwrap()[1]
        .as_ref()
        .unwrap_err();
    let slow = client.call::<i32>("slow", ()).into_future();
    let short = std::time::Duration::from_millis(5);
    tokio::time::timeout(short, slow).await.unwrap_err();
    let expected = [
        "three - -",
        "fail 4 4",
        "fail -32602 -32602",
        "_OTHER -32601 -32601",
        "three - -",
        "_OTHER -32601 -32601",
        "slow cancelled -",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_hook_gets_the_headers_and_the_span() {
    for (trust, expected) in [(false, Relation::Link), (true, Relation::Parent)] {
        let seen = Seen::default();
        let list = Arc::clone(&seen);
        let layer = TraceLayer::new().trust_parent(trust).extract(
            move |headers: &HeaderMap, span: &Span, relation: Relation| {
                assert!(!span.is_disabled());
                assert_ne!(*span, Span::current());
                let parent = headers.get("traceparent").unwrap();
                list.lock().unwrap().push((parent.clone(), relation));
            },
        );
        let client = Client::new(dispatcher(layer));
        let ((), _) = Log::all_of(async {
            let call = client.call::<i32>("three", ());
            call.header("traceparent", "one").await.unwrap();
            let calls = [client.call::<i32>("three", ()), client.call("three", ())];
            let calls = client.multicall(calls).header("traceparent", "two");
            assert!(calls.await.unwrap().iter().all(Result::is_ok));
        });
        let seen = seen.lock().unwrap();
        let parents: Vec<_> = seen.iter().map(|(parent, _)| parent).collect();
        assert_eq!(parents, ["one", "two", "two"]);
        assert!(seen.iter().all(|(_, relation)| *relation == expected));
    }
}

/// A peer must not create any number of time series.
#[tokio::test]
async fn the_number_of_attributes_is_bounded() {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let attributes = MetricAttributes::new();
    let layer = TraceLayer::new().observe(move |report: &CallReport<'_>| {
        let values = attributes
            .of(report)
            .map(|(name, value)| format!("{name}={value}"));
        list.lock()
            .unwrap()
            .push(values.collect::<Vec<_>>().join(" "));
    });
    let client = Client::new(dispatcher(layer));
    for code in (1..=102).chain([1, 100, 101]) {
        client.call::<()>("fail", (code,)).await.unwrap_err();
    }
    client.call::<i32>("three", ()).await.unwrap();
    let seen = seen.lock().unwrap();
    let line = |code: &str| {
        format!("rpc.system.name=xmlrpc rpc.method=fail rpc.status_code={code} error.type={code}")
    };
    assert_eq!(seen[0], line("1"));
    assert_eq!(seen[99], line("100"));
    let last = ["_OTHER", "_OTHER", "1", "100", "_OTHER"].map(line);
    assert_eq!(seen[100..105], last);
    assert_eq!(seen[105], "rpc.system.name=xmlrpc rpc.method=three");
}

/// As the documentation shows it.
#[test]
fn calls_are_measured() {
    let attributes = MetricAttributes::new();
    let layer = TraceLayer::new().observe(move |report: &CallReport<'_>| {
        let labels: Vec<_> = attributes
            .of(report)
            .map(|(name, value)| metrics::Label::new(name, value.into_owned()))
            .collect();
        metrics::histogram!("rpc.server.call.duration", labels).record(report.duration());
    });
    let recorder = DebuggingRecorder::new();
    let seen = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let client = Client::new(dispatcher(layer));
            client.call::<i32>("three", ()).await.unwrap();
            client.call::<i32>("three", ()).await.unwrap();
            for unknown in ["one", "two"] {
                client.call::<i64>(unknown, ()).await.unwrap_err();
            }
        });
    });
    let mut counts: Vec<_> = seen
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            assert_eq!(key.key().name(), "rpc.server.call.duration");
            let labels = key.key().labels().map(|label| label.value().to_owned());
            let DebugValue::Histogram(seconds) = value else {
                panic!("{value:?}")
            };
            // Seconds, not milliseconds.
            let last = DURATION_BUCKETS[DURATION_BUCKETS.len() - 1];
            assert!(seconds.iter().all(|time| (0.0..last).contains(&time.0)));
            (labels.collect::<Vec<_>>().join(" "), seconds.len())
        })
        .collect();
    counts.sort();
    let expected = [("xmlrpc _OTHER -32601 -32601", 2), ("xmlrpc three", 2)];
    assert_eq!(
        counts,
        expected.map(|(labels, count)| (labels.to_owned(), count))
    );
}
