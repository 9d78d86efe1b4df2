//! The bounds on requests and bytes in flight.

use std::{net::SocketAddr, time::Duration};

use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Value};

use crate::common::http_raw::{ADD, Answer, post, send};
use crate::common::http_server::{Server, serve};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

fn endpoint() -> Endpoint {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| async move { a + b })
        .method("text", |length: usize| async move { "x".repeat(length) })
        .method("length", |text: String| async move { text.len() })
        .method("echo", |value: Value| async move { value })
        .method("wait", |_: String| async move {
            sleep(Duration::from_secs(10)).await;
            true
        })
        .method("forever", std::future::pending::<i32>);
    Endpoint::new(dispatcher).max_body_bytes(4 * MIB)
}

async fn start(endpoint: Endpoint) -> Server {
    serve(endpoint.into_router()).await
}

/// A call of `method` with one text of `length` bytes.
fn text_call(method: &str, length: usize) -> Vec<u8> {
    let text = "x".repeat(length);
    format!(
        "<methodCall><methodName>{method}</methodName><params><param><value>{text}</value></param>\
         </params></methodCall>"
    )
    .into_bytes()
}

/// Makes a body of this size, which is not a call.
fn blank(size: usize) -> Vec<u8> {
    vec![b' '; size]
}

async fn open(address: SocketAddr, request: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream
}

/// Sends a call whose response has this many bytes and more, and does not read it.
async fn slow_reader(address: SocketAddr, length: usize) -> TcpStream {
    let call = format!(
        "<methodCall><methodName>text</methodName><params><param><value><int>{length}</int></value>\
         </param></params></methodCall>"
    );
    let mut stream = open(address, &post("", call.as_bytes())).await;
    // The head of the response has arrived, so the response is in flight.
    stream.read_exact(&mut [0; 12]).await.unwrap();
    stream
}

/// Announces a body, and sends none of it.
async fn announce(address: SocketAddr, size: usize) -> TcpStream {
    let head = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: {size}\r\n\r\n"
    );
    open(address, head.as_bytes()).await
}

