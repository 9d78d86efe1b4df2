//! Traces that go through several programs, as OpenTelemetry sees them.

use std::{sync::OnceLock, time::Duration};

use opentelemetry::{
    SpanId, TraceId, Value,
    trace::{SpanKind, Status, TracerProvider},
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing::Instrument;
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt};
use xmlrpc_client::{Client, TraceContext as Inject};
use xmlrpc_core::{ClientError, Dispatcher, Fault, service::TraceLayer, xmlrpc_service};

use crate::common::{
    http_peer::{Peer, Step, five},
    http_server::{Server, serve},
};

/// The spans of all tests. One subscriber has all of them: a callsite that a thread reaches without a
/// subscriber may stay disabled for the other threads.
fn exporter() -> &'static InMemorySpanExporter {
    static EXPORTER: OnceLock<InMemorySpanExporter> = OnceLock::new();
    EXPORTER.get_or_init(|| {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("tests"));
        let subscriber = tracing_subscriber::registry()
            .with(LevelFilter::INFO)
            .with(layer);
        tracing::subscriber::set_global_default(subscriber).unwrap();
        exporter
    })
}

/// Waits until these spans have ended, and returns them. Each method that was called occurs in one test
/// only.
async fn spans<const N: usize>(methods: [(&str, SpanKind); N]) -> [SpanData; N] {
    for _ in 0..1_000 {
        let ended = exporter().get_finished_spans().unwrap();
        let found = methods.clone().map(|(method, kind)| {
            let mut spans = ended.iter();
            spans.find(|span| span.span_kind == kind && called(span) == method)
        });
        if found.iter().all(Option::is_some) {
            return found.map(|span| span.unwrap().clone());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!(
        "{methods:?} are not all in {:#?}",
        exporter().get_finished_spans()
    );
}

fn called(span: &SpanData) -> String {
    let original = attribute(span, "rpc.method_original");
    original.map_or_else(|| span.name.to_string(), ToString::to_string)
}

fn trace(span: &SpanData) -> TraceId {
    span.span_context.trace_id()
}

fn attribute<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    let found = span.attributes.iter().find(|it| it.key.as_str() == name)?;
    Some(&found.value)
}

#[track_caller]
fn assert_attributes(span: &SpanData, expected: &[(&str, Value)]) {
    for (name, value) in expected {
        assert_eq!(attribute(span, name), Some(value), "{name} of {span:#?}");
    }
}

#[track_caller]
fn assert_is_child(child: &SpanData, parent: &SpanData) {
    assert_eq!(trace(child), trace(parent));
    assert_eq!(child.parent_span_id, parent.span_context.span_id());
}

fn injecting(server: &Server) -> Client {
    let client = Client::builder(server.url()).inject(Inject::new());
    client.build().unwrap()
}

async fn traced(dispatcher: Dispatcher, trust: bool) -> Server {
    exporter();
    let layer = TraceLayer::new()
        .extract(xmlrpc_axum::TraceContext::new())
        .trust_parent(trust);
    serve(xmlrpc_axum::router(dispatcher.layer(layer))).await
}

#[xmlrpc_service]
trait Stock {
    #[xmlrpc(name = "stock.count")]
    async fn count(&self, article: &str) -> i64;
}

struct Shelf;

impl Stock for Shelf {
    async fn count(&self, article: &str) -> i64 {
        article.len() as i64
    }
}

#[xmlrpc_service]
trait Shop {
    #[xmlrpc(name = "shop.available")]
    async fn available(&self, article: &str) -> Result<bool, Fault>;
}

/// A server that calls another one.
struct Front {
    stock: StockClient<xmlrpc_client::Http>,
}

impl Shop for Front {
    async fn available(&self, article: &str) -> Result<bool, Fault> {
        let count = self.stock.count(article).await;
        Ok(count.map_err(Fault::internal)? > 0)
    }
}

#[tokio::test]
async fn one_trace_goes_through_a_client_and_two_servers() {
    let behind = Dispatcher::new().service(StockServer::new(Shelf));
    let behind = traced(behind, true).await;
    let stock = StockClient::new(injecting(&behind));
    let front = Dispatcher::new().service(ShopServer::new(Front { stock }));
    let front = traced(front, true).await;
    let shop = ShopClient::new(injecting(&front));

    let request = tracing::info_span!("a program");
    let available = async { shop.available("tea").await };
    assert!(available.instrument(request).await.unwrap());

    let [program, to_front, in_front, to_behind, in_behind] = spans([
        ("a program", SpanKind::Internal),
        ("shop.available", SpanKind::Client),
        ("shop.available", SpanKind::Server),
        ("stock.count", SpanKind::Client),
        ("stock.count", SpanKind::Server),
    ])
    .await;
    assert_eq!(program.parent_span_id, SpanId::INVALID);
    assert_is_child(&to_front, &program);
    assert_is_child(&in_front, &to_front);
    assert_is_child(&to_behind, &in_front);
    assert_is_child(&in_behind, &to_behind);
    for (server, span) in [(&front, &to_front), (&behind, &to_behind)] {
        let address = server.address;
        let expected = [
            ("rpc.system.name", "xmlrpc".into()),
            ("server.address", address.ip().to_string().into()),
            ("server.port", i64::from(address.port()).into()),
        ];
        assert_attributes(span, &expected);
    }
    for span in [in_front, in_behind] {
        let expected = [
            ("rpc.system.name", "xmlrpc".into()),
            ("rpc.method", span.name.clone().into_owned().into()),
        ];
        assert_attributes(&span, &expected);
        assert!(span.links.is_empty());
        assert_eq!(span.status, Status::Unset);
        assert_eq!(attribute(&span, "error.type"), None);
    }
}

/// A stranger must not choose the traces of a server.
#[tokio::test]
async fn a_caller_is_linked_unless_it_is_trusted() {
    let dispatcher = Dispatcher::new().method("linked", || 3);
    let server = traced(dispatcher, false).await;
    let client = injecting(&server).into_core().known_methods(["linked"]);
    assert_eq!(client.call::<i64>("linked", ()).await.unwrap(), 3);
    let names = [("linked", SpanKind::Client), ("linked", SpanKind::Server)];
    let [caller, called] = spans(names).await;
    assert_ne!(trace(&called), trace(&caller));
    assert_eq!(called.parent_span_id, SpanId::INVALID);
    let [link] = &called.links[..] else {
        panic!("{:?}", called.links)
    };
    assert_eq!(link.span_context.trace_id(), trace(&caller));
    assert_eq!(link.span_context.span_id(), caller.span_context.span_id());
    assert!(link.span_context.is_remote());
}

#[tokio::test]
async fn failures_are_errors_of_their_spans() {
    let dispatcher = Dispatcher::new().method("broken", || async {
        Err::<(), _>(Fault::new(4, "it is broken"))
    });
    let server = traced(dispatcher, true).await;
    let client = injecting(&server).into_core().known_methods(["broken"]);
    client.call::<i64>("broken", ()).await.unwrap_err();
    let names = [("broken", SpanKind::Client), ("broken", SpanKind::Server)];
    for span in spans(names).await {
        let expected = [
            ("rpc.status_code", "4".into()),
            ("error.type", "4".into()),
            ("rpc.method", "broken".into()),
        ];
        assert_attributes(&span, &expected);
        assert!(matches!(span.status, Status::Error { .. }), "{span:#?}");
        assert_eq!(attribute(&span, "rpc.method_original"), None);
        // They are instructions for `tracing-opentelemetry`.
        assert_eq!(attribute(&span, "otel.status_code"), None);
    }

    let client = injecting(&server);
    let unknown = "un\\nknown";
    client.call::<i64>("un\nknown", ()).await.unwrap_err();
    let [caller, called] = spans([(unknown, SpanKind::Client), (unknown, SpanKind::Server)]).await;
    for span in [&caller, &called] {
        assert_eq!(span.name, "xmlrpc");
        let expected = [
            ("rpc.method", "_OTHER".into()),
            ("rpc.method_original", unknown.into()),
            ("rpc.status_code", "-32601".into()),
            ("error.type", "-32601".into()),
        ];
        assert_attributes(span, &expected);
    }
    assert_is_child(&called, &caller);
}

fn parents(requests: &[String]) -> Vec<&str> {
    let lines = requests.iter().flat_map(|request| request.lines());
    lines
        .filter_map(|line| line.strip_prefix("traceparent: "))
        .collect()
}

#[tokio::test]
async fn a_client_sends_its_trace_context_only_if_told_to() -> Result<(), ClientError> {
    exporter();
    let peer = Peer::new(vec![Step::Answer(five()); 3]).await;
    let client = Client::new(peer.url()).unwrap();
    client.call::<i64>("silent", ()).await?;
    assert_eq!(parents(&peer.requests()), [""; 0]);

    let client = Client::builder(peer.url()).inject(Inject::new());
    let client = client.known_methods(["talking"]).build().unwrap();
    client.call::<i64>("talking", ()).await?;
    let [span] = spans([("talking", SpanKind::Client)]).await;
    let context = &span.span_context;
    let expected = format!("00-{}-{}-01", context.trace_id(), context.span_id());
    assert_eq!(parents(&peer.requests()), [&expected]);

    let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    client
        .call::<i64>("talking", ())
        .header("traceparent", own)
        .await?;
    assert_eq!(parents(&peer.requests()), [&expected, own]);
    Ok(())
}

/// Callers can send anything.
#[tokio::test]
async fn only_a_valid_traceparent_has_an_effect() {
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let span = "b7ad6b7169203331";
    let zeros = "0".repeat(32);
    let cases = [
        (format!("00-{trace}-{span}-01"), true),
        (format!("00-{trace}-{span}-00"), true),
        (format!("00-{trace}-{span}-ff"), true),
        (format!("01-{trace}-{span}-01-more"), true),
        (format!("00-{trace}-{span}-01-more"), false),
        (format!("ff-{trace}-{span}-01"), false),
        (format!("0-{trace}-{span}-01"), false),
        (format!("00-{}-{span}-01", trace.to_uppercase()), false),
        (format!("00-{zeros}-{span}-01"), false),
        (format!("00-{trace}-{}-01", &zeros[..16]), false),
        (format!("00-+{}-{span}-01", &trace[1..]), false),
        (format!("00-{}-{span}-01", &trace[1..]), false),
        (format!("00-{trace}-{span}"), false),
        (format!("00-{trace}-{span}-1"), false),
        (format!("00-{trace}-{span}-é1"), false),
        (String::new(), false),
    ];
    let names: Vec<_> = (0..cases.len())
        .map(|index| format!("parent.{index}"))
        .collect();
    let mut dispatcher = Dispatcher::new();
    for name in &names {
        dispatcher = dispatcher.method(name, || 3);
    }
    let server = traced(dispatcher, false).await;
    let client = Client::new(server.url()).unwrap();
    for ((parent, is_valid), name) in cases.iter().zip(&names) {
        let call = client.call::<i64>(name, ()).header("traceparent", parent);
        assert_eq!(call.await.unwrap(), 3);
        let [called] = spans([(&**name, SpanKind::Server)]).await;
        assert_eq!(called.links.len(), usize::from(*is_valid), "{parent}");
        for link in called.links.iter() {
            assert_eq!(link.span_context.trace_id().to_string(), trace);
            assert_eq!(link.span_context.span_id().to_string(), span);
            assert_eq!(link.span_context.is_sampled(), !parent.ends_with("00"));
        }
    }
}

#[tokio::test]
async fn tracestate_goes_along_up_to_its_maximum() {
    let of = |bytes: usize| format!("a={},b={}", "x".repeat(255), "y".repeat(bytes - 260));
    let cases = [
        ("vendor=1,other=2".to_owned(), true),
        (of(511), true),
        (of(512), true),
        (of(513), false),
        ("not a list".to_owned(), false),
    ];
    for (number, (state, is_kept)) in cases.into_iter().enumerate() {
        // A server that calls a peer, which shows what it has received.
        let peer = Peer::new([Step::Answer(five())]).await;
        let to_peer = Client::builder(peer.url()).inject(Inject::new());
        let to_peer = to_peer.build().unwrap();
        let name = format!("state.{number}");
        let dispatcher = Dispatcher::new().method(&name, move || {
            let call = to_peer.call::<i64>("five", ());
            async { call.await.map_err(Fault::internal) }
        });
        let server = traced(dispatcher, true).await;
        let client = Client::new(server.url()).unwrap();
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let call = client.call::<i64>(&name, ()).header("traceparent", parent);
        let result = call.header("tracestate", &state).await;
        assert_eq!(result.unwrap(), 5);
        let request = peer.requests().concat();
        assert!(request.contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-"));
        let sent = request
            .lines()
            .find_map(|line| line.strip_prefix("tracestate: "));
        assert_eq!(sent, is_kept.then_some(&*state));
    }
}
