//! The graceful shutdown.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Instant,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, xmlrpc_service};

use tokio::task::JoinSet;

use crate::common::*;

#[tokio::test]
async fn a_server_without_connections_ends_at_once() {
    let mut server = start(|it| it).await;
    server.stop();
    assert!(server.ended().await < millis(1000));
}

#[tokio::test]
async fn running_calls_are_answered_and_no_more_connections_are_accepted() {
    let mut server = start(|it| it).await;
    let mut wires = Vec::new();
    for _ in 0..20 {
        let mut wire = server.connect().await;
        wire.write(request("sleep", &[800])).await;
        wires.push(wire);
    }
    tokio::time::sleep(millis(200)).await;
    server.stop();
    tokio::time::sleep(millis(100)).await;
    assert!(TcpStream::connect(server.address).await.is_err());
    for wire in &mut wires {
        let answer = wire.answer().await;
        answer.assert_int(800);
        assert!(answer.closes());
        wire.closed().await;
    }
    assert!(server.ended().await < millis(2000));
}

/// Requests that are in the socket, or in the queue of the system, when the shutdown begins.
#[tokio::test]
async fn requests_that_have_been_sent_are_answered() {
    for _ in 0..20 {
        let mut server = start(|it| it).await;
        let mut wires = Vec::new();
        for _ in 0..20 {
            let mut wire = server.connect().await;
            wire.call("add", &[2, 3]).await.assert_int(5);
            wires.push(wire);
        }
        // From here on, nothing lets the server's task run until it is told to stop.
        let address = server.address;
        let mut queued = Vec::new();
        for wire in &wires {
            wire.0
                .try_write(request("add", &[3, 4]).as_bytes())
                .unwrap();
        }
        for _ in 0..20 {
            use std::io::Write;
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream
                .write_all(request("add", &[4, 5]).as_bytes())
                .unwrap();
            stream.set_nonblocking(true).unwrap();
            queued.push(Wire(TcpStream::from_std(stream).unwrap()));
        }
        server.stop();
        for wire in &mut wires {
            wire.answer().await.assert_int(7);
        }
        for wire in &mut queued {
            wire.answer().await.assert_int(9);
        }
        assert!(server.ended().await < millis(3000));
    }
}

/// A client that has just received a response may be sending its next request.
#[tokio::test]
async fn idle_connections_get_a_moment() {
    let mut server = start(|it| it).await;
    let mut active = server.connect().await;
    active.call("add", &[2, 3]).await.assert_int(5);
    let mut idle = server.connect().await;
    idle.call("add", &[2, 3]).await.assert_int(5);
    let mut silent = server.connect().await;
    tokio::time::sleep(millis(100)).await;
    server.stop();
    tokio::time::sleep(millis(300)).await;
    let answer = active.call("add", &[3, 4]).await;
    answer.assert_int(7);
    assert!(answer.closes());
    idle.closed().await;
    silent.closed().await;
    assert!(server.ended().await < millis(2000));
}

#[tokio::test]
async fn connections_are_accepted_during_the_delay() {
    let mut server = start(|it| it.drain_delay(millis(1500))).await;
    let mut old = server.connect().await;
    old.call("add", &[2, 3]).await.assert_int(5);
    server.stop();
    tokio::time::sleep(millis(1000)).await;
    let mut new = server.connect().await;
    for wire in [&mut old, &mut new] {
        let answer = wire.call("add", &[2, 3]).await;
        answer.assert_int(5);
        assert!(answer.closes());
        wire.closed().await;
    }
    assert!(server.ended().await < millis(3000));
}

/// Each of these would keep a server alive for ever. It ends at its deadline, and what could be
/// answered was answered.
#[tokio::test]
async fn the_deadline_ends_what_does_not_end_by_itself() {
    let endless =
        |it: Dispatcher| it.method("endless", || async { std::future::pending::<i64>().await });
    let endpoint = Endpoint::new(endless(dispatcher()));
    let mut server = start_with(endpoint, |it| it.drain(millis(2000))).await;
    let mut slow_head = server.connect().await;
    slow_head.write("POST / HT").await;
    let mut slow_body = server.connect().await;
    let document = document("add", &[2, 3]);
    slow_body.write(head(document.len())).await;
    let mut slow_reader = server.connect().await;
    slow_reader.write(request("long", &[32 << 20])).await;
    let mut endless = server.connect().await;
    endless.write(request("endless", &[])).await;
    let mut late_body = server.connect().await;
    late_body.write(head(document.len())).await;
    tokio::time::sleep(millis(300)).await;

    server.stop();
    let start = Instant::now();
    tokio::time::sleep(millis(500)).await;
    late_body.write(document).await;
    late_body.answer().await.assert_int(5);
    server.ended().await;
    let took = start.elapsed();
    assert!(took >= millis(1900) && took < millis(6000), "{took:?}");
    slow_head.closed().await;
    slow_body.closed().await;
    assert!(endless.try_answer().await.is_none());
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n @ 1..) = slow_reader.0.read(&mut buffer).await {
        received += n;
    }
    assert!(received < 32 << 20);
}

