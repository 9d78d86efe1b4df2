//! Servers that close kept connections without announcing it.

use std::{
    cell::RefCell,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use xmlrpc_client::{Client, ClientError};

use crate::common::http_peer::{Peer, Step, answer, five};

/// A server that closes each connection 20 ms after its first response, without announcing it and
/// without reading what arrives meanwhile. Returned with it: the number of requests it has read.
async fn impolite() -> (SocketAddr, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(Mutex::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"</methodCall>") {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                *count.lock().unwrap() += 1;
                let _ = stream.write_all(&five()).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            });
        }
    });
    (address, requests)
}

async fn add(client: &Client) -> Result<i64, ClientError> {
    client.call::<i64>("add", (2, 3)).await
}

/// The errors of this many calls, one after the other.
async fn errors(client: &Client, calls: usize) -> Vec<String> {
    let mut errors = Vec::new();
    for _ in 0..calls {
        match add(client).await {
            Ok(sum) => assert_eq!(sum, 5),
            Err(error) => errors.push(error.to_string()),
        }
    }
    errors
}

/// The time of the client, which passes only when the test says so. So a busy machine changes nothing.
struct Clock {
    /// While such a task runs, tokio does not advance the time by itself.
    _held: std::sync::mpsc::Sender<()>,
}

impl Clock {
    fn stop() -> Self {
        let (_held, end) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || end.recv());
        tokio::time::pause();
        Self { _held }
    }

    async fn pass(&self, time: Duration) {
        tokio::time::advance(time).await;
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn at_most_one_call_fails() {
    // Without pauses, and with pauses around the time after which the server closes.
    for wait in [0, 5, 20, 21] {
        let (address, requests) = impolite().await;
        let builder = || crate::common::builder(format!("http://{address}/RPC2"));
        let custom = builder()
            .wire(xmlrpc_client::Wire::Reqwest)
            .http_client(reqwest::Client::new());
        for client in [builder(), custom] {
            let client = client.build().unwrap();
            let mut errors = Vec::new();
            for _ in 0..30 {
                errors.extend(self::errors(&client, 1).await);
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            assert!(errors.len() <= 1, "{errors:#?}");
            for error in &errors {
                let texts = [
                    &format!("calling `add`: the request failed: http://{address}: "),
                    ": the server closed a connection that was idle for ",
                    ": for 60s, the client now opens a new connection for each call",
                    "`ClientBuilder::keep_alive(false)`",
                ];
                assert!(texts.iter().all(|text| error.contains(text)), "{error}");
            }
            // No call was sent twice.
            let received = std::mem::take(&mut *requests.lock().unwrap());
            assert_eq!(received + errors.len(), 30);
        }
    }
}

/// A request of this size is not the reason: the same succeeds on a new connection.
#[tokio::test]
async fn at_most_one_large_call_fails() {
    let (address, _) = impolite().await;
    let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
    let text = "x".repeat(300_000);
    let mut errors = Vec::new();
    for _ in 0..30 {
        if let Err(error) = client.call::<i64>("add", (&text,)).await {
            errors.push(error.to_string());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(errors.len() <= 1, "{errors:#?}");
    for error in &errors {
        assert!(error.contains("that was idle for"), "{error}");
        assert!(!error.contains("of this size"), "{error}");
    }
}

/// The calls that are under way may fail, and one more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_fail_only_once() {
    for (tasks, wait) in [(2, 20), (4, 20), (8, 19), (8, 0)] {
        let (address, requests) = impolite().await;
        let builder = || crate::common::builder(format!("http://{address}/RPC2"));
        // In the pool of a custom client, kept connections remain.
        let custom = builder()
            .wire(xmlrpc_client::Wire::Reqwest)
            .http_client(reqwest::Client::new());
        for (client, is_custom) in [(builder(), false), (custom, true)] {
            let client = client.build().unwrap();
            let tasks: Vec<_> = (0..tasks)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move {
                        let mut errors = Vec::new();
                        for _ in 0..30 {
                            errors.extend(self::errors(&client, 1).await);
                            tokio::time::sleep(Duration::from_millis(wait)).await;
                        }
                        errors
                    })
                })
                .collect();
            let (count, mut errors) = (tasks.len(), Vec::new());
            for task in tasks {
                errors.extend(task.await.unwrap());
            }
            let most = if is_custom { 2 * count } else { count + 1 };
            assert!(errors.len() <= most, "{count} {wait}: {errors:#?}");
            for error in &errors {
                let is_named = error.contains("that was idle for");
                assert!(is_named || is_custom, "{error}");
            }
            let received = std::mem::take(&mut *requests.lock().unwrap());
            assert_eq!(received + errors.len(), 30 * count);
        }
    }
}

