//! Multicalls to peers that have no `system.multicall`.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Client, ClientError, Dialect, Fault, Request, Response,
    client::{BoxError, Idempotent},
    message::{EncodedResponse, fault_response},
};

use crate::common::calc::{CalcClient, dispatcher};

/// The methods that were called, in order.
type Log = Arc<Mutex<Vec<String>>>;

fn called(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

/// A peer that answers a multicall with this response, and every other call like `calc`.
fn without(
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (Client<BoxTransport>, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let client = Client::new(service_fn(move |request: Request| {
        seen.lock().unwrap().push(request.label.to_string());
        let multicall = (request.label == "system.multicall").then(&answer);
        async move {
            match multicall {
                Some(response) => Ok::<_, BoxError>(response),
                None => Ok(dispatcher().dispatch(request).await?),
            }
        }
    }));
    (client.boxed(), log)
}

fn fault(code: i32, text: &str) -> Response {
    Response::new(fault_response(&Fault::new(code, text), Dialect::EXTENDED))
}

async fn sums(client: &Client<BoxTransport>) -> Result<Vec<i64>, ClientError> {
    let calc = CalcClient::new(client);
    let results = client
        .multicall_iter((0..3).map(|n| calc.add(n, 1)))
        .await?;
    results.into_iter().collect()
}

#[tokio::test]
async fn faults_of_peers_without_multicall() {
    let texts = [
        (
            1,
            "<class 'Exception'>:method \"system.multicall\" is not supported",
        ),
        (-506, "Method 'system.multicall' not defined"),
        (1, "Unknown method"),
        (1, "UNKNOWN_METHOD"),
        (1, "This is not a known method for this XML-RPC Server"),
        (0, "No such handler: system.multicall"),
        (
            -32601,
            "server error. requested method system.multicall does not exist.",
        ),
        (
            -99,
            "Method system.multicall missing or wrong number of parameters!",
        ),
        (8001, "procedure system.multicall not found"),
        (8001, "procedure multicall not found"),
        (8001, "no such subHandler system"),
        (1, "method \"multicall\" is not supported"), // CherryPy
        (
            1,
            "<class 'Exception'>:method \"multicall\" is not supported",
        ),
        (-1, "system.multicall: unknown method name"),
        (0, "unsupported method called: system.multicall"),
        (4, "no such method `system.multicall'"),
        (-32601, "anything"),
        (-32601, ""),
    ];
    for (code, text) in texts {
        let (client, log) = without(move || fault(code, text));
        // The fallback is off by default.
        let error = sums(&client).await.unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(code, text)));
        assert_eq!(called(&log), ["system.multicall"]);

        let client = client.multicall_fallback(true);
        assert_eq!(sums(&client).await.unwrap(), [1, 2, 3], "{text}");
        // If the fault does not name the method, the client asks again, without calls.
        let is_named = ["multicall", "subHandler"]
            .iter()
            .any(|it| text.contains(it));
        let asked = ["system.multicall", "system.multicall", "add", "add", "add"];
        assert_eq!(called(&log), asked[usize::from(is_named)..], "{text}");
        // The client remembers it after the first time.
        assert_eq!(sums(&client).await.unwrap(), [1, 2, 3]);
        assert_eq!(called(&log), ["add", "add", "add"]);
        // Clients made from this one remember it too, and fall back if they are allowed to.
        assert_eq!(sums(&client.clone().boxed()).await.unwrap(), [1, 2, 3]);
        assert_eq!(called(&log), ["add", "add", "add"]);
        sums(&client.multicall_fallback(false)).await.unwrap_err();
        assert_eq!(called(&log), ["system.multicall"]);
    }
}

#[tokio::test]
async fn other_faults_do_not_start_the_fallback() {
    let texts = [
        (1, "no"),
        (-32603, "internal error"),
        (-32602, "system.multicall takes one parameter"),
        (1, "file not found"),
        // These faults name one of the calls: the calls before it may have run.
        (-32601, "method `add` not found"),
        (-506, "Method 'add' not defined"),
        (1, "<class 'Exception'>:method \"add\" is not supported"),
    ];
    for (code, text) in texts {
        let (client, log) = without(move || fault(code, text));
        let client = client.multicall_fallback(true);
        sums(&client).await.unwrap_err();
        sums(&client).await.unwrap_err();
        let asked = ["system.multicall", "system.multicall"];
        assert_eq!(called(&log), asked, "{text}");
    }
    for status in [200, 400, 500, 503] {
        let (client, log) = without(move || {
            let mut response = Response::new("<html/>");
            response.status = StatusCode::from_u16(status).unwrap();
            response
        });
        sums(&client.multicall_fallback(true)).await.unwrap_err();
        assert_eq!(called(&log), ["system.multicall"], "{status}");
    }
}

