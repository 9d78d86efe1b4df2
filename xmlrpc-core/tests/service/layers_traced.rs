//! Spans and events of calls.

use std::time::Duration;

use tower::timeout::TimeoutLayer;
use xmlrpc_core::{
    Client, Dispatcher, Fault,
    service::TraceLayer,
    tracing::{self, Level},
    xmlrpc_service,
};

use crate::common::log::Log;

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

fn calc(dispatcher: Dispatcher) -> CalcClient<Dispatcher> {
    CalcClient::new(Client::new(dispatcher))
}

fn with(layer: TraceLayer) -> Dispatcher {
    Dispatcher::new()
        .service(CalcServer::new(Work))
        .layer(layer)
}

fn traced() -> Dispatcher {
    with(TraceLayer::new())
}

const ADD: &str =
    "rpc{rpc.system.name=\"xmlrpc\" rpc.method=\"add\" otel.kind=\"server\" otel.name=\"add\"}";

fn is_end(line: &&String) -> bool {
    line.contains("xmlrpc_core::service: call ended")
}

fn is_close(line: &&String) -> bool {
    line.contains("xmlrpc_core::service: close")
}

#[track_caller]
fn assert_contains(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
}

/// The event and the span of the only call.
#[track_caller]
fn end_and_close(lines: &[String]) -> (&str, &str) {
    let [end, close] = lines else {
        panic!("{lines:#?}")
    };
    assert!(is_end(&end) && is_close(&close), "{lines:#?}");
    (end, close)
}

#[test]
fn a_call_has_a_span_and_an_event() {
    let (sum, lines) = Log::of_server(async { calc(traced()).add(1, 2).await });
    assert_eq!(sum.unwrap(), 3);
    let [adding, end, close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(adding.ends_with("adding"), "{adding}");
    for line in [adding, end, close] {
        assert!(line.contains(ADD), "{line}");
    }
    let fields = "call ended rpc.method=\"add\" outcome=\"ok\" duration_ms=";
    assert!(end.starts_with(" INFO ") && end.contains(fields), "{end}");
    assert!(!lines.iter().any(|line| line.contains("error.type")));
}

#[test]
fn a_fault_is_in_the_span_and_in_the_event() {
    let (result, lines) = Log::of_server(async { calc(traced()).fail().await });
    assert!(result.is_err());
    let (end, close) = end_and_close(&lines);
    let fields = [
        "rpc.status_code=\"17\"",
        "error.type=\"17\"",
        "otel.status_code=\"ERROR\"",
    ];
    assert_contains(close, &fields);
    assert_contains(
        end,
        &["outcome=\"fault\" rpc.status_code=\"17\" duration_ms="],
    );
    // A text may quote a parameter, which may be secret.
    assert!(!end.contains("as requested"), "{end}");
}

/// The parameters are decoded inside all layers.
#[test]
fn invalid_parameters_are_in_the_event() {
    let call = |params: Vec<&'static str>| {
        Log::of_server(async move { Client::new(traced()).call::<i64>("add", params).await })
    };
    for params in [vec![], vec!["hunter2", "3"]] {
        let (result, lines) = call(params);
        assert!(result.unwrap_err().fault().is_some());
        let (end, _) = end_and_close(&lines);
        let fields = ["rpc.method=\"add\" outcome=\"fault\" rpc.status_code=\"-32602\""];
        assert_contains(end, &fields);
        assert!(!lines.iter().any(|line| line.contains("hunter2")));
    }
}

#[test]
fn the_level_of_the_event_can_be_set() {
    let levels = [
        Level::ERROR,
        Level::WARN,
        Level::INFO,
        Level::DEBUG,
        Level::TRACE,
    ];
    for level in levels {
        let dispatcher = with(TraceLayer::new().level(level));
        let (_, lines) = Log::all_of(async { calc(dispatcher).fail().await });
        let ends: Vec<_> = lines.iter().filter(is_end).collect();
        let [end] = ends[..] else {
            panic!("{lines:#?}")
        };
        assert!(end.trim_start().starts_with(level.as_str()), "{end}");
    }
}

#[test]
fn each_entry_of_a_multicall_has_a_span_and_an_event() {
    let (_, lines) = Log::of_server(async {
        let calc = calc(traced());
        calc.client().multicall((calc.add(1, 2), calc.fail())).await
    });
    let closed: Vec<_> = lines.iter().filter(is_close).collect();
    let ended: Vec<_> = lines.iter().filter(is_end).collect();
    for lines in [closed, ended] {
        let [add, fail] = lines[..] else {
            panic!("{lines:#?}")
        };
        assert!(add.contains("rpc.method=\"add\"") && fail.contains("rpc.method=\"fail\""));
        assert!(!add.contains("17") && fail.contains("rpc.status_code=\"17\""));
    }
}

