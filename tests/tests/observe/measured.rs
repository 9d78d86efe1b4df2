//! The durations of calls, through the facade `metrics`.

use std::{collections::BTreeMap, sync::OnceLock, time::Duration};

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use xmlrpc_client::Client;
use xmlrpc_core::{Dispatcher, Fault, service::TraceLayer};

use crate::common::http_server::serve;

fn recorder() -> &'static Snapshotter {
    static RECORDER: OnceLock<Snapshotter> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = DebuggingRecorder::new();
        let seen = recorder.snapshotter();
        recorder.install().unwrap();
        seen
    })
}

/// The number of calls by the name of the metric and its labels. Reading them removes them.
fn counts() -> BTreeMap<String, usize> {
    let histograms = recorder().snapshot().into_vec().into_iter();
    let counts = histograms.map(|(key, unit, description, value)| {
        assert_eq!(unit.map(|unit| unit.as_str()), Some("seconds"));
        assert!(description.is_some());
        let DebugValue::Histogram(seconds) = value else {
            panic!("{value:?}")
        };
        assert!(seconds.iter().all(|time| time.0 > 0.0 && time.0 < 60.0));
        let labels = key
            .key()
            .labels()
            .map(|it| format!(" {}={}", it.key(), it.value()));
        let name = format!("{}{}", key.key().name(), labels.collect::<String>());
        (name, seconds.len())
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

#[tokio::test]
async fn both_sides_record_the_duration_of_calls() {
    recorder();
    let dispatcher = Dispatcher::new()
        .method("three", || 3)
        .method("fail", || async { Err::<(), _>(Fault::new(4, "no")) })
        .layer(TraceLayer::new().observe(xmlrpc_axum::Metrics::new()));
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let client = Client::builder(server.url())
        .observe(xmlrpc_client::Metrics::new())
        .known_methods(["three", "fail"])
        .build()
        .unwrap();
    client.call::<i64>("three", ()).await.unwrap();
    client.call::<i64>("fail", ()).await.unwrap_err();
    client.call::<i64>("one", ()).await.unwrap_err();
    client.call::<i64>("two", ()).await.unwrap_err();
    let calls = [client.call::<i64>("three", ()), client.call("three", ())];
    let results = client.multicall(calls).await.unwrap();
    assert!(results.iter().all(Result::is_ok));

    let unreachable = Client::builder("http://127.0.0.1:1/")
        .observe(xmlrpc_client::Metrics::new())
        .build()
        .unwrap();
    unreachable.call::<i64>("three", ()).await.unwrap_err();

    let mut expected = BTreeMap::new();
    let mut expect = |name: &str, labels: &str, count: usize| {
        expected.insert(format!("{name} rpc.system.name=xmlrpc {labels}"), count);
    };
    let failed = |method: &str, code: &str| {
        format!("rpc.method={method} rpc.status_code={code} error.type={code}")
    };
    let on_server = "rpc.server.call.duration";
    expect(on_server, "rpc.method=three", 3);
    expect(on_server, &failed("fail", "4"), 1);
    expect(on_server, &failed("_OTHER", "-32601"), 2);
    let on_client = "rpc.client.call.duration";
    let address = server.address;
    let peer = format!(
        " server.address={} server.port={}",
        address.ip(),
        address.port()
    );
    expect(on_client, &format!("rpc.method=three{peer}"), 1);
    expect(on_client, &format!("rpc.method=system.multicall{peer}"), 1);
    expect(on_client, &(failed("fail", "4") + &peer), 1);
    expect(on_client, &(failed("_OTHER", "-32601") + &peer), 2);
    let none = "rpc.method=_OTHER error.type=connect server.address=127.0.0.1 server.port=1";
    expect(on_client, none, 1);
    // A server may record a call a moment after its client has the response.
    let mut seen = counts();
    for _ in 0..1_000 {
        if seen == expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        for (name, count) in counts() {
            *seen.entry(name).or_default() += count;
        }
    }
    assert_eq!(seen, expected);
}