/// A peer that runs the calls of a multicall, and rejects the whole with this fault if one is
/// unknown.
#[tokio::test]
async fn no_call_runs_twice() {
    for (unknown, text) in [
        ("foo.bar", "method foo.bar not found"),
        ("no-such", "method no-such not found"),
        ("ns.no-such", "Method 'ns.no-such' not found"),
        ("foo bar", "method \"foo bar\" not found"),
        ("foo$bar", "method foo$bar not found"),
        ("foo@x", "unknown: foo@x"),
        ("it's", "method it's not found"),
        ("it's", "method 'it\\'s' not found"),
        ("Foo.Bar", "method foo.bar not found"),
        ("foo.bar", "METHOD FOO.BAR NOT FOUND"),
        ("foo.bar", "method foo.bar/2 not found"),
        ("foo.bar", "no such method: bar"),
        ("foo.bar", "system.multicall: unknown method name: foo.bar"),
        ("foo.bar", "system.multicall: unknown method name: bar"),
        ("my.system.multicall", "no such method: my.system.multicall"),
        ("foo.bar", "Method not found"),
        ("foo.bar", ""),
    ] {
        let runs = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&runs);
        let client = Client::new(service_fn(move |request: Request| {
            let document = String::from_utf8_lossy(&request.body);
            if document.contains("pay") {
                count.fetch_add(1, Ordering::Relaxed);
            }
            // A multicall without calls has nothing to reject.
            let response = match document.contains("<struct>") {
                true => fault(-32601, text),
                false => Response::new(
                    EncodedResponse::new(&Vec::<i64>::new(), Dialect::EXTENDED)
                        .unwrap()
                        .into_document(),
                ),
            };
            std::future::ready(Ok::<_, BoxError>(response))
        }));
        let client = client.multicall_fallback(true);
        let calls = [client.call::<i64>("pay", (1,)), client.call(unknown, ())];
        let error = client.multicall(calls).await.unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(-32601, text)));
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{unknown}: {text}");
    }
}

fn not_found() -> Response {
    let mut response = Response::new("");
    response.status = StatusCode::NOT_FOUND;
    response
}

#[tokio::test]
async fn a_404_starts_it_if_single_calls_work() {
    let (client, log) = without(not_found);
    let client = client.multicall_fallback(true);
    for asked in [&["system.multicall", "add", "add", "add"][..], &["add"; 3]] {
        assert_eq!(sums(&client).await.unwrap(), [1, 2, 3]);
        assert_eq!(called(&log), asked);
    }
    // If single calls get a 404 too, the URL is wrong, and the client learns nothing about the
    // peer.
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let client = Client::new(service_fn(move |_: Request| {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok::<_, BoxError>(not_found()))
    }));
    let client = client.multicall_fallback(true);
    // Any of the calls could be a method that exists, so each is sent once.
    for requests in [3, 6] {
        let error = client
            .multicall([client.call::<i64>("a", ()), client.call("b", ())])
            .await;
        assert_eq!(error.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
        assert_eq!(asked.load(Ordering::Relaxed), requests);
    }
}

/// A peer that answers 404 to every unknown method, with this body.
fn without_faults(body: &'static str) -> Client<BoxTransport> {
    Client::new(service_fn(move |request: Request| async move {
        match &*request.label {
            "system.multicall" | "unknown" => {
                let mut response = not_found();
                response.body = body.into();
                Ok(response)
            }
            _ => Ok::<_, BoxError>(dispatcher().dispatch(request).await?),
        }
    }))
    .boxed()
}

