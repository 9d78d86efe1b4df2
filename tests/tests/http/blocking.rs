//! The blocking client, and where it must not block.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use tower::ServiceBuilder;
use xmlrpc_client::{
    Client,
    blocking::{self, Http},
};
use xmlrpc_core::{Fault, client::RetryPolicy, xmlrpc_service};

use crate::common::http_peer::{Peer, Step, five};
use crate::common::http_server::{ProbeClient, dispatcher, serve};
use crate::common::process::{ServerProcess, python};

/// A value in an async runtime on its own thread, for as long as this is held.
struct Elsewhere<T> {
    held: T,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl<T: Send + Sync + Clone + 'static> Elsewhere<T> {
    /// `show` returns the part of the value that the test needs.
    fn run<S: 'static>(
        start: impl AsyncFnOnce() -> S + Send + 'static,
        show: impl FnOnce(&S) -> T + Send + 'static,
    ) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (shown, held) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = start().await;
                shown.send(show(&server)).unwrap();
                let _ = stopped.await;
            });
        });
        Self {
            held: held.recv_timeout(Duration::from_secs(10)).unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl<T> Drop for Elsewhere<T> {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

/// The URL of a server that has the methods of `Probe`.
fn server() -> Elsewhere<String> {
    Elsewhere::run(
        async || serve(xmlrpc_axum::router(dispatcher())).await,
        |server| server.url(),
    )
}

/// The URL of a scripted peer.
fn peer(steps: Vec<Step>) -> Elsewhere<String> {
    Elsewhere::run(async || Peer::new(steps).await, |peer| peer.url())
}

#[test]
fn calls_stubs_and_multicalls() {
    let server = server();
    let client = blocking::Client::new(&server.held).unwrap();
    let probe = ProbeClient::new(&client);
    assert_eq!(probe.add(1, 2).wait().unwrap(), 3);
    assert_eq!(client.call::<i64>("add", (1, 2)).wait().unwrap(), 3);
    let error = probe.fail(4, "no".to_owned()).wait().unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(4, "no")));
    let header = probe.header("x-a").header("x-a", "b").wait();
    assert_eq!(header.unwrap(), "b");

    let (sum, length, failed) = client
        .multicall((
            probe.add(1, 2),
            probe.length("abc"),
            probe.fail(4, String::new()),
        ))
        .wait()
        .unwrap();
    assert_eq!((sum.unwrap(), length.unwrap()), (3, 3));
    assert!(failed.unwrap_err().fault().is_some());
    let sums = client
        .multicall_iter((0..3).map(|n| probe.add(n, n)))
        .wait()
        .unwrap();
    assert_eq!(
        sums.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        [0, 2, 4]
    );
}

#[test]
fn many_threads_share_a_client() {
    let server = server();
    let client = blocking::Client::new(&server.held).unwrap();
    thread::scope(|scope| {
        for number in 0..8 {
            let client = &client;
            scope.spawn(move || {
                for n in 0..20 {
                    let sum = client.call::<i64>("add", (number, n)).wait();
                    assert_eq!(sum.unwrap(), number + n);
                }
            });
        }
    });
}

#[test]
fn settings_of_the_builder() {
    // A silent peer costs no more than the time-out.
    let silent = peer(vec![Step::Silence; 3]);
    let builder = Client::builder(&silent.held).timeout(Duration::from_millis(100));
    let client: blocking::Client = builder.build_blocking().unwrap();
    let begun = Instant::now();
    let error = client.call::<i64>("add", (2, 3)).wait().unwrap_err();
    assert!(
        error.is_timeout() && begun.elapsed() < Duration::from_secs(5),
        "{error}"
    );
    let call = client
        .call::<i64>("add", (2, 3))
        .timeout(Duration::from_millis(10));
    assert!(call.wait().unwrap_err().is_timeout());

    let error = blocking::Client::new("localhost:8000").unwrap_err();
    assert!(
        error.to_string().contains("is `http://` missing?"),
        "{error}"
    );
    let core: xmlrpc_core::Client<Http> = client.clone().into_core();
    assert!(
        core.call::<i64>("add", (2, 3))
            .wait()
            .unwrap_err()
            .is_timeout()
    );
    assert!(!format!("{client:?}").is_empty());
}