#[xmlrpc_service]
trait Jobs {
    #[xmlrpc(run_to_completion)]
    async fn job(&self, milliseconds: u64) -> bool;
    #[xmlrpc(blocking)]
    fn block(&self, milliseconds: u64) -> bool;
    async fn cancelled(&self, milliseconds: u64) -> bool;
}

#[derive(Default)]
struct Worker {
    done: AtomicBool,
}

impl Jobs for Worker {
    async fn job(&self, milliseconds: u64) -> bool {
        tokio::time::sleep(millis(milliseconds)).await;
        self.done.store(true, SeqCst);
        true
    }
    fn block(&self, milliseconds: u64) -> bool {
        std::thread::sleep(millis(milliseconds));
        self.done.store(true, SeqCst);
        true
    }
    async fn cancelled(&self, milliseconds: u64) -> bool {
        self.job(milliseconds).await
    }
}

/// Methods that run to completion are waited for, even if their client has left, until the
/// deadline.
#[tokio::test]
async fn methods_that_run_to_completion_are_waited_for() {
    // method, its time, the deadline, whether it finishes, at most
    let cases = [
        ("job", 1500, 10_000, true, 5000),
        ("block", 1500, 10_000, true, 5000),
        ("cancelled", 1500, 10_000, false, 1400),
        ("job", 5000, 700, false, 3000),
    ];
    for (method, time, deadline, finishes, at_most) in cases {
        let worker = Arc::new(Worker::default());
        let endpoint = Endpoint::new(Dispatcher::new().service(JobsServer::new(worker.clone())));
        let mut server = start_with(endpoint, |it| it.drain(millis(deadline))).await;
        let mut wire = server.connect().await;
        wire.write(request(method, &[time])).await;
        tokio::time::sleep(millis(200)).await;
        drop(wire);
        tokio::time::sleep(millis(50)).await;
        server.stop();
        let took = server.ended().await;
        assert_eq!(worker.done.load(SeqCst), finishes, "{method}");
        assert!(took < millis(at_most), "{method}: {took:?}");
    }
}

/// A request that says `Connection: close`, or that is the last one in a shutdown. What the client sends after it
/// stays unread. It does not cut off the response, which the client reads slowly.
#[tokio::test]
async fn responses_arrive_completely_if_the_client_sends_more() {
    const LENGTH: usize = 16 << 20;
    for stops in [false, true] {
        let mut server = start(|it| it).await;
        let mut wire = server.connect().await;
        let close = if stops { "" } else { "Connection: close\r\n" };
        let line_end = format!("\r\n{close}\r\n");
        let call = request("long", &[LENGTH as i64]);
        wire.write(call.replacen("\r\n\r\n", &line_end, 1)).await;
        let start = wire.0.read_u8().await.unwrap();
        assert_eq!(start, b'H');
        if stops {
            server.stop();
        }
        for _ in 0..4 {
            wire.write(request("add", &[2, 3])).await;
            tokio::time::sleep(millis(100)).await;
        }
        let mut received = 0;
        let mut buffer = vec![0; 64 << 10];
        while let Ok(n @ 1..) = wire.0.read(&mut buffer).await {
            received += n;
            tokio::time::sleep(millis(2)).await;
        }
        assert!(received > LENGTH, "{stops}: {received}");
        if stops {
            // The client does not close, so it is waited for, but not for long.
            assert!(server.ended().await < millis(6000));
        }
    }
}

fn chunked(method: &str, params: &[i64]) -> String {
    let document = document(method, params);
    let (start, end) = document.split_at(20);
    format!(
        "POST /RPC2 HTTP/1.1\r\nHost: rpc.example\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{start}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        start.len(),
        end.len(),
    )
}

/// Odd, but allowed: no spaces after colons.
fn without_spaces(method: &str, params: &[i64]) -> String {
    let body = document(method, params);
    let length = body.len();
    format!("POST /RPC2 HTTP/1.1\r\nHost:rpc.example\r\nContent-Length:{length}\r\n\r\n{body}")
}

/// Odd, but allowed: many spaces, and ends of lines without a carriage return.
fn with_spaces(method: &str, params: &[i64]) -> String {
    let body = document(method, params);
    let length = body.len();
    format!(
        "POST /RPC2 HTTP/1.1\nHost:      rpc.example     \nContent-Length:   {length}\n\n{body}"
    )
}

/// One chunk, which the HTTP layer hands on in many pieces.
fn large_chunk(method: &str, params: &[i64]) -> String {
    let document = document(method, params) + &" ".repeat(500_000);
    format!(
        "POST /RPC2 HTTP/1.1\r\nHost: rpc.example\r\nTransfer-Encoding: chunked\r\n\r\n{:x};a=b\r\n{document}\r\n0\r\n\r\n",
        document.len(),
    )
}