#[tokio::test]
async fn the_order_of_calls_with_a_404_does_not_matter() {
    let orders: [&[&str]; 5] = [
        &["unknown", "text"],
        &["text", "unknown"],
        &["unknown", "unknown", "text"],
        &["unknown", "text", "unknown"],
        &["text", "unknown", "unknown"],
    ];
    for body in ["", "<html>no such page</html>"] {
        for (order, at_once) in orders.iter().flat_map(|order| [(order, 1), (order, 4)]) {
            let client = without_faults(body).multicall_fallback(true);
            for _ in 0..2 {
                let calls = order.iter().map(|name| client.call::<String>(name, ()));
                let results = client.multicall_iter(calls).multicall_concurrency(at_once);
                let results = results.await.unwrap();
                for (name, result) in order.iter().zip(results) {
                    assert_eq!(result.is_ok(), *name == "text", "{order:?}");
                    let status = result.err().and_then(|error| error.status());
                    let expected = (*name == "unknown").then_some(StatusCode::NOT_FOUND);
                    assert_eq!(status, expected, "{order:?}");
                }
            }
        }
    }
    // An error that concerns all calls is still the error of the multicall.
    let client = without_faults("").multicall_fallback(true);
    let calls = [
        client.call::<i64>("unknown", ()),
        client.call("unknown", ()),
    ];
    let error = client.multicall(calls).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn a_peer_of_which_the_caller_knows_that_it_has_no_multicall() {
    // ejabberd's fault quotes the calls, and Tryton's is empty.
    for text in ["Unknown call: add, add, add", ""] {
        let (client, log) = without(move || fault(-1, text));
        let client = client.multicall_fallback(true);
        sums(&client).await.unwrap_err();
        assert_eq!(called(&log), ["system.multicall"], "{text}");
        for client in [client.clone(), client.clone().multicall_fallback(false)] {
            let client = client.system_multicall(false);
            assert_eq!(sums(&client).await.unwrap(), [1, 2, 3], "{text}");
            assert_eq!(called(&log), ["add", "add", "add"], "{text}");
        }
        // The other client still asks.
        sums(&client).await.unwrap_err();
        assert_eq!(called(&log), ["system.multicall"], "{text}");
    }
}

/// node-xmlrpc answers 404 to every unknown method.
#[tokio::test]
async fn a_404_after_a_response_concerns_one_call() {
    for at_once in [1, 4] {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let client = Client::new(service_fn(move |request: Request| {
            count.fetch_add(1, Ordering::Relaxed);
            async move {
                match &*request.label {
                    "system.multicall" | "unknown" => Ok(not_found()),
                    _ => Ok::<_, BoxError>(dispatcher().dispatch(request).await?),
                }
            }
        }));
        let client = client.multicall_fallback(true);
        let calc = CalcClient::new(&client);
        let unknown = || client.call::<i64>("unknown", ());
        let calls = (calc.add(1, 2), unknown(), calc.add(3, 4));
        let (sum, failed, other) = client
            .multicall(calls)
            .multicall_concurrency(at_once)
            .await
            .unwrap();
        assert_eq!((sum.unwrap(), other.unwrap()), (3, 7));
        let failed = failed.unwrap_err();
        let of = (failed.method(), failed.status());
        assert_eq!(of, ("unknown", Some(StatusCode::NOT_FOUND)));
        assert_eq!(asked.load(Ordering::Relaxed), 4);
        // The client already knows that the peer lacks `system.multicall`.
        let calls = (unknown(), calc.add(1, 2));
        let (failed, sum) = client
            .multicall(calls)
            .multicall_concurrency(at_once)
            .await
            .unwrap();
        assert_eq!((failed.is_err(), sum.unwrap()), (true, 3));
    }
}

/// Twisted's fault names only the part of the method name that it looked up. The calls before may
/// have run.
#[tokio::test]
async fn a_part_of_a_name_may_belong_to_a_call() {
    for (text, method) in [
        ("procedure multicall not found", "batch.multicall"),
        ("method \"multicall\" is not supported", "batch.multicall"),
        ("no such subHandler system", "inner.system.reload"),
    ] {
        let (client, log) = without(move || fault(8001, text));
        let client = client.multicall_fallback(true);
        let calls = [client.call::<i64>("add", (1, 2)), client.call(method, ())];
        client.multicall(calls).await.unwrap_err();
        assert_eq!(called(&log), ["system.multicall"], "{text}");
    }
    let (client, log) = without(|| fault(8001, "no such subHandler system"));
    let client = client.multicall_fallback(true);
    let call = client.call::<Vec<String>>("system.listMethods", ());
    let _ = client.multicall([call]).await.unwrap();
    assert_eq!(called(&log), ["system.multicall", "system.listMethods"]);
}

#[tokio::test]
async fn each_call_has_its_own_type_and_its_own_fault() {
    let (client, _) = without(|| fault(-32601, ""));
    let calc = CalcClient::new(&client);
    let wrong = client.call::<i64>("text", ());
    let (sum, failed, wrong, header, extension) = client
        .multicall((
            calc.add(1, 2),
            calc.fail(),
            wrong,
            calc.header("x-a"),
            calc.extension(),
        ))
        .multicall_fallback(true)
        .header("x-a", "b")
        .extension(8_u32)
        .await
        .unwrap();
    assert_eq!(sum.unwrap(), 3);
    let failed = failed.unwrap_err();
    assert_eq!(
        (failed.method(), failed.fault()),
        ("fail", Some(&Fault::new(17, "as asked")))
    );
    assert!(wrong.unwrap_err().is_decode());
    assert_eq!(header.unwrap().as_deref(), Some("b"));
    assert_eq!(extension.unwrap(), Some(8));
    let late = client
        .multicall((calc.slow(10_000),))
        .multicall_fallback(true);
    let late = late.timeout(Duration::from_millis(10)).await;
    assert!(late.unwrap_err().is_timeout());
}

#[tokio::test]
async fn each_call_keeps_its_mark() {
    let marks = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&marks);
    let client = Client::new(service_fn(move |request: Request| {
        let marked = request.extensions.get::<Idempotent>().is_some();
        seen.lock().unwrap().push(marked);
        let text = "no such method: system.multicall";
        std::future::ready(Ok::<_, BoxError>(fault(-32601, text)))
    }));
    let client = client.multicall_fallback(true);
    let calls = || {
        (
            client.call::<i64>("a", ()).idempotent(),
            client.call::<i64>("b", ()),
        )
    };
    let _ = client.multicall(calls()).await.unwrap();
    assert_eq!(
        std::mem::take(&mut *marks.lock().unwrap()),
        [false, true, false]
    );
    let _ = client.multicall(calls()).idempotent().await.unwrap();
    assert_eq!(*marks.lock().unwrap(), [true, true]);
}

