//! Responses count to the bytes in flight while they are made.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::body::{Body, HttpBody};
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use serde::{Serialize, Serializer, ser::SerializeSeq};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};
use tower::Service;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Value};

use crate::common::http_raw::{ADD, post, send};
use crate::common::http_server::{Server, serve};

const MIB: usize = 1 << 20;
const MULTICALL_TIMEOUT: Duration = Duration::from_secs(3);

/// An array of 100 texts of 1 MiB. Counts those that were written.
struct Texts(Arc<AtomicUsize>);

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = "x".repeat(MIB);
        let mut array = serializer.serialize_seq(None)?;
        for _ in 0..100 {
            array.serialize_element(&text)?;
            self.0.fetch_add(1, SeqCst);
        }
        array.end()
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("add", |a: i64, b: i64| async move { a + b })
        .method("text", |length: usize| async move { "x".repeat(length) })
        .method("echo", |value: Value| async move { value })
        .method("forever", |_: usize| std::future::pending::<i32>())
        .multicall_timeout(MULTICALL_TIMEOUT)
}

async fn start(endpoint: Endpoint) -> Server {
    serve(endpoint.into_router()).await
}

fn call(method: &str, param: &str) -> Vec<u8> {
    format!(
        "<methodCall><methodName>{method}</methodName><params><param><value>{param}</value></param>\
         </params></methodCall>"
    )
    .into_bytes()
}

fn int(number: usize) -> String {
    format!("<int>{number}</int>")
}

