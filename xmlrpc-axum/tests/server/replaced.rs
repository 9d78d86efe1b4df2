//! A dispatcher that is replaced while it serves over HTTP.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Context, Dispatcher, Limits, service::ReplaceableDispatcher};

use crate::common::http_raw::{ADD, post, send};
use crate::common::http_server::serve;

fn version(number: i64) -> Dispatcher {
    Dispatcher::new()
        .method("version", move || number)
        .method("host", |cx: Context| async move {
            cx.headers().contains_key("host")
        })
}

fn document(method: &str) -> String {
    format!("<methodCall><methodName>{method}</methodName></methodCall>")
}

#[tokio::test]
async fn the_settings_are_those_of_the_first_dispatcher() {
    let small = Dispatcher::new().limits(Limits::REQUEST.bytes(ADD.len()));
    let dispatcher = ReplaceableDispatcher::new(small);
    let endpoint = Endpoint::replaceable(dispatcher.clone());
    let server = serve(endpoint.into_router()).await;
    dispatcher.replace(version(5).method("add", |a: i64, b: i64| a + b));
    send(server.address, &post("", ADD.as_bytes()))
        .await
        .assert_int(5);
    let longer = format!("{ADD} ");
    let answer = send(server.address, &post("", longer.as_bytes())).await;
    answer.assert_status(413, "the first limit");
    // A method sees all headers.
    let answer = send(server.address, &post("", document("host").as_bytes())).await;
    assert!(answer.body.contains("<boolean>1</boolean>"), "{answer:?}");
}

/// Calls on kept connections while the methods are replaced. No call fails, and the versions only grow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load() {
    const VERSIONS: i64 = 200;
    let dispatcher = ReplaceableDispatcher::new(version(0));
    let endpoint = Endpoint::replaceable(dispatcher.clone());
    let server = serve(endpoint.into_router()).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (address, is_over) = (server.address, Arc::clone(&is_over));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let body = document("version");
                let length = body.len();
                let request =
                    format!("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n{body}");
                let mut last = 0;
                loop {
                    let was_over = is_over.load(SeqCst);
                    stream.write_all(request.as_bytes()).await.unwrap();
                    let version = read(&mut stream).await;
                    assert!(version >= last, "{version} after {last}");
                    last = version;
                    if was_over {
                        return last;
                    }
                }
            })
        })
        .collect();
    for number in 1..=VERSIONS {
        dispatcher.replace(version(number));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let last = send(server.address, &post("", document("version").as_bytes())).await;
    last.assert_int(VERSIONS);
    is_over.store(true, SeqCst);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), VERSIONS);
    }
}

/// The integer in the next response.
async fn read(stream: &mut TcpStream) -> i64 {
    let mut response = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&response).into_owned();
        if text.ends_with("</methodResponse>") {
            let (_, rest) = text.split_once("<int>").expect("an integer");
            return rest.split('<').next().unwrap().parse().unwrap();
        }
        let read = timeout(Duration::from_secs(20), stream.read_buf(&mut response)).await;
        assert!(read.expect("in time").unwrap() > 0, "closed");
    }
}