/// Reads a request. `false` if the client closes the connection.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut request = Vec::new();
    while !request.ends_with(b"</methodCall>") {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    true
}

/// Another connection that was idle for a short time does not count.
#[tokio::test]
async fn each_connection_has_its_own_idle_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Clock::stop();
    let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
    let call = || {
        let client = client.clone();
        tokio::spawn(async move { add(&client).await })
    };
    // Two connections, each with a request.
    let calls = [call(), call()];
    let mut closing = listener.accept().await.unwrap().0;
    let mut kept = listener.accept().await.unwrap().0;
    assert!(read_request(&mut closing).await && read_request(&mut kept).await);
    closing.write_all(&five()).await.unwrap();
    let mut calls = calls.map(Some);
    while calls.iter().flatten().all(|call| !call.is_finished()) {
        tokio::task::yield_now().await;
    }
    // This one becomes idle later, so it is used next. The other is closed at its second request.
    kept.write_all(&five()).await.unwrap();
    for call in &mut calls {
        call.take().unwrap().await.unwrap().unwrap();
    }
    tokio::spawn(async move {
        read_request(&mut closing).await;
    });
    let (first, mut requests) = tokio::sync::mpsc::channel::<()>(1);
    tokio::spawn(async move {
        while read_request(&mut kept).await {
            first.send(()).await.unwrap();
            kept.write_all(&five()).await.unwrap();
        }
    });
    for _ in 0..12 {
        clock.pass(Duration::from_millis(100)).await;
        let call = call();
        requests.recv().await.unwrap();
        call.await.unwrap().unwrap();
    }
    // The connection that was used just now is busy with one call, so the other call uses the older one.
    let calls = [call(), call()];
    let mut errors = Vec::new();
    for call in calls {
        errors.extend(call.await.unwrap().err());
    }
    let [error] = &errors[..] else {
        panic!("{errors:?}");
    };
    assert!(!error.to_string().contains("idle"), "{error}");
}

#[tokio::test]
async fn without_keep_alive_no_call_fails() {
    let (address, requests) = impolite().await;
    let builder = || crate::common::builder(format!("http://{address}/RPC2")).keep_alive(false);
    assert_eq!(errors(&builder().build().unwrap(), 30).await, [""; 0]);
    let http = reqwest::Client::builder().pool_max_idle_per_host(0);
    let client = builder()
        .wire(xmlrpc_client::Wire::Reqwest)
        .http_client(http.build().unwrap());
    assert_eq!(errors(&client.build().unwrap(), 30).await, [""; 0]);
    assert_eq!(*requests.lock().unwrap(), 60);

    let peer = Peer::new(vec![Step::Answer(five()); 3]).await;
    let client = crate::common::builder(peer.url())
        .keep_alive(false)
        .build()
        .unwrap();
    assert_eq!(errors(&client, 3).await, [""; 0]);
    assert_eq!(peer.connections(), 3);
    for request in peer.requests() {
        assert!(request.contains("\r\nconnection: close\r\n"), "{request}");
    }
}

/// A response, and a reset of the kept connection.
fn one_of_two() -> Vec<Step> {
    vec![Step::Answer(five()), Step::Close]
}

#[tokio::test]
async fn keep_alive_is_tried_again_after_growing_pauses() {
    // Each trial takes two calls. Each pause has three calls, each on its own connection.
    let mut steps = Vec::new();
    for _ in 0..5 {
        steps.extend(one_of_two());
        steps.extend(vec![Step::Answer(five()); 3]);
    }
    let peer = Peer::new(steps).await;
    let clock = Clock::stop();
    let client = crate::common::client(peer.url()).unwrap();
    let mut connections = 0;
    for pause in [60, 120, 240, 480, 960] {
        let errors = errors(&client, 2).await;
        let text = format!(": for {pause}s, the client now opens");
        assert!(errors.len() == 1 && errors[0].contains(&text), "{errors:?}");
        connections += 1;
        assert_eq!(peer.connections(), connections);
        for wait in [0, pause / 2, pause / 2 - 1] {
            clock.pass(wait * SECOND).await;
            add(&client).await.unwrap();
            connections += 1;
            assert_eq!(peer.connections(), connections, "{pause} {wait}");
        }
        clock.pass(SECOND).await;
    }
    assert_eq!(peer.requests().len(), 25);
}

