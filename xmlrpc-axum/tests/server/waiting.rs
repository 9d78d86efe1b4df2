//! Large bodies that wait for the server, and many of them at once.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

use crate::common::http_raw::{ADD, Answer, post, post_unframed, send};
use crate::common::http_server::{Server, serve};
use crate::common::{answer, is_silent};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// What a request that waits counts besides its headers and its body.
const CONNECTION: usize = 16 * KIB;

async fn start(set: impl FnOnce(Endpoint) -> Endpoint) -> Server {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| async move { a + b })
        .method("length", |text: String| async move { text.len() })
        .method("hold", |_: String| std::future::pending::<i32>());
    serve(set(Endpoint::new(dispatcher)).into_router()).await
}

/// A call with a text of so many bytes.
fn call(method: &str, length: usize) -> Vec<u8> {
    let text = "x".repeat(length);
    format!(
        "<methodCall><methodName>{method}</methodName><params><param><value>{text}</value></param>\
         </params></methodCall>"
    )
    .into_bytes()
}

/// A chunked request without its last chunk.
fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", body.len()).into_bytes();
    chunk.extend_from_slice(body);
    chunk.extend_from_slice(b"\r\n");
    post_unframed("Transfer-Encoding: chunked\r\n", &chunk)
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

async fn open(address: SocketAddr, request: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream
}

/// Sends a request. The server has read it.
async fn wait(address: SocketAddr, request: &[u8]) -> TcpStream {
    let stream = open(address, request).await;
    sleep(Duration::from_millis(100)).await;
    stream
}

#[track_caller]
fn assert_503(answer: &Answer, text: &str) {
    answer.assert_status(503, text);
    assert!(answer.head.contains("retry-after: 5"), "{answer:?}");
    assert_eq!(answer.body, format!("{text}\n"));
}

const NOT_ARRIVED: &str =
    "the server needed room for other requests before the whole body had arrived: try again later";
const DISPLACED: &str = "the server needed room for other requests while this one waited for its turn: \
                         try again later";
const TOO_MANY_BYTES: &str =
    "the server has too many bytes in flight: try again later, or send less at once";

/// An eighth of the default settings, and of 600 bodies. 12 MiB are for bodies that are received, and only 12
/// of these bodies could have the maximum size.
#[tokio::test]
async fn bodies_of_unknown_size_are_received_at_the_same_time() {
    let server = start(|it| it.max_bytes_in_flight(32 * MIB).max_body_bytes(MIB)).await;
    let request = chunked(&call("length", 100_000));
    let mut streams = Vec::new();
    for _ in 0..75 {
        streams.push(open(server.address, &request).await);
    }
    for stream in &mut streams {
        stream.write_all(LAST_CHUNK).await.unwrap();
    }
    for stream in &mut streams {
        answer(stream).await.assert_int(100_000);
    }
}

/// More than the server receives at the same time.
#[tokio::test]
async fn many_large_calls_at_once() {
    let server = start(|it| it.max_bytes_in_flight(32 * MIB).max_body_bytes(MIB)).await;
    for (count, length) in [(125, 100_000), (60, 500_000), (30, 1_000_000)] {
        let document = call("length", length);
        let mut whole = chunked(&document);
        whole.extend_from_slice(LAST_CHUNK);
        let requests = [whole, post("", &document)];
        let mut calls = JoinSet::new();
        for n in 0..count {
            let (address, request) = (server.address, requests[n % 2].clone());
            calls.spawn(async move { send(address, &request).await });
        }
        while let Some(answer) = calls.join_next().await {
            answer.unwrap().assert_int(length as i64);
        }
    }
}