#[test]
fn retries() {
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(10));
    let steps = vec![
        Step::Close,
        Step::Answer(five()),
        Step::Close,
        Step::Answer(five()),
    ];
    let flaky = peer(steps);
    let builder = blocking::Client::builder(&flaky.held).retries(policy);
    let client = builder.build_blocking().unwrap();
    assert_eq!(
        client.call::<i64>("add", ()).idempotent().wait().unwrap(),
        5
    );
    client.call::<i64>("add", ()).wait().unwrap_err();
    assert_eq!(client.call::<i64>("add", ()).wait().unwrap(), 5);

    // Retries as a layer around the transport.
    let flaky = peer(vec![Step::Close, Step::Answer(five())]);
    let http = blocking::Client::new(&flaky.held)
        .unwrap()
        .transport()
        .clone();
    let transport = ServiceBuilder::new()
        .retry(RetryPolicy::new(2))
        .service(http);
    let client = xmlrpc_core::Client::new(transport);
    assert_eq!(
        client.call::<i64>("add", ()).idempotent().wait().unwrap(),
        5
    );
}

/// A peer that closes each connection a while after its answer.
fn lingering(connections: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().take(connections) {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"</methodCall>") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            stream.write_all(&five()).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
    });
    url
}

/// No task watches a connection between two calls.
#[test]
fn a_kept_connection_that_was_closed_between_calls_is_replaced() {
    let client = blocking::Client::new(lingering(10)).unwrap();
    for _ in 0..10 {
        assert_eq!(client.call::<i64>("add", (2, 3)).wait().unwrap(), 5);
        thread::sleep(Duration::from_millis(60));
    }
}

#[xmlrpc_service]
trait Once {
    async fn once(&self) -> i64;
}

#[test]
fn inside_of_an_async_runtime_it_is_an_error() {
    async fn refused(client: &blocking::Client) {
        let stub = OnceClient::new(client);
        let multicall = client
            .multicall((stub.once(), stub.once()))
            .wait()
            .map(|_| ());
        for error in [stub.once().wait().map(|_| ()), multicall].map(Result::unwrap_err) {
            let text = "inside an async runtime";
            assert!(error.to_string().contains(text), "{error}");
        }
    }
    let server = server();
    let client = blocking::Client::new(&server.held).unwrap();
    let other = client.clone();
    for mut builder in [
        tokio::runtime::Builder::new_current_thread(),
        tokio::runtime::Builder::new_multi_thread(),
    ] {
        let runtime = builder.enable_all().build().unwrap();
        runtime.block_on(async {
            refused(&client).await;
            let other = other.clone();
            let probe = ProbeClient::new(&other);
            // A call can still be awaited, or waited for on a thread that may block.
            assert_eq!(probe.add(1, 2).await.unwrap(), 3);
            let call = probe.add(1, 2).into_future();
            let handle = tokio::runtime::Handle::current();
            let waited = tokio::task::spawn_blocking(move || handle.block_on(call));
            assert_eq!(waited.await.unwrap().unwrap(), 3);
            tokio::spawn(async move { refused(&other).await })
                .await
                .unwrap();
            // A client can be created and dropped inside the runtime.
            let client = blocking::Client::new("http://127.0.0.1:9").unwrap();
            drop(client);
        });
    }
    // The last clone of a used client can be dropped inside a runtime.
    assert!(client.call::<i64>("add", (1, 2)).wait().is_ok());
    drop(other);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { drop(client) });
}

/// Python's server, which does not have `system.multicall` by default.
const PYTHON_SERVER: &str = "
import sys
from xmlrpc.server import SimpleXMLRPCServer, SimpleXMLRPCRequestHandler
class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = sys.argv[1]
with SimpleXMLRPCServer(('127.0.0.1', 0), requestHandler=Handler, logRequests=False) as server:
    server.register_introspection_functions()
    server.register_function(lambda a, b: a + b, 'add')
    print('serving on http://127.0.0.1:%d' % server.server_address[1])
    server.serve_forever()
";

#[test]
fn pythons_server() {
    for http in ["HTTP/1.0", "HTTP/1.1"] {
        let server = ServerProcess::start(python(PYTHON_SERVER).arg(http));
        let client = blocking::Client::new(&server.url).unwrap();
        let probe = ProbeClient::new(&client);
        assert_eq!(probe.add(1, 2).wait().unwrap(), 3);
        let error = client.multicall((probe.add(1, 2),)).wait().unwrap_err();
        assert!(error.to_string().contains("is not supported"), "{error}");
        for _ in 0..2 {
            let calls = (probe.add(1, 2), probe.add(3, 4), probe.length("abc"));
            let multicall = client.multicall(calls).multicall_fallback(true);
            let (one, two, three) = multicall.wait().unwrap();
            assert_eq!((one.unwrap(), two.unwrap()), (3, 7));
            assert!(three.unwrap_err().fault().is_some());
        }
    }
}