fn multicall(entries: &[(&str, usize)]) -> Vec<u8> {
    let entry = |(method, number): &(&str, usize)| {
        format!(
            "<value><struct><member><name>methodName</name><value>{method}</value></member>\
             <member><name>params</name><value><array><data><value>{}</value></data></array>\
             </value></member></struct></value>",
            int(*number)
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    let array = format!("<array><data>{entries}</data></array>");
    post("", &call("system.multicall", &array))
}

async fn assert_small_calls(address: SocketAddr) {
    for _ in 0..20 {
        send(address, &post("", ADD.as_bytes())).await.assert_int(5);
    }
}

#[tokio::test]
async fn partial_responses_to_multicalls_count() {
    // Large responses may have 12 MiB of it.
    let server = start(Endpoint::new(dispatcher()).max_bytes_in_flight(16 * MIB)).await;
    let address = server.address;
    let request = multicall(&[("text", MIB), ("text", MIB), ("text", MIB), ("forever", 0)]);
    let calls = (0..12).map(|_| {
        let request = request.clone();
        tokio::spawn(async move { send(address, &request).await })
    });
    let calls: Vec<_> = calls.collect();
    sleep(MULTICALL_TIMEOUT / 3).await;
    assert_small_calls(address).await;

    let (mut waited, mut refused) = (0, 0);
    for call in calls {
        let answer = call.await.unwrap();
        answer.assert_status(200, "a multicall");
        if answer.body.contains("<int>-32001</int>") {
            waited += answer.body.len();
        } else {
            assert!(answer.body.contains("<int>-32002</int>"), "{answer:?}");
            refused += 1;
        }
    }
    assert!((3 * MIB..12 * MIB).contains(&waited), "{waited}");
    assert!(refused >= 12 - 4, "{refused}");

    // Nothing is lost.
    let all = multicall(&[("text", 9 * MIB)]);
    assert!(send(address, &all).await.body.len() > 9 * MIB);
}

#[tokio::test]
async fn a_multicall_may_be_larger_than_the_share_alone() {
    let server = start(Endpoint::new(dispatcher()).max_bytes_in_flight(4 * MIB)).await;
    let answer = send(server.address, &multicall(&[("text", MIB); 8])).await;
    assert!(answer.body.len() > 8 * MIB, "{}", answer.body.len());
}

#[tokio::test]
async fn small_multicalls_have_room_beside_large_responses() {
    let server = start(Endpoint::new(dispatcher()).max_bytes_in_flight(16 * MIB)).await;
    let reader = slow_reader(server.address, 20 * MIB).await;
    // Partial responses of less than 64 KiB are small.
    let answer = send(server.address, &multicall(&[("text", 6_000); 10])).await;
    assert!(answer.body.len() > 60_000, "{answer:?}");
    let answer = send(server.address, &multicall(&[("text", 6_000); 20])).await;
    assert!(answer.body.contains("<int>-32002</int>"), "{answer:?}");
    drop(reader);
}

async fn slow_reader(address: SocketAddr, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = post("", &call("text", &int(length)));
    stream.write_all(&request).await.unwrap();
    stream.read_exact(&mut [0; 12]).await.unwrap();
    stream
}

#[tokio::test]
async fn a_response_without_room_is_not_made() {
    let written = Arc::new(AtomicUsize::new(0));
    let texts = Arc::clone(&written);
    let dispatcher = dispatcher().method("texts", move || Texts(Arc::clone(&texts)));
    let server = start(Endpoint::new(dispatcher).max_bytes_in_flight(16 * MIB)).await;
    let reader = slow_reader(server.address, 8 * MIB).await;
    let texts = post(
        "",
        b"<methodCall><methodName>texts</methodName></methodCall>",
    );
    let answer = send(server.address, &texts).await;
    answer.assert_fault(-32002);
    let written = written.load(SeqCst);
    assert!((1..4).contains(&written), "{written}");
    assert_small_calls(server.address).await;
    drop(reader);
}

#[tokio::test]
async fn responses_to_large_bodies_give_everything_back() {
    let endpoint = Endpoint::new(dispatcher())
        .max_bytes_in_flight(16 * MIB)
        .max_body_bytes(4 * MIB);
    let server = start(endpoint).await;
    let text = "x".repeat(MIB);
    let request = post("", &call("echo", &text));
    for _ in 0..20 {
        let answer = send(server.address, &request).await;
        assert!(answer.body.len() > MIB, "{}", answer.body.len());
    }
    assert_small_calls(server.address).await;
}

/// Clients that ask for small responses and do not read them.
#[tokio::test]
async fn small_responses_count_as_well() {
    let endpoint = Endpoint::new(dispatcher()).max_bytes_in_flight(16 * MIB);
    let ask = |length: usize| {
        let mut endpoint = endpoint.clone();
        let document = Body::from(call("text", &int(length)));
        async move {
            let request = Request::post("/").body(document).unwrap();
            let Ok(response) = endpoint.call(request).await;
            assert_eq!(response.status(), 200, "{length}");
            response
        }
    };
    let length = |response: &Response<Body>| response.body().size_hint().exact();
    for size in [60_000, 9_000] {
        let mut responses = Vec::new();
        let mut bytes = 0;
        while bytes < 20 * MIB as u64 {
            let response = ask(size).await;
            let length = length(&response).unwrap();
            if length < size as u64 {
                break; // a fault
            }
            bytes += length;
            responses.push(response);
        }
        // An eighth is only for requests and very small responses.
        assert!((12..=14).contains(&(bytes >> 20)), "{size}: {bytes}");
        for _ in 0..10 {
            responses.push(ask(8_000).await);
            assert!(
                length(&responses[responses.len() - 1]) > Some(8_000),
                "{size}"
            );
        }
        // Requests have room as well.
        let padded = ADD.to_owned() + &" ".repeat(60_000);
        let request = Request::post("/").body(Body::from(padded)).unwrap();
        let Ok(response) = endpoint.clone().call(request).await;
        assert_eq!(response.status(), 200, "{size}");

        drop(responses);
        assert!(
            length(&ask(10 * MIB).await) > Some(10 * MIB as u64),
            "{size}"
        );
    }
}

/// Clients that send small bodies slowly make room for small responses.
#[tokio::test]
async fn slow_bodies_do_not_keep_small_responses_away() {
    let endpoint = Endpoint::new(dispatcher()).max_bytes_in_flight(16 * MIB);
    let call_of = |length: usize| {
        let document = Body::from(call("text", &int(length)));
        let request = Request::post("/").body(document).unwrap();
        endpoint.clone().call(request)
    };
    let Ok(large) = call_of(11 * MIB).await;
    // Each counts with its inflater.
    let mut slow = JoinSet::new();
    for _ in 0..100 {
        let begun = stream::iter([Ok::<_, Infallible>(&b"\x1f\x8b\x08"[..])]);
        let body = Body::from_stream(begun.chain(stream::pending()));
        let request = Request::post("/").header("content-encoding", "gzip");
        slow.spawn(endpoint.clone().call(request.body(body).unwrap()));
    }
    sleep(Duration::from_millis(100)).await;
    for _ in 0..20 {
        let Ok(response) = call_of(60_000).await;
        assert!(response.body().size_hint().exact() > Some(60_000));
    }
    let evicted = std::iter::from_fn(|| slow.try_join_next()).count();
    assert!((1..100).contains(&evicted), "{evicted}");
    drop(large);
}