/// How the calls after the first one are sent.
#[derive(Clone, Copy, Debug)]
enum Sent {
    /// With the first one.
    Together,
    /// After the shutdown has begun, one by one.
    Later,
}

/// Clients that do not wait for a response before they send the next request.
#[tokio::test]
async fn pipelined_calls_are_answered() {
    let table = [
        (2, Sent::Together, 0),
        (3, Sent::Together, 0),
        (20, Sent::Together, 0),
        // More than the HTTP layer reads at once.
        (300, Sent::Together, 0),
        (3, Sent::Later, 0),
        (20, Sent::Later, 0),
        (20, Sent::Together, 300),
        (20, Sent::Later, 300),
    ];
    for (calls, sent, delay) in table {
        for make in [request, chunked, without_spaces, with_spaces] {
            let mut server = start(|it| it.drain_delay(millis(delay))).await;
            let mut wire = server.connect().await;
            let others = (1..calls).map(|n| make("add", &[n, 1]));
            let others: Vec<_> = others.collect();
            wire.write(make("sleep", &[400])).await;
            if let Sent::Together = sent {
                wire.write(others.concat()).await;
            }
            tokio::time::sleep(millis(100)).await;
            server.stop();
            if let Sent::Later = sent {
                for other in &others {
                    tokio::time::sleep(millis(10)).await;
                    wire.write(other).await;
                }
            }
            for n in 0..calls {
                let answer = wire.answer().await;
                answer.assert_int(if n == 0 { 400 } else { n + 1 });
                let is_last = n == calls - 1;
                assert_eq!(answer.closes(), is_last, "{calls} {sent:?} {delay}: {n}");
            }
            wire.closed().await;
            assert!(server.ended().await < millis(delay + 1500));
        }
    }
}

/// Clients that send each request alone, and do not wait for responses. When the shutdown begins, the next request
/// may be on its way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_follow_at_once_are_answered() {
    const CLIENTS: usize = 16;
    let mut server = start(|it| it).await;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let mut wire = server.connect().await;
        clients.spawn(async move {
            loop {
                for n in 0..5 {
                    wire.write(request("add", &[n, 1])).await;
                }
                for n in 0..5 {
                    let answer = wire.answer().await;
                    answer.assert_int(n + 1);
                    if answer.closes() {
                        return n == 4;
                    }
                }
            }
        });
    }
    tokio::time::sleep(millis(200)).await;
    server.stop();
    let complete = clients.join_all().await;
    let complete = complete.into_iter().filter(|complete| *complete).count();
    // On a busy machine, a client may take longer between two requests.
    assert!(complete >= CLIENTS / 4 * 3, "{complete}");
    server.ended().await;
}

/// It gets responses for most of the time, and does not hold up the end.
#[tokio::test]
async fn a_client_that_pipelines_without_an_end() {
    let mut server = start(|it| it.drain(millis(5000))).await;
    let wire = server.connect().await;
    let (mut reader, mut writer) = wire.0.into_split();
    let sending = tokio::spawn(async move {
        let request = request("add", &[2, 3]);
        while writer.write_all(request.as_bytes()).await.is_ok() {}
    });
    let reading = tokio::spawn(async move {
        let mut all = Vec::new();
        let _ = reader.read_to_end(&mut all).await;
        let text = String::from_utf8(all).unwrap().to_ascii_lowercase();
        let last = text.rfind("http/1.1").unwrap();
        let is_told = text[last..].contains("\r\nconnection: close");
        let earlier = text[..last].contains("\r\nconnection: close");
        (is_told, earlier, text.ends_with("</methodresponse>"))
    });
    tokio::time::sleep(millis(200)).await;
    server.stop();
    assert!(server.ended().await < millis(4900));
    assert_eq!(reading.await.unwrap(), (true, false, true));
    let _ = sending.await;
}

#[tokio::test]
async fn large_pipelined_calls_are_answered() {
    let mut server = start(|it| it).await;
    let (mut reader, mut writer) = server.connect().await.0.into_split();
    let sending = tokio::spawn(async move {
        let calls = [
            request("sleep", &[700]),
            large_chunk("add", &[1, 1]),
            large_chunk("add", &[2, 1]),
            request("add", &[3, 1]),
            large_chunk("add", &[4, 1]),
            request("add", &[5, 1]),
        ];
        writer.write_all(calls.concat().as_bytes()).await.unwrap();
        writer
    });
    tokio::time::sleep(millis(200)).await;
    server.stop();
    let mut answers = String::new();
    reader.read_to_string(&mut answers).await.unwrap();
    for value in [700, 2, 3, 4, 5, 6] {
        assert!(
            answers.contains(&format!("<int>{value}</int>")),
            "{value}: {answers}"
        );
    }
    assert_eq!(
        answers
            .to_ascii_lowercase()
            .matches("connection: close")
            .count(),
        1
    );
    drop(sending.await.unwrap());
    assert!(server.ended().await < millis(2000));
}
