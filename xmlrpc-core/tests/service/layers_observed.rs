//! Spans and metrics of calls.

use std::{
    cell::RefCell,
    io,
    sync::Once,
    time::{Duration, Instant},
};

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tower::timeout::TimeoutLayer;
use tracing_subscriber::fmt::format::FmtSpan;
use xmlrpc_core::{
    Client, Dialect, Dispatcher, Fault, Request,
    message::{CallWriter, EncodedResponse, MulticallWriter},
    service::{Next, RpcCall, TraceLayer, from_fn},
    xmlrpc_service,
};

#[xmlrpc_service]
trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn fail(&self) -> Result<(), Fault>;
    async fn slow(&self);
}

struct Work;

impl Calc for Work {
    async fn add(&self, a: i64, b: i64) -> i64 {
        tracing::info!("adding");
        a + b
    }

    async fn fail(&self) -> Result<(), Fault> {
        Err(Fault::new(17, "as requested"))
    }

    async fn slow(&self) {
        std::future::pending().await
    }
}

thread_local! {
    /// The log of this thread, which runs one test.
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

pub(crate) struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The lines logged while a future runs on this thread. Each span is logged when it closes.
    pub(crate) fn of<F: Future>(future: F) -> (F::Output, Vec<String>) {
        // One subscriber for all tests: a callsite that a thread reaches without a subscriber may
        // stay disabled for the other threads.
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            tracing_subscriber::fmt()
                .with_span_events(FmtSpan::CLOSE)
                .with_writer(|| Log)
                .with_ansi(false)
                .without_time()
                .init();
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        WRITTEN.take();
        let output = runtime.block_on(future);
        let text = String::from_utf8(WRITTEN.take()).unwrap();
        (output, text.lines().map(str::to_owned).collect())
    }
}

fn calc(dispatcher: Dispatcher) -> CalcClient<Dispatcher> {
    CalcClient::new(Client::new(dispatcher))
}

fn traced() -> Dispatcher {
    Dispatcher::new()
        .service(CalcServer::new(Work))
        .layer(TraceLayer::new())
}

const ADD: &str = "rpc{rpc.system=\"xmlrpc\" rpc.service=\"Calc\" rpc.method=\"add\" otel.kind=\"server\" otel.name=\"add\"}";

/// A method that fails with a source.
fn failing() -> Dispatcher {
    Dispatcher::new().method("fail", || async {
        Err::<(), _>(Fault::internal(io::Error::other("disk full")))
    })
}

fn is_disk_full(line: &str) -> bool {
    line.contains("ERROR")
        && line.contains("internal error: disk full")
        && line.contains("rpc.xmlrpc.fault_code=-32603")
}

/// A caller must not forge lines of the log.
#[test]
fn the_log_shows_texts_of_callers_on_one_line() {
    let dispatcher = Dispatcher::new()
        .fallback(|_, _, _| async { panic!("as requested") as i32 })
        .method("find", |name: String| {
            let source = format!("no row for {name}");
            Err::<(), _>(Fault::new(4, format!("no user {name}")).with_source(source))
        });
    let client = Client::new(dispatcher);
    let forged = "x\n2026-01-01 ERROR forged: \u{85}\u{202e}x";
    let escaped = r"x\n2026-01-01 ERROR forged: \u{85}\u{202e}x";
    let call = async { client.call::<()>(forged, ()).await };
    let (result, lines) = Log::of(call);
    result.unwrap_err();
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains(&format!("the method `{escaped}` panicked: as requested")),
        "{line}"
    );

    let call = async { client.call::<()>("find", (forged,)).await };
    let (result, lines) = Log::of(call);
    let message = format!("no user {forged}");
    assert_eq!(result.unwrap_err().fault(), Some(&Fault::new(4, message)));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains(&format!("no user {escaped}: no row for {escaped}")),
        "{line}"
    );

    let long = "x".repeat(100_000);
    let (_, lines) = Log::of(async { client.call::<()>(&long, ()).await });
    assert!(lines.iter().all(|line| line.len() < 1_000), "{lines:?}");
}

#[test]
fn the_source_of_a_fault_is_logged_when_the_fault_is_sent() {
    let ((), lines) = Log::of(async { drop(Fault::internal("disk full")) });
    assert!(lines.is_empty(), "{lines:#?}");

    let call = async { Client::new(failing()).call::<()>("fail", ()).await };
    let (result, lines) = Log::of(call);
    let error = result.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(-32603, "internal error")));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(is_disk_full(line), "{line}");
}

#[test]
fn the_source_of_a_fault_is_logged_once_and_in_the_span_of_its_call() {
    let dispatcher = failing().layer(TraceLayer::new());
    let call = async { Client::new(dispatcher).call::<()>("fail", ()).await };
    let (result, lines) = Log::of(call);
    assert!(result.is_err());
    let [line, close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        is_disk_full(line) && line.contains("rpc.method=\"fail\""),
        "{line}"
    );
    assert!(close.contains("close"), "{close}");
}

#[test]
fn the_source_of_a_fault_is_logged_for_each_entry_of_a_multicall() {
    let call = CallWriter::new("fail", Dialect::EXTENDED).finish().unwrap();
    for concurrency in [1, 4] {
        let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
        multicall.push("fail", &call);
        multicall.push("fail", &call);
        let request = Request::new("system.multicall", multicall.finish());
        let dispatcher = failing().multicall_concurrency(concurrency);
        let (response, lines) = Log::of(dispatcher.dispatch(request));
        let Ok(response) = response;
        let body = String::from_utf8_lossy(&response.body);
        assert_eq!(body.matches("internal error").count(), 2);
        assert!(!body.contains("disk full"));
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines.iter().all(|line| is_disk_full(line)), "{lines:#?}");
    }
}

