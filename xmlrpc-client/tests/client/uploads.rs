//! Requests that are larger than the server accepts, and large requests that it accepts.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::ServiceExt;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, Limits, Request};

use crate::common::http_peer::{answer, five};

/// Serves one connection with this function. Returns the URL.
async fn serve<F: Future<Output = ()> + Send>(
    connection: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        connection(stream).await;
    });
    format!("http://{address}/RPC2")
}

/// Reads some of the request, of which the head is a part.
async fn read_some(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while request.len() < 10_000 {
        stream.read_buf(&mut request).await.unwrap();
    }
}

fn megabytes(count: usize) -> (String,) {
    ("x".repeat(count << 20),)
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_our_server_accepts() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = xmlrpc_axum::router(Dispatcher::new());
    tokio::spawn(async { axum::serve(listener, router).await });
    let text = megabytes(70);
    for _ in 0..4 {
        let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
        let error = client.call::<i64>("add", &[&text.0]).await.unwrap_err();
        assert!(!error.is_connect() && !error.is_timeout(), "{error}");
        let shown = error.to_string();
        // The response is lost if the connection breaks while the client is writing.
        match error.status() {
            Some(status) => {
                assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{error}");
                let read = shown.contains("the body exceeds 8388608 bytes: send less at once");
                assert!(read || shown.contains("without a body"), "{error}");
            }
            None => assert!(
                shown.contains("does not accept requests of this size"),
                "{error}"
            ),
        }
    }
}

/// The server waits before it closes the connection, as nginx does.
#[tokio::test]
async fn an_early_response_is_read() {
    let url = serve(async |mut stream: TcpStream| {
        read_some(&mut stream).await;
        let refusal = answer(
            "413 Payload Too Large",
            "Connection: close\r\n",
            "at most 1 MB",
        );
        stream.write_all(&refusal).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    });
    let client = crate::common::client(url.await).unwrap();
    let error = client.call::<i64>("add", megabytes(70)).await.unwrap_err();
    assert_eq!(
        error.status(),
        Some(StatusCode::PAYLOAD_TOO_LARGE),
        "{error}"
    );
    assert!(error.to_string().contains("at most 1 MB"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_during_a_large_request() {
    let url = serve(async |mut stream: TcpStream| read_some(&mut stream).await);
    let client = crate::common::client(url.await).unwrap();
    let error = client.call::<i64>("add", megabytes(70)).await.unwrap_err();
    let text =
        ": the server closed the connection before it had received the whole request of 73400";
    assert!(error.to_string().contains(text), "{error}");
    let text = "bytes: it probably does not accept requests of this size: ";
    assert!(error.to_string().contains(text), "{error}");
}

#[tokio::test]
async fn the_size_is_named_from_64_kib_on() {
    for (size, is_named) in [(60_000, false), (70_000, true), (255_000, true)] {
        let url = serve(async |mut stream: TcpStream| read_some(&mut stream).await);
        let client = crate::common::client(url.await).unwrap();
        let call = client.call::<i64>("add", ("x".repeat(size),));
        let error = call.await.unwrap_err().to_string();
        assert_eq!(error.contains("of this size"), is_named, "{size}: {error}");
    }
}

/// A response may begin before the request has ended, and still depend on the rest.
#[tokio::test]
async fn an_early_response_that_is_no_refusal() {
    let url = serve(async |mut stream: TcpStream| {
        let five = five();
        let (first, second) = five.split_at(five.len() / 2);
        read_some(&mut stream).await;
        stream.write_all(first).await.unwrap();
        let mut end = Vec::new();
        while !end.ends_with(b"</methodCall>") {
            end.clear();
            stream.read_buf(&mut end).await.unwrap();
        }
        stream.write_all(second).await.unwrap();
    });
    let client = crate::common::client(url.await).unwrap();
    let five = client.call::<i64>("add", megabytes(20)).await.unwrap();
    assert_eq!(five, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_requests_arrive_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dispatcher = Dispatcher::new()
        .limits(Limits::default().bytes(64 << 20))
        .method("length", |text: String| text.len() as i64);
    let router = Endpoint::new(dispatcher).into_router();
    tokio::spawn(async { axum::serve(listener, router).await });
    let client = crate::common::client(format!("http://{address}/RPC2")).unwrap();
    // Around the size from which on a request is sent in pieces, and around a piece.
    for length in [1, 200_000, 262_000, 262_144, 393_216, 400_000, 5_000_000] {
        for text in ["x".repeat(length), "<".repeat(length)] {
            let received = client.call::<usize>("length", [text]).await.unwrap();
            assert_eq!(received, length);
        }
    }
    // Exactly at the bound.
    for length in [262_143, 262_144, 262_145, 524_288] {
        let request = Request::new("", Bytes::from(vec![b'x'; length]));
        let response = client.transport().clone().oneshot(request).await.unwrap();
        assert_eq!(response.status, 200);
    }
}