/// Each of them has a part, and all of them may need more than there is. 6 MiB are for bodies that are
/// received.
#[tokio::test]
async fn bodies_that_have_a_part_do_not_wait_for_each_other() {
    let server = start(|it| {
        it.max_bytes_in_flight(16 * MIB)
            .max_body_bytes(4 * MIB)
            .admission_timeout(Duration::from_secs(120))
    })
    .await;
    let document = call("length", 3 * MIB);
    let (first, rest) = document.split_at(100_000);
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(open(server.address, &chunked(first)).await);
    }
    let mut calls = JoinSet::new();
    for mut stream in streams {
        let mut rest = chunked(rest);
        let head = rest.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
        rest.drain(..head);
        rest.extend_from_slice(LAST_CHUNK);
        calls.spawn(async move {
            let _ = stream.write_all(&rest).await;
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            Answer::parse(&bytes)
        });
    }
    let all = async {
        while let Some(answer) = calls.join_next().await {
            answer.unwrap().assert_int(3 * MIB as i64);
        }
    };
    timeout(Duration::from_secs(100), all)
        .await
        .expect("they wait for each other");
}

/// The endpoint has room for one more request. One waits for the server, and later ones for their clients.
#[tokio::test]
async fn those_that_wait_for_their_clients_make_room_first() {
    let server = start(|it| {
        it.max_bytes_in_flight(MIB)
            .max_requests_in_flight(4)
            .admission_timeout(Duration::from_secs(60))
    })
    .await;
    let add = post("", ADD.as_bytes());
    let mut holds = wait(server.address, &post("", &call("hold", 700 * KIB))).await;
    let large = post("", &call("length", 200 * KIB));
    let mut first = wait(server.address, &large).await;
    let mut second = wait(server.address, &large).await;
    let mut slow = wait(server.address, &add[..add.len() - 1]).await;

    send(server.address, &add).await.assert_int(5);
    assert_503(&answer(&mut slow).await, NOT_ARRIVED);
    send(server.address, &add).await.assert_int(5);
    assert!(is_silent(&mut second).await, "there is room");

    // All of them have arrived. The one that came last would wait longest.
    let mut holds_too = wait(server.address, &post("", &call("hold", 10))).await;
    send(server.address, &add).await.assert_int(5);
    assert_503(&answer(&mut second).await, DISPLACED);
    for stream in [&mut first, &mut holds, &mut holds_too] {
        assert!(is_silent(stream).await);
    }
}

/// They keep their headers and their connections. Together they may have a quarter.
#[tokio::test]
async fn the_bound_on_those_that_wait() {
    let large = post("", &call("length", 100 * KIB));
    let head = String::from_utf8_lossy(&large);
    let head = head.split("\r\n\r\n").next().unwrap().lines().skip(1);
    // Name, colon, blank, value.
    let one = head.map(|line| line.len() - 2 + 160).sum::<usize>() + CONNECTION;
    for (bytes, fit) in [(4 * 4 * one, 4), (4 * 4 * one - 4, 3)] {
        let server = start(|it| {
            it.max_bytes_in_flight(bytes)
                .admission_timeout(Duration::from_secs(60))
        })
        .await;
        // It has all but 10 KiB of the other three quarters.
        let hold = call("hold", bytes / 4 * 3 - 10 * KIB);
        let _holds = wait(server.address, &post("", &hold)).await;
        for n in 0..5 {
            let mut stream = wait(server.address, &large).await;
            if n < fit {
                assert!(is_silent(&mut stream).await, "{n} of {fit}");
                std::mem::forget(stream);
            } else {
                assert_503(&answer(&mut stream).await, TOO_MANY_BYTES);
            }
        }
    }
}

/// They have half of 8 MiB. A large body needs some of what exceeds their quarter.
#[tokio::test]
async fn small_bodies_that_do_not_arrive_make_room_for_large_ones() {
    let server = start(|it| {
        it.max_bytes_in_flight(8 * MIB)
            .max_body_bytes(4 * MIB)
            .admission_timeout(Duration::from_secs(60))
    })
    .await;
    let _holds = wait(server.address, &post("", &call("hold", 3 * MIB))).await;
    let slow = post("", &vec![b' '; 60 * KIB]);
    let mut clients = Vec::new();
    for _ in 0..40 {
        clients.push(open(server.address, &slow[..slow.len() - 1]).await);
    }
    sleep(Duration::from_millis(300)).await;
    let large = post("", &call("length", 200 * KIB));
    for _ in 0..3 {
        send(server.address, &large)
            .await
            .assert_int(200 * KIB as i64);
    }
    for stream in &mut clients[30..] {
        assert!(is_silent(stream).await, "those that came last still wait");
    }
}
