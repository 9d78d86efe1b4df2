//! Runtimes with one thread, which sleeps between the calls while servers close kept connections.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use xmlrpc_client::{Client, ClientError};

use crate::common::http_peer::five;

/// A server, in its own threads, that closes each connection this long after a response, without announcing
/// it. It counts its connections.
fn closing_after(idle: Duration) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            count.fetch_add(1, Relaxed);
            thread::spawn(move || serve(&stream.unwrap(), idle));
        }
    });
    (address, connections)
}

fn serve(mut stream: &TcpStream, idle: Duration) {
    let (mut request, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        match stream.read(&mut piece) {
            // The client has closed the connection, or is idle for too long.
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&piece[..read]),
        }
        if request.ends_with(b"</methodCall>") {
            request.clear();
            stream.write_all(&five()).unwrap();
            stream.set_read_timeout(Some(idle)).unwrap();
        }
    }
}

async fn add(client: &Client) -> Result<i64, ClientError> {
    client.call::<i64>("add", (2, 3)).await
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn closed_connections_are_noticed_before_a_call() {
    // Both below and above the time after which a closed connection starts no pause.
    for (idle, gap) in [(50, 300), (900, 1_200)] {
        let (idle, gap) = (Duration::from_millis(idle), Duration::from_millis(gap));
        let (address, connections) = closing_after(idle);
        let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
        let runtime = runtime();
        for call in 0..4 {
            let result = runtime.block_on(add(&client));
            assert_eq!(result.unwrap(), 5, "{call}");
            thread::sleep(gap);
        }
        assert_eq!(connections.load(Relaxed), 4);
    }
}

/// What `#[tokio::main]` starts on a machine with one processor.
fn one_worker() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Several connections are closed, and the calls wait in tasks.
#[test]
fn closed_connections_are_noticed_by_tasks() {
    for runtime in [runtime(), one_worker()] {
        let (address, connections) = closing_after(Duration::from_millis(50));
        let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
        for _ in 0..4 {
            let before = connections.load(Relaxed);
            let work = call_sleep_and_call(client.clone());
            runtime.block_on(async { tokio::spawn(work).await.unwrap() });
            assert!(connections.load(Relaxed) > before + 1);
            thread::sleep(Duration::from_millis(300));
        }
    }
}

async fn call_sleep_and_call(client: Client) {
    let calls = [(); 20].map(|()| {
        let client = client.clone();
        tokio::spawn(async move { add(&client).await })
    });
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 5);
    }
    // The thread does something else, which is not async.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(add(&client).await.unwrap(), 5);
}

/// A connection that is open is used again.
#[test]
fn open_connections_are_kept() {
    let (address, connections) = closing_after(Duration::from_secs(60));
    let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
    let runtime = runtime();
    for _ in 0..10 {
        assert_eq!(runtime.block_on(add(&client)).unwrap(), 5);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(connections.load(Relaxed), 1);
}

#[test]
fn the_blocking_client() {
    let (address, connections) = closing_after(Duration::from_millis(50));
    let client = xmlrpc_client::blocking::Client::builder(format!("http://{address}/RPC2"));
    let client = client.wire(crate::WIRE).build_blocking().unwrap();
    for _ in 0..4 {
        assert_eq!(client.call::<i64>("add", (2, 3)).wait().unwrap(), 5);
        thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(connections.load(Relaxed), 4);
}