/// The status of the next response: 100 if the server is ready to receive the body.
async fn status(stream: &mut TcpStream) -> u16 {
    let mut head = [0; 25];
    let read = timeout(Duration::from_secs(10), stream.read_exact(&mut head)).await;
    read.expect("no response").unwrap();
    let head = String::from_utf8_lossy(&head).into_owned();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

async fn is_silent(stream: &mut TcpStream) -> bool {
    is_silent_for(stream, Duration::from_millis(200)).await
}

async fn is_silent_for(stream: &mut TcpStream, time: Duration) -> bool {
    let mut byte = [0];
    timeout(time, stream.peek(&mut byte)).await.is_err()
}

async fn assert_small_calls(address: SocketAddr) {
    for _ in 0..50 {
        send(address, &post("", ADD.as_bytes())).await.assert_int(5);
    }
}

#[track_caller]
fn assert_refused(answer: &Answer) {
    answer.assert_status(503, "too much in flight");
    assert!(answer.head.contains("retry-after: 5"), "{answer:?}");
    assert!(answer.body.ends_with('\n'), "{answer:?}");
    assert!(!answer.body.contains("::"), "{answer:?}");
}

/// Calls until the answer has this status, for some seconds.
async fn until(address: SocketAddr, request: &[u8], status: u16) -> Answer {
    for _ in 0..50 {
        let answer = send(address, request).await;
        if answer.status == status {
            return answer;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("never {status}");
}

#[tokio::test]
async fn the_bound_on_requests() {
    let server = start(endpoint().max_requests_in_flight(2)).await;
    let forever = "<methodCall><methodName>forever</methodName></methodCall>";
    let first = open(server.address, &post("", forever.as_bytes())).await;
    let add = post("", ADD.as_bytes());
    until(server.address, &add, 200).await.assert_int(5);

    let second = open(server.address, &post("", forever.as_bytes())).await;
    let refused = until(server.address, &add, 503).await;
    assert_refused(&refused);
    assert_eq!(
        refused.body,
        "the server has too many requests in flight: try again later\n"
    );

    drop(second);
    until(server.address, &add, 200).await;
    drop(first);
}

#[tokio::test]
async fn a_request_counts_until_its_response_is_written() {
    let server = start(endpoint().max_requests_in_flight(1)).await;
    let add = post("", ADD.as_bytes());
    let mut reader = slow_reader(server.address, 20 * MIB).await;
    for _ in 0..3 {
        assert_refused(&send(server.address, &add).await);
    }
    let mut response = Vec::new();
    reader.read_to_end(&mut response).await.unwrap();
    assert!(response.len() > 20 * MIB);
    until(server.address, &add, 200).await;

    // A caller that leaves frees its place as well.
    let reader = slow_reader(server.address, 20 * MIB).await;
    drop(reader);
    until(server.address, &add, 200).await;
}

#[tokio::test]
async fn the_bound_on_bytes_of_small_requests() {
    // A small body counts twice, because the buffers of its connection are about as large.
    let size = 2 * ADD.len();
    let server = start(endpoint().max_bytes_in_flight(size)).await;
    send(server.address, &post("", ADD.as_bytes()))
        .await
        .assert_int(5);

    let server = start(endpoint().max_bytes_in_flight(size - 1)).await;
    let refused = send(server.address, &post("", ADD.as_bytes())).await;
    assert_refused(&refused);
    assert_eq!(
        refused.body,
        "the server has too many bytes in flight: try again later, or send less at once\n"
    );
}

/// A sixteenth is for calls of at most 4 KiB.
#[tokio::test]
async fn calls_that_run_leave_room_for_smaller_ones() {
    let server = start(endpoint().max_bytes_in_flight(8 * MIB)).await;
    let request = post("", &text_call("wait", 60 * KIB));
    let mut calls = Vec::new();
    for _ in 0..100 {
        calls.push(open(server.address, &request).await);
    }
    let mut answered = 0;
    for call in &mut calls {
        answered += usize::from(!is_silent_for(call, Duration::from_millis(20)).await);
    }
    // The others have 7.5 MiB, and 120 KiB each.
    assert!((35..40).contains(&answered), "{answered}");
    let padding = 4 * KIB + 1 - text_call("wait", 0).len();
    for _ in 0..20 {
        let call = text_call("wait", padding);
        calls.push(open(server.address, &post("", &call)).await);
    }
    sleep(Duration::from_millis(200)).await;
    assert_small_calls(server.address).await;
    assert_refused(&send(server.address, &post("", &blank(4 * KIB + 1))).await);
    send(server.address, &post("", &blank(4 * KIB)))
        .await
        .assert_status(200, "N");
}

/// Three quarters are for large bodies, and half of these for bodies that are being received.
#[tokio::test]
async fn the_bound_on_bodies_that_are_received() {
    for (size, fits) in [(MIB, true), (MIB + 1, false)] {
        let server = start(endpoint().max_bytes_in_flight(8 * MIB)).await;
        let mut first = announce(server.address, 2 * MIB).await;
        assert_eq!(status(&mut first).await, 100);
        let mut second = announce(server.address, size).await;
        let mut byte = [0];
        let soon = timeout(Duration::from_millis(100), second.peek(&mut byte)).await;
        assert_eq!(soon.is_ok(), fits);
        // A small body does not wait.
        let mut small = announce(server.address, 64 * KIB).await;
        assert_eq!(status(&mut small).await, 100);
        // The first sends nothing, and gives back what it does not need.
        assert_eq!(status(&mut second).await, 100);

        // Nothing is lost when callers leave.
        drop((first, second));
        let mut last = announce(server.address, 3 * MIB).await;
        assert_eq!(status(&mut last).await, 100);
    }
}

/// A body that does not give anything back, because it arrives fast enough.
#[tokio::test]
async fn a_large_body_waits_for_a_time() {
    let endpoint = endpoint()
        .max_bytes_in_flight(8 * MIB)
        .admission_timeout(Duration::from_millis(700));
    let server = start(endpoint).await;
    let mut first = announce(server.address, 3 * MIB).await;
    assert_eq!(status(&mut first).await, 100);
    let sends = tokio::spawn(async move {
        for _ in 0..96 {
            first.write_all(&blank(32 * KIB)).await.unwrap();
            sleep(Duration::from_millis(20)).await;
        }
        status(&mut first).await
    });
    for size in [64 * KIB + 1, 3 * MIB] {
        let mut second = announce(server.address, size).await;
        assert!(is_silent(&mut second).await);
        assert_eq!(status(&mut second).await, 503);
    }
    assert_eq!(sends.await.unwrap(), 200);
}

#[tokio::test]
async fn large_bodies_wait_in_their_order() {
    let server = start(endpoint().max_bytes_in_flight(8 * MIB)).await;
    let mut first = announce(server.address, 3 * MIB).await;
    assert_eq!(status(&mut first).await, 100);
    let mut second = announce(server.address, 2 * MIB).await;
    assert!(is_silent(&mut second).await);
    // It would fit beside the first if the second did not wait.
    let mut third = announce(server.address, MIB).await;
    assert!(is_silent(&mut third).await);

    first.write_all(&blank(3 * MIB)).await.unwrap();
    assert_eq!(status(&mut first).await, 200);
    assert_eq!(status(&mut second).await, 100);
    assert_eq!(status(&mut third).await, 100);
}

#[tokio::test]
async fn slow_clients_do_not_lock_out_small_calls() {
    let endpoint = endpoint()
        .max_bytes_in_flight(16 * MIB)
        .admission_timeout(Duration::from_millis(300));
    let server = start(endpoint).await;
    let mut clients = Vec::new();
    // Large bodies that never come, and small ones of which the last byte is missing.
    for _ in 0..10 {
        clients.push(announce(server.address, 4 * MIB).await);
    }
    for _ in 0..20 {
        let request = post("", &blank(60 * KIB));
        clients.push(open(server.address, &request[..request.len() - 1]).await);
    }
    // Chunked bodies that do not go on after the part that may be small.
    for _ in 0..10 {
        let head = "POST /RPC2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n";
        let mut stream = open(server.address, head.as_bytes()).await;
        stream.write_all(&blank(128 * KIB)).await.unwrap();
        clients.push(stream);
    }
    // Responses that nobody reads. The budget is full after a few, and the others are dropped.
    for _ in 0..10 {
        clients.push(slow_reader(server.address, 6 * MIB).await);
    }
    assert_small_calls(server.address).await;
    assert_refused(&send(server.address, &post("", &text_call("length", MIB))).await);
    assert_small_calls(server.address).await;

    drop(clients);
    let large = post("", &text_call("length", 3 * MIB));
    until(server.address, &large, 200)
        .await
        .assert_int(3 * MIB as i64);
}

#[tokio::test]
async fn a_response_without_room_is_dropped() {
    let server = start(endpoint().max_bytes_in_flight(16 * MIB)).await;
    // The first response may take more than there is.
    let first = slow_reader(server.address, 30 * MIB).await;
    let call = "<methodCall><methodName>text</methodName><params><param><value><int>70000</int>\
                </value></param></params></methodCall>";
    let request = post("", call.as_bytes());
    let answer = send(server.address, &request).await;
    answer.assert_fault(-32002);
    assert!(
        answer.body.contains(
            "the method ran, but too many large responses are being sent: ask for less at once, or later"
        ),
        "{answer:?}"
    );
    drop(first);
    for _ in 0..50 {
        let answer = send(server.address, &request).await;
        if answer.body.len() > 70_000 {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("there is never room");
}

#[tokio::test]
async fn a_compressed_body_counts_with_its_inflated_size() {
    let endpoint = endpoint()
        .max_bytes_in_flight(8 * MIB)
        .max_body_bytes(3 * MIB)
        .admission_timeout(Duration::from_millis(300));
    let server = start(endpoint).await;
    let gzip = |body: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        post("Content-Encoding: gzip\r\n", &encoder.finish().unwrap())
    };
    let (small, large) = (
        gzip(&text_call("length", 60 * KIB)),
        gzip(&text_call("length", 2 * MIB)),
    );
    assert!(large.len() < 8 * KIB);
    send(server.address, &large)
        .await
        .assert_int(2 * MIB as i64);

    let mut slow = announce(server.address, 64 * KIB + 1).await;
    assert_eq!(status(&mut slow).await, 100);
    // It could inflate to 3 MiB, so it needs as much.
    assert_refused(&send(server.address, &large).await);
    send(server.address, &small)
        .await
        .assert_int(60 * KIB as i64);
    drop(slow);
    until(server.address, &large, 200).await;
}

#[tokio::test]
async fn many_large_bodies_at_once() {
    // Generous: an unoptimized build needs some seconds for them.
    let endpoint = endpoint()
        .max_bytes_in_flight(16 * MIB)
        .admission_timeout(Duration::from_secs(120));
    let server = start(endpoint).await;
    let request = post("", &text_call("echo", MIB));
    let calls = (0..60).map(|_| {
        let request = request.clone();
        tokio::spawn(async move { send(server.address, &request).await })
    });
    for call in calls.collect::<Vec<_>>() {
        let answer = call.await.unwrap();
        answer.assert_status(200, "it waits");
        assert!(answer.body.len() > MIB, "{}", answer.body.len());
    }
    assert_small_calls(server.address).await;
}

#[tokio::test]
async fn a_method_that_waits_keeps_only_its_body() {
    // Each of them may take 11 MiB while it is decoded, and 1 MiB afterwards.
    let endpoint = endpoint()
        .max_bytes_in_flight(24 * MIB)
        .admission_timeout(Duration::from_secs(9));
    let server = start(endpoint).await;
    let request = post("", &text_call("wait", MIB));
    let calls = (0..5).map(|_| {
        let request = request.clone();
        tokio::spawn(async move { send(server.address, &request).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().assert_status(200, "it fits");
    }
}

#[tokio::test]
async fn callers_that_leave_cost_nothing() {
    let endpoint = endpoint()
        .max_bytes_in_flight(8 * MIB)
        .max_requests_in_flight(100);
    let server = start(endpoint).await;
    let whole = post("", &text_call("echo", MIB));
    for round in 0..100 {
        // Some leave while they wait, some in the middle of the body, some while it is decoded.
        let sent = whole.len() * (round % 5) / 4;
        drop(open(server.address, &whole[..sent]).await);
    }
    until(
        server.address,
        &post("", &text_call("length", 3 * MIB)),
        200,
    )
    .await
    .assert_int(3 * MIB as i64);
    assert_small_calls(server.address).await;
}