/// Callers must create neither arbitrary labels nor lines of the log.
#[test]
fn an_unknown_method_is_named_after_the_system() {
    let call = |name: String| {
        Log::of_server(async move { Client::new(traced()).call::<i64>(&name, ()).await })
    };
    let (_, lines) = call("nö\"\nERROR\u{202e}".to_owned());
    let (end, close) = end_and_close(&lines);
    let server = close.rfind("rpc{").map_or("", |start| &close[start..]);
    let fields = [
        "rpc.method=\"_OTHER\"",
        "otel.name=\"xmlrpc\"",
        "rpc.status_code=\"-32601\"",
    ];
    assert_contains(server, &fields);
    assert_contains(end, &["outcome=\"fault\" rpc.status_code=\"-32601\""]);
    for line in [end, close] {
        let original = r#"rpc.method_original="nö\"\\nERROR\\u{202e}""#;
        assert_contains(line, &[original]);
    }

    for (length, shown) in [(100, 100), (101, 100), (100_000, 100)] {
        let (_, lines) = call("x".repeat(length));
        let (end, close) = end_and_close(&lines);
        let ellipsis = if length > shown { "…" } else { "" };
        let original = format!("rpc.method_original=\"{}{ellipsis}\"", "x".repeat(shown));
        assert_contains(end, &[&original]);
        assert_contains(close, &[&original]);
    }
}

#[test]
fn the_name_that_a_fallback_handles_is_not_a_label() {
    let dispatcher = Dispatcher::new()
        .fallback(|_, _, _| async { 5 })
        .layer(TraceLayer::new());
    let (_, lines) =
        Log::of_server(async move { Client::new(dispatcher).call::<i64>("any", ()).await });
    let (end, _) = end_and_close(&lines);
    let fields = "rpc.method=\"_OTHER\" rpc.method_original=\"any\" outcome=\"ok\"";
    assert_contains(end, &[fields]);
}

#[test]
fn a_cancelled_call_has_a_span_and_an_event() {
    // Cancelled by a layer inside the span, by a layer around it, and by the caller.
    let short = TimeoutLayer::new(Duration::from_millis(5));
    let within = Dispatcher::new()
        .service(CalcServer::new(Work).layer(short.clone()))
        .layer(TraceLayer::new());
    let (result, lines) = Log::of_server(async { calc(within).slow().await });
    assert!(result.is_err());
    let (end, close) = end_and_close(&lines);
    assert_contains(close, &["error.type=\"-32001\""]);
    assert_contains(end, &["outcome=\"fault\" rpc.status_code=\"-32001\""]);

    let around = traced().layer(short);
    let (result, by_a_layer) = Log::of_server(async { calc(around).slow().await });
    assert!(result.is_err());
    let (result, by_the_caller) = Log::of_server(async {
        let call = calc(traced()).slow().into_future();
        tokio::time::timeout(Duration::from_millis(5), call).await
    });
    assert!(result.is_err());
    for lines in [by_a_layer, by_the_caller] {
        let (end, close) = end_and_close(&lines);
        assert_contains(close, &["error.type=\"cancelled\""]);
        assert!(!close.contains("rpc.status_code"), "{close}");
        assert_contains(
            end,
            &["rpc.method=\"slow\" outcome=\"cancelled\" duration_ms="],
        );
    }
}

/// A document may be long, and contain anything.
#[test]
fn the_level_trace_shows_the_documents() {
    let echo = Dispatcher::new().method("echo", |text: String| text);
    let call = async move {
        let client = Client::new(echo);
        let call = client.call::<String>("echo", ("a\u{85}\u{202e}\nb",));
        call.header("authorization", "Basic hunter2").await
    };
    let (_, lines) = Log::all_of(call);
    let of_server = |what: &str| {
        let mut found = lines.iter().filter(|line| line.contains(what));
        let only = (found.next(), found.next());
        let (Some(line), None) = only else {
            panic!("{lines:#?}")
        };
        line
    };
    let request = of_server("xmlrpc_core::document: request received");
    let response = of_server("xmlrpc_core::document: response sent");
    let text = r"<string>a\u{85}\u{202e}\nb</string>";
    let document = "document=<?xml version=\"1.0\"?><method";
    assert_contains(request, &["request received bytes=", document, text]);
    assert_contains(response, &["response sent bytes=", document, text]);
    let all = lines.concat();
    assert!(!all.contains("hunter2") && !all.contains("authorization"));

    // What is not a call is shown as well.
    for (length, shown, ellipsis) in [(4_096, 4_096, false), (4_097, 4_096, true)] {
        let body = "ä".repeat(length);
        let request = xmlrpc_core::Request::new("", body);
        let (_, lines) = Log::all_of(async { Dispatcher::new().dispatch(request).await });
        let request = lines.first().unwrap();
        assert_eq!(request.matches('ä').count(), shown);
        assert_eq!(request.ends_with('…'), ellipsis, "{}", lines.len());
        assert_contains(request, &[&format!("bytes={} ", 2 * length)]);
    }
}
