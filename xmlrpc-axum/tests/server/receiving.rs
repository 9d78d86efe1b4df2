//! Small requests that do not arrive at once, and make room for others.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

use crate::common::http_raw::{ADD, Answer, post, send};
use crate::common::http_server::{Server, serve};
use crate::common::{answer, is_silent};

/// What a request that waits for its client counts besides its headers and its body.
const CONNECTION: usize = 16 << 10;

fn endpoint() -> Endpoint {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| async move { a + b })
        .method("forever", std::future::pending::<i32>);
    Endpoint::new(dispatcher)
}

async fn start(endpoint: Endpoint) -> Server {
    serve(endpoint.into_router()).await
}

/// What the headers of a request count.
fn headers(request: &[u8]) -> usize {
    let text = String::from_utf8_lossy(request);
    let head = text.split("\r\n\r\n").next().unwrap();
    // Name, colon, blank, value.
    head.lines().skip(1).map(|line| line.len() - 2 + 160).sum()
}

/// A request without the last `missing` bytes. The server has read the rest.
async fn part(address: SocketAddr, request: &[u8], missing: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let sent = &request[..request.len() - missing];
    stream.write_all(sent).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    stream
}

#[track_caller]
fn assert_made_room(answer: &Answer) {
    assert_made_room_because(
        answer,
        "the server needed room for other requests before the whole body had arrived: try again later\n",
    );
}

#[track_caller]
fn assert_made_room_because(answer: &Answer, text: &str) {
    answer.assert_status(503, "it made room");
    assert!(answer.head.contains("retry-after: 5"), "{answer:?}");
    assert!(answer.head.contains("connection: close"), "{answer:?}");
    assert_eq!(answer.body, text);
}

#[tokio::test]
async fn the_oldest_makes_room_for_another_request() {
    let server = start(endpoint().max_requests_in_flight(3)).await;
    let add = post("", ADD.as_bytes());
    let mut slow = Vec::new();
    for missing in [1, ADD.len(), 10] {
        slow.push((part(server.address, &add, missing).await, missing));
    }
    for (stream, _) in &mut slow {
        assert!(is_silent(stream).await, "N requests wait");
    }
    send(server.address, &add).await.assert_int(5);
    assert_made_room(&answer(&mut slow[0].0).await);
    // The others continue.
    for (stream, missing) in &mut slow[1..] {
        stream
            .write_all(&add[add.len() - *missing..])
            .await
            .unwrap();
        answer(stream).await.assert_int(5);
    }
}

#[tokio::test]
async fn a_request_that_has_arrived_makes_no_room() {
    let server = start(endpoint().max_requests_in_flight(2)).await;
    let add = post("", ADD.as_bytes());
    let forever = post(
        "",
        b"<methodCall><methodName>forever</methodName></methodCall>",
    );
    let _one = part(server.address, &forever, 0).await;
    let mut slow = part(server.address, &forever, 1).await;
    let _two = part(server.address, &forever, 0).await;
    assert_made_room(&answer(&mut slow).await);
    send(server.address, &add)
        .await
        .assert_status(503, "both have arrived");
}

#[tokio::test]
async fn the_bound_on_bytes() {
    let add = post("", ADD.as_bytes());
    // The body counts twice, because the buffers of the connection are about as large.
    let one = headers(&add) + CONNECTION + 2 * (ADD.len() - 1);
    // They may have half. The last byte counts as well.
    for (bytes, fit) in [(2 * (3 * one + 6), 3), (2 * 3 * one - 2, 2)] {
        let server = start(endpoint().max_bytes_in_flight(bytes)).await;
        let mut slow = Vec::new();
        for _ in 0..4 {
            slow.push(part(server.address, &add, 1).await);
        }
        for (n, stream) in slow.iter_mut().enumerate() {
            if n < 4 - fit {
                assert_made_room(&answer(stream).await);
            } else {
                stream.write_all(&add[add.len() - 1..]).await.unwrap();
                answer(stream).await.assert_int(5);
            }
        }
    }
}

/// An inflater is large, however few bytes it has received.
#[tokio::test]
async fn inflaters_count() {
    let add = post(
        "Content-Encoding: gzip\r\n",
        &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0],
    );
    let one = headers(&add) + CONNECTION + (80 << 10);
    for (bytes, fit) in [(2 * 2 * one, 2), (2 * 2 * one - 2, 1)] {
        let server = start(endpoint().max_bytes_in_flight(bytes)).await;
        let mut slow = Vec::new();
        for _ in 0..3 {
            slow.push(part(server.address, &add, 1).await);
        }
        for (n, stream) in slow.iter_mut().enumerate() {
            if n < 3 - fit {
                assert_made_room(&answer(stream).await);
            } else {
                assert!(is_silent(stream).await, "{n}");
            }
        }
    }
}

/// Headers of more than 4 KiB count until the response is made.
#[tokio::test]
async fn large_heads_count() {
    const FOREVER: &[u8] = b"<methodCall><methodName>forever</methodName></methodCall>";
    let request = |padding: usize| post(&format!("X: {}\r\n", "x".repeat(padding)), FOREVER);
    let padding = (4 << 10) - headers(&request(0));
    for (padding, counts) in [(padding, false), (padding + 1, true)] {
        let request = request(padding);
        let one = 2 * FOREVER.len() + if counts { headers(&request) } else { 0 };
        let server = start(endpoint().max_bytes_in_flight(3 * one)).await;
        let mut calls = Vec::new();
        for _ in 0..3 {
            calls.push(part(server.address, &request, 0).await);
        }
        for call in &mut calls {
            assert!(is_silent(call).await, "N bytes fit");
        }
        send(server.address, &request)
            .await
            .assert_status(503, "N + 1");
    }
}

/// Slow clients with small bodies take neither the places of small calls nor those of large ones.
#[tokio::test]
async fn slow_small_bodies_do_not_lock_out_calls() {
    let endpoint = endpoint()
        .max_bytes_in_flight(8 << 20)
        .max_body_bytes(1 << 20)
        .admission_timeout(Duration::from_millis(300));
    let server = start(endpoint).await;
    let slow = post("", &vec![b' '; 64 << 10]);
    let large = {
        let text = "x".repeat(1 << 19);
        format!(
            "<methodCall><methodName>add</methodName><params><param><value>{text}</value></param>\
             </params></methodCall>"
        )
    };
    let large = post("", large.as_bytes());
    let mut clients = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&slow[..slow.len() - 1]).await.unwrap();
        clients.push(stream);
    }
    for _ in 0..20 {
        send(server.address, &post("", ADD.as_bytes()))
            .await
            .assert_int(5);
        send(server.address, &large).await.assert_fault(-32602);
    }
    // Those that came last still wait.
    for stream in &mut clients[90..] {
        assert!(is_silent(stream).await);
    }
}

/// A large body that waits for its turn keeps its headers, and makes room as well.
#[tokio::test]
async fn large_bodies_that_wait_make_room() {
    let endpoint = endpoint()
        .max_bytes_in_flight(2 << 20)
        .max_requests_in_flight(2)
        .admission_timeout(Duration::from_secs(60));
    let server = start(endpoint).await;
    let body = post("", &vec![b' '; 700 << 10]);
    let head = body.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
    let _first = part(server.address, &body[..head], 0).await;
    let mut second = part(server.address, &body[..head], 0).await;
    assert!(is_silent(&mut second).await);
    send(server.address, &post("", ADD.as_bytes()))
        .await
        .assert_int(5);
    assert_made_room_because(
        &answer(&mut second).await,
        "the server needed room for other requests while this one waited for its turn: try again \
         later\n",
    );
}