#[test]
fn the_log_has_the_sources_of_a_source() {
    #[derive(Debug)]
    struct Outer(io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("cannot save")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    let dispatcher = Dispatcher::new().method("save", || async {
        let error = Outer(io::Error::other("disk full"));
        Err::<(), _>(Fault::new(7, "try again later").with_source(error))
    });
    let call = async { Client::new(dispatcher).call::<()>("save", ()).await };
    let (result, lines) = Log::of(call);
    let error = result.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(7, "try again later")));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains("try again later: cannot save: disk full"),
        "{line}"
    );
}

#[test]
fn a_call_has_a_span() {
    let (sum, lines) = Log::of(async { calc(traced()).add(1, 2).await });
    assert_eq!(sum.unwrap(), 3);
    let [adding, close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        adding.contains(ADD) && adding.ends_with("adding"),
        "{adding}"
    );
    assert!(close.contains(ADD) && close.contains("close"), "{close}");
}

#[test]
fn a_span_has_the_code_of_the_fault() {
    let (result, lines) = Log::of(async { calc(traced()).fail().await });
    assert!(result.is_err());
    let [close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        close.contains("rpc.xmlrpc.fault_code=17") && close.contains("close"),
        "{close}"
    );
}

#[test]
fn each_entry_of_a_multicall_has_a_span() {
    let (_, lines) = Log::of(async {
        let calc = calc(traced());
        calc.client().multicall((calc.add(1, 2), calc.fail())).await
    });
    let closed: Vec<_> = lines.iter().filter(|line| line.contains("close")).collect();
    assert_eq!(closed.len(), 2, "{lines:#?}");
    assert!(
        closed[0].contains("\"add\"") && closed[1].contains("\"fail\""),
        "{lines:#?}"
    );
}

#[test]
fn unknown_method_names_are_not_recorded() {
    let (_, lines) = Log::of(async { Client::new(traced()).call::<i64>("no\u{e4}h\"", ()).await });
    let [close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        close.contains("rpc.method=\"_OTHER\"") && close.contains("otel.name=\"_OTHER\""),
        "{close}"
    );
    assert!(
        close.contains("fault_code=-32601") && !close.contains("no\u{e4}"),
        "{close}"
    );
}

#[test]
fn a_span_ends_where_the_call_is_cancelled() {
    // Cancelled by a layer around the span, by a layer inside it, and by the caller.
    let short = TimeoutLayer::new(Duration::from_millis(5));
    let around = traced().layer(short.clone());
    let within = Dispatcher::new()
        .service(CalcServer::new(Work).layer(short))
        .layer(TraceLayer::new());
    for (dispatcher, code) in [(around, ""), (within, "rpc.xmlrpc.fault_code=-32001")] {
        let (result, lines) = Log::of(async { calc(dispatcher).slow().await });
        assert!(result.is_err());
        let [close] = &lines[..] else {
            panic!("{lines:#?}")
        };
        assert!(
            close.contains("\"slow\"") && close.contains("close"),
            "{close}"
        );
        assert!(close.contains(code), "{close}");
    }
    let (result, lines) = Log::of(async {
        let dispatcher = traced();
        tokio::time::timeout(
            Duration::from_millis(5),
            calc(dispatcher).slow().into_future(),
        )
        .await
    });
    assert!(result.is_err());
    assert!(
        matches!(&lines[..], [close] if close.contains("close")),
        "{lines:#?}"
    );
}

async fn measure(call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
    let service = call.service().unwrap_or_default();
    let method = call.known_method().to_owned();
    let start = Instant::now();
    let result = next.run(call).await;
    metrics::histogram!(
        "rpc.server.duration",
        "rpc.system" => "xmlrpc",
        "rpc.service" => service,
        "rpc.method" => method,
        "rpc.xmlrpc.fault_code" => result.as_ref().map_or_else(Fault::code, |_| 0).to_string(),
    )
    .record(start.elapsed().as_secs_f64() * 1e3);
    result
}

#[test]
fn a_call_is_measured() {
    let recorder = DebuggingRecorder::new();
    let seen = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let dispatcher = Dispatcher::new().service(CalcServer::new(Work));
            let calc = calc(dispatcher.layer(from_fn(measure)));
            calc.add(1, 2).await.unwrap();
            let entries = calc.client().multicall((calc.add(1, 2), calc.fail()));
            entries.await.unwrap().1.unwrap_err();
            for unknown in ["one", "two"] {
                calc.client().call::<i64>(unknown, ()).await.unwrap_err();
            }
        });
    });
    let mut counts: Vec<_> = seen
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let labels = key.key().labels().map(|label| label.value().to_owned());
            let DebugValue::Histogram(times) = value else {
                panic!("{value:?}")
            };
            (labels.collect::<Vec<_>>().join(" "), times.len())
        })
        .collect();
    counts.sort();
    let expected = [
        ("xmlrpc  _OTHER -32601", 2),
        ("xmlrpc Calc add 0", 2),
        ("xmlrpc Calc fail 17", 1),
    ];
    assert_eq!(
        counts,
        expected.map(|(labels, count)| (labels.to_owned(), count))
    );
}
