//! Spans of calls, and what observes them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tower::service_fn;
use xmlrpc_core::{
    Client, Dispatcher, Fault, Request, Response,
    client::{BoxError, TransportError},
    http::{HeaderMap, HeaderValue, StatusCode},
    observe::CallReport,
    tracing::Span,
    xmlrpc_service,
};

use crate::common::log::Log;

#[xmlrpc_service]
trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn fail(&self) -> Result<(), Fault>;
}

struct Work;

impl Calc for Work {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn fail(&self) -> Result<(), Fault> {
        Err(Fault::new(17, "as requested"))
    }
}

fn client() -> Client<Dispatcher> {
    Client::new(Dispatcher::new().service(CalcServer::new(Work)))
}

/// The span of each call, as it is when it closes.
fn spans_of<F: Future>(future: F) -> (F::Output, Vec<String>) {
    let (output, lines) = Log::all_of(future);
    let spans = lines.iter().filter_map(|line| {
        let (span, _) = line.split_once("}: xmlrpc_core::client: close")?;
        let (_, span) = span.split_once("rpc{rpc.system.name=\"xmlrpc\" ")?;
        Some(span.to_owned())
    });
    (output, spans.collect())
}

#[test]
fn a_call_has_a_span() {
    let calc = CalcClient::new(client());
    let (sum, spans) = spans_of(async { calc.add(1, 2).await });
    assert_eq!(sum.unwrap(), 3);
    let expected = "rpc.method=\"add\" otel.kind=\"client\" otel.name=\"add\"";
    assert_eq!(spans, [expected]);

    let (_, spans) = spans_of(async { calc.fail().await });
    let expected = "rpc.method=\"fail\" otel.kind=\"client\" otel.name=\"fail\" \
                    rpc.status_code=\"17\" error.type=\"17\" otel.status_code=\"ERROR\"";
    assert_eq!(spans, [expected]);
}

#[test]
fn a_span_has_the_address_of_the_server() {
    let client = client().server_address("rpc.example", Some(8000));
    let calc = CalcClient::new(client);
    let (_, spans) = spans_of(async { calc.add(1, 2).await });
    let expected = "rpc.method=\"add\" server.address=\"rpc.example\" server.port=8000 \
                    otel.kind=\"client\" otel.name=\"add\"";
    assert_eq!(spans, [expected]);
}

/// The span is open while the transport runs, also where it waits.
#[test]
fn the_transport_runs_in_the_span() {
    let transport = service_fn(|_: Request| async {
        let first = Span::current().id();
        tokio::task::yield_now().await;
        assert!(first.is_some() && Span::current().id() == first);
        Err::<Response, _>(TransportError::connect("no route"))
    });
    let client = Client::new(transport);
    let (result, spans) = spans_of(async { client.call::<i64>("system.listMethods", ()).await });
    assert!(result.unwrap_err().is_connect());
    assert!(spans[0].contains("error.type=\"connect\""), "{spans:?}");
}

/// A name that is passed to `call` may come from anywhere.
#[test]
fn only_known_names_are_labels() {
    let cases = [
        (
            "add",
            "rpc.method=\"_OTHER\" rpc.method_original=\"add\"",
            "xmlrpc",
        ),
        (
            "system.listMethods",
            "rpc.method=\"system.listMethods\"",
            "system.listMethods",
        ),
        ("fail", "rpc.method=\"fail\"", "fail"),
        ("other", "rpc.method=\"other\"", "other"),
    ];
    let client = client().known_methods(["fail"]).known_methods(["other"]);
    for (method, fields, name) in cases {
        let (_, spans) = spans_of(async { client.call::<i64>(method, ()).await });
        let expected = format!("{fields} otel.kind=\"client\" otel.name=\"{name}\"");
        assert!(spans[0].starts_with(&expected), "{spans:?}");
    }
}

#[test]
fn a_multicall_has_a_span_for_each_request() {
    let client = client();
    let calc = CalcClient::new(&client);
    let (results, spans) =
        spans_of(async { client.multicall((calc.add(1, 2), calc.fail())).await });
    assert!(results.unwrap().1.is_err());
    let system =
        "rpc.method=\"system.multicall\" otel.kind=\"client\" otel.name=\"system.multicall\"";
    assert_eq!(
        spans,
        [system],
        "a fault of an entry is not one of the multicall"
    );

    let client = client.max_multicall_entries(1);
    let calc = CalcClient::new(&client);
    let (_, spans) = spans_of(async { client.multicall((calc.add(1, 2), calc.fail())).await });
    assert_eq!(spans, [system, system]);

    // Without `system.multicall`, each call has its own request.
    let dispatcher = client.transport().clone().multicall(false);
    let client = Client::new(dispatcher).multicall_fallback(true);
    let calc = CalcClient::new(&client);
    let (_, spans) = spans_of(async { client.multicall((calc.add(1, 2), calc.fail())).await });
    let [multicall, add, fail] = &spans[..] else {
        panic!("{spans:#?}")
    };
    assert!(multicall.starts_with(system) && multicall.contains("error.type=\"-32601\""));
    assert!(add.starts_with("rpc.method=\"add\"") && !add.contains("error.type"));
    assert!(fail.starts_with("rpc.method=\"fail\"") && fail.contains("error.type=\"17\""));
}