#[tokio::test]
async fn a_restart_does_not_disable_keep_alive_for_good() {
    let answers = |count| vec![Step::Answer(five()); count];
    let steps = [answers(20), vec![Step::Close], answers(2), answers(20)];
    let after = [answers(1), vec![Step::Close], answers(1)];
    let peer = Peer::new([steps.concat(), after.concat()].concat()).await;
    let clock = Clock::stop();
    let client = crate::common::client(peer.url()).unwrap();
    assert_eq!(errors(&client, 20).await, [""; 0]);
    assert_eq!(peer.connections(), 1);
    // The first restart.
    let error = add(&client).await.unwrap_err();
    let pause = ": for 60s, the client now opens";
    assert!(error.to_string().contains(pause), "{error}");
    assert_eq!(errors(&client, 2).await, [""; 0]);
    assert_eq!(peer.connections(), 3);
    // After a minute, connections are kept again.
    clock.pass(60 * SECOND).await;
    assert_eq!(errors(&client, 20).await, [""; 0]);
    assert_eq!(peer.connections(), 4);
    // The second restart, later: the server is known to keep connections, so the pause is short.
    clock.pass(60 * SECOND).await;
    add(&client).await.unwrap();
    let error = add(&client).await.unwrap_err();
    assert!(error.to_string().contains(pause), "{error}");
}

#[tokio::test]
async fn other_broken_connections_do_not_disable_keep_alive() {
    // A new connection that breaks.
    let first = vec![Step::Close, Step::Answer(five()), Step::Answer(five())];
    // A connection that the server had announced to close, and then a new one that breaks.
    let closing = answer(
        "200 OK",
        "Connection: close\r\n",
        crate::common::http_peer::FIVE,
    );
    let announced = vec![
        Step::AnswerAndClose(closing),
        Step::Close,
        Step::Answer(five()),
        Step::Answer(five()),
    ];
    for (steps, connections) in [(first, 2), (announced, 3)] {
        let calls = steps.len();
        let peer = Peer::new(steps).await;
        let client = crate::common::client(peer.url()).unwrap();
        let errors = errors(&client, calls).await;
        assert!(
            errors.len() == 1 && !errors[0].contains("keep_alive"),
            "{errors:?}"
        );
        assert_eq!(peer.connections(), connections);
    }
    // A kept connection that was idle for a second: the server may have its reasons.
    let clock = Clock::stop();
    let steps = [one_of_two(), vec![Step::Answer(five()); 2]].concat();
    let peer = Peer::new(steps).await;
    let client = crate::common::client(peer.url()).unwrap();
    add(&client).await.unwrap();
    clock.pass(SECOND).await;
    let error = add(&client).await.unwrap_err();
    assert!(!error.to_string().contains("keep_alive"), "{error}");
    assert_eq!(errors(&client, 2).await, [""; 0]);
    assert_eq!(peer.connections(), 2);
}

thread_local! {
    /// The log of this thread, which runs one test.
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn it_is_logged() {
    // One subscriber for all threads: a callsite that a thread reaches without a subscriber may stay
    // disabled for the other threads.
    tracing_subscriber::fmt()
        .with_writer(|| Log)
        .with_ansi(false)
        .init();
    let peer = Peer::new([one_of_two(), vec![Step::Answer(five())]].concat()).await;
    let _clock = Clock::stop();
    let client = crate::common::client(peer.url().replace("/RPC2", "/s3cret")).unwrap();
    assert_eq!(errors(&client, 3).await.len(), 1);
    let text = String::from_utf8(WRITTEN.take()).unwrap();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("xmlrpc_client"))
        .collect();
    let [line] = &lines[..] else {
        panic!("{text}");
    };
    let peer = format!("peer=\"http://{}\"", peer.address);
    for part in [
        "WARN",
        "the server closed a connection that was idle for ",
        "for 60s",
        &peer,
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!text.contains("s3cret"), "{text}");
}

#[tokio::test]
async fn the_blocking_client() {
    for wait in [0, 20, 21] {
        let (address, requests) = impolite().await;
        let (done, result) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let url = format!("http://{address}/RPC2");
            let client = xmlrpc_client::blocking::Client::new(url).unwrap();
            let failed = (0..30).filter(|_| {
                std::thread::sleep(Duration::from_millis(wait));
                client.call::<i64>("add", (2, 3)).wait().is_err()
            });
            done.send(failed.count()).unwrap();
        });
        let failed = result.await.unwrap();
        assert!(failed <= 1, "{failed}");
        assert_eq!(*requests.lock().unwrap() + failed, 30);
    }
}