/// A peer that works on each call for a while and breaks the connection at call number `cut`.
/// Returned with it: the highest number of calls at one time, and the number of calls sent.
fn busy(cut: usize) -> (Client<BoxTransport>, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let [most, sent, now] = std::array::from_fn(|_| Arc::new(AtomicUsize::new(0)));
    let counts = (Arc::clone(&most), Arc::clone(&sent), now);
    let client = Client::new(service_fn(move |request: Request| {
        let (most, sent, now) = counts.clone();
        async move {
            if request.label == "system.multicall" {
                return Ok(fault(-32601, ""));
            }
            let number = sent.fetch_add(1, Ordering::SeqCst);
            if number == cut {
                return Err::<_, BoxError>("the line is cut".into());
            }
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // Later calls end sooner.
            let wait = Duration::from_millis(20_u64.saturating_sub(number as u64));
            tokio::time::sleep(wait).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(Response::new(
                EncodedResponse::new(&number, Dialect::EXTENDED)?.into_document(),
            ))
        }
    }));
    (client.boxed(), most, sent)
}

#[tokio::test]
async fn no_more_at_once_than_allowed() {
    for (at_once, bound) in [
        (None, 1),
        (Some(0), 1),
        (Some(1), 1),
        (Some(4), 4),
        (Some(100), 12),
    ] {
        let (client, most, _) = busy(usize::MAX);
        let calls = (0..12).map(|_| client.call::<usize>("m", ()));
        let multicall = client.multicall_iter(calls).multicall_fallback(true);
        let results = match at_once {
            Some(at_once) => multicall.multicall_concurrency(at_once).await,
            None => multicall.await,
        };
        let results: Vec<_> = results.unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(
            results,
            (0..12).collect::<Vec<_>>(),
            "in the order of the calls"
        );
        assert_eq!(most.load(Ordering::SeqCst), bound);
    }
}

#[tokio::test]
async fn a_failure_of_the_transport_ends_it() {
    for at_once in [1, 3] {
        let (client, _, sent) = busy(4);
        let calls = (0..50).map(|_| client.call::<usize>("m", ()));
        let multicall = client
            .multicall_iter(calls)
            .multicall_fallback(true)
            .multicall_concurrency(at_once);
        let results = multicall.await.unwrap();
        assert_eq!(results.len(), 50);
        for (index, result) in results.iter().enumerate() {
            match result {
                Ok(number) => assert!(*number == index && index < 4),
                Err(error) => assert!(error.to_string().contains("the line is cut") && index >= 4),
            }
        }
        // Only the calls that were already under way are sent beyond the failure.
        assert!(sent.load(Ordering::SeqCst) <= 4 + at_once);
    }
    let (client, ..) = busy(0);
    let calls = [client.call::<usize>("m", ())];
    client
        .multicall(calls)
        .multicall_fallback(true)
        .await
        .unwrap_err();
}