type Seen = Arc<Mutex<Vec<String>>>;

fn observed<T>(client: Client<T>) -> (Client<T>, Seen) {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let client = client.observe(move |report: &CallReport<'_>| {
        let fields = [
            report.method(),
            report.error_type().unwrap_or("-"),
            report.status_code().unwrap_or("-"),
        ];
        list.lock().unwrap().push(fields.join(" "));
    });
    (client, seen)
}

#[tokio::test]
async fn an_observer_is_told_how_each_call_ended() {
    let transport = service_fn(|request: Request| async move {
        let body = match &*request.label {
            "connect" => return Err(TransportError::connect("no route").into()),
            "timeout" => return Err(TransportError::timeout("too long").into()),
            "transport" => return Err(BoxError::from("broken")),
            "pending" => std::future::pending().await,
            "decode" => {
                "<methodResponse><params><param><value>x</value></param></params></methodResponse>"
            }
            "text" => "not XML-RPC",
            "fault" => {
                "<methodResponse><fault><value><struct><member><name>faultCode</name>\
                 <value><int>4</int></value></member><member><name>faultString</name>\
                 <value>no</value></member></struct></value></fault></methodResponse>"
            }
            _ => {
                "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>"
            }
        };
        let mut response = Response::new(body);
        if &*request.label == "text" {
            response.status = StatusCode::BAD_GATEWAY;
        }
        Ok(response)
    });
    let methods = [
        "five",
        "fault",
        "text",
        "decode",
        "connect",
        "timeout",
        "transport",
    ];
    let (client, seen) = observed(Client::new(transport).known_methods(methods));
    for method in methods {
        let _ = client.call::<i64>(method, ()).await;
    }
    let short = Duration::from_millis(5);
    let pending = || client.call::<i64>("pending", ());
    pending().timeout(short).await.unwrap_err();
    let polled = tokio::time::timeout(short, pending().into_future());
    polled.await.unwrap_err();
    // Nothing is sent for these.
    drop(pending().into_future());
    client.call::<i64>("five", ("\u{1}",)).await.unwrap_err();
    let invalid = client.call::<i64>("five", ()).header("\n", "");
    invalid.await.unwrap_err();
    let expected = [
        "five - -",
        "fault 4 4",
        "text http_502 -",
        "decode decode -",
        "connect connect -",
        "timeout timeout -",
        "transport transport -",
        "_OTHER timeout -",
        "_OTHER cancelled -",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_hook_adds_headers() {
    let dispatcher = Dispatcher::new().method("id", |cx: xmlrpc_core::Context| {
        let id = cx
            .headers()
            .get("x-id")
            .map(|id| id.to_str().unwrap_or_default());
        id.unwrap_or_default().to_owned()
    });
    let plain = Client::new(dispatcher);
    let client = plain
        .clone()
        .inject(|span: &Span, headers: &mut HeaderMap| {
            let id = span.id().map_or(0, |id| id.into_u64());
            headers.insert("x-id", HeaderValue::from(id));
        });
    let (ids, _) = Log::all_of(async {
        let calls = [client.call::<String>("id", ()), client.call("id", ())];
        let [one, other] = client.multicall(calls).await.unwrap();
        assert_eq!(one.unwrap(), other.unwrap(), "both are in one request");
        let none = plain.call::<String>("id", ()).await.unwrap();
        (client.call::<String>("id", ()).await.unwrap(), none)
    });
    assert!(
        !ids.0.is_empty() && ids.0 != "0" && ids.1.is_empty(),
        "{ids:?}"
    );
}

#[test]
fn the_level_trace_shows_the_documents_in_the_span() {
    let calc = CalcClient::new(client());
    let call = calc.add(1, 2).header("authorization", "Bearer hunter2");
    let (_, lines) = Log::all_of(async { call.await });
    let of_client = |what: &str| {
        let found = lines.iter().find(|line| {
            line.starts_with("TRACE rpc{")
                && line.contains("otel.kind=\"client\"")
                && line.contains(what)
        });
        found.unwrap_or_else(|| panic!("{lines:#?}"))
    };
    let request = of_client("xmlrpc_core::document: request sent bytes=");
    assert!(
        request.contains("<methodName>add</methodName>"),
        "{request}"
    );
    let response = of_client("xmlrpc_core::document: response received bytes=");
    assert!(response.contains("<int>3</int>"), "{response}");
    assert!(!lines.concat().contains("hunter2"));
}
