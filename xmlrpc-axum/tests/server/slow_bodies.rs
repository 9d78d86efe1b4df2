//! Bodies that arrive too slowly, and how much of a rejected body the server reads.

use std::{
    convert::Infallible,
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    response::Response,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{Request, header::CONNECTION};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};
use tower::ServiceExt;
use xmlrpc_axum::Endpoint;

use crate::common::http_raw::{ADD, Answer};
use crate::common::http_server::{dispatcher, serve};

/// A call in pieces with a pause before each.
fn paused(pieces: usize, pause: Duration) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let pieces: Vec<_> = ADD.as_bytes().chunks(ADD.len().div_ceil(pieces)).collect();
    stream::iter(pieces).then(move |piece| async move {
        sleep(pause).await;
        Ok(Bytes::from_static(piece))
    })
}

fn request(body: Body) -> Request<Body> {
    Request::post("/").body(body).unwrap()
}

async fn ask(endpoint: Endpoint, request: Request<Body>) -> Response {
    let router: Router = endpoint.into_router();
    let answer = timeout(Duration::from_secs(20), router.oneshot(request)).await;
    answer.expect("no answer").unwrap()
}

async fn text(answer: Response) -> String {
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.into()).unwrap()
}

#[tokio::test]
async fn the_bound_on_the_time_of_a_body() {
    let endpoint = || Endpoint::new(dispatcher()).body_timeout(Duration::from_millis(500));

    let answer = ask(
        endpoint(),
        request(Body::from_stream(paused(3, Duration::from_millis(10)))),
    )
    .await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().get(CONNECTION).is_none(), "{answer:?}");

    // Each piece arrives in time, but the whole body does not.
    let answer = ask(
        endpoint(),
        request(Body::from_stream(paused(20, Duration::from_millis(100)))),
    )
    .await;
    assert_eq!(answer.status(), 408);
    assert_eq!(answer.headers()[CONNECTION], "close");
    assert_eq!(
        text(answer).await,
        "the body took longer than 500ms: send it faster, or less at once\n"
    );
}

#[tokio::test]
async fn the_bound_on_time_can_be_set() {
    // A body that is complete at once takes no time.
    let endpoint = Endpoint::new(dispatcher()).body_timeout(Duration::ZERO);
    assert_eq!(ask(endpoint, request(Body::from(ADD))).await.status(), 200);

    for endpoint in [
        Endpoint::new(dispatcher()),
        Endpoint::new(dispatcher()).body_timeout(Duration::MAX),
    ] {
        let body = Body::from_stream(paused(3, Duration::from_millis(50)));
        assert_eq!(ask(endpoint, request(body)).await.status(), 200);
    }

    let shown = format!("{:?}", Endpoint::new(dispatcher()));
    assert!(shown.contains("body_timeout: 60s"), "{shown}");
}

#[tokio::test]
async fn a_connection_whose_body_trickles_is_closed() {
    let endpoint = Endpoint::new(dispatcher()).body_timeout(Duration::from_millis(300));
    let server = serve(endpoint.into_router()).await;
    let exchange = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.split();
        let trickle = async {
            while writer.write_all(b" ").await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
            std::future::pending().await
        };
        let mut answer = Vec::new();
        tokio::select! {
            () = trickle => {}
            // This may end with a reset, because the server has already closed.
            _ = reader.read_to_end(&mut answer) => {}
        }
        answer
    };
    let answer = timeout(Duration::from_secs(20), exchange).await.unwrap();
    let answer = Answer::parse(&answer);
    answer.assert_status(408, "a trickle");
    assert!(answer.head.contains("connection: close"), "{answer:?}");
}

/// A stream of 64 KiB pieces, and the number of bytes read from it.
fn counted(pieces: usize) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let pieces = stream::iter(0..pieces).map(move |_| {
        let piece = Bytes::from(vec![b' '; 64 << 10]);
        count.fetch_add(piece.len(), Ordering::Relaxed);
        Ok::<_, Infallible>(piece)
    });
    (Body::from_stream(pieces), taken)
}

#[tokio::test]
async fn how_much_of_a_refused_body_is_read() {
    const MOST: usize = 16 << 20;
    let foreign = |body, headers: &[(&'static str, String)]| {
        let mut request = request(body);
        request
            .headers_mut()
            .insert("origin", "null".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        request
    };
    let length = |bytes: usize| vec![("content-length", bytes.to_string())];
    let expect = vec![("expect", "100-continue".to_owned())];
    // The number of pieces, the headers, the bytes read, and whether the connection stays open.
    let table = [
        (0, vec![], 0, true),
        (1, vec![], 64 << 10, true),
        (256, vec![], MOST, true),
        (256, length(MOST), MOST, true),
        (257, vec![], MOST + (64 << 10), false),
        (2_000, vec![], MOST + (64 << 10), false),
        (257, length(MOST + 1), 0, false),
        (1, expect, 0, false),
    ];
    for (pieces, headers, read, goes_on) in table {
        let (body, taken) = counted(pieces);
        let answer = ask(Endpoint::new(dispatcher()), foreign(body, &headers)).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(taken.load(Ordering::Relaxed), read, "{pieces} {headers:?}");
        let close = answer.headers().get(CONNECTION).is_some();
        assert_eq!(!close, goes_on, "{pieces} {headers:?}");
    }

    // HTTP/2 has no such header.
    let (body, _) = counted(257);
    let mut request = foreign(body, &[]);
    *request.version_mut() = http::Version::HTTP_2;
    let answer = ask(Endpoint::new(dispatcher()), request).await;
    assert!(answer.headers().get(CONNECTION).is_none(), "{answer:?}");
}

#[tokio::test]
async fn waiting_for_a_refused_body_ends() {
    let start = Instant::now();
    let endless = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
    let mut request = request(endless);
    request
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    let answer = ask(Endpoint::new(dispatcher()), request).await;
    assert_eq!(answer.status(), 415);
    assert_eq!(answer.headers()[CONNECTION], "close");
    let time = start.elapsed();
    assert!((1..10).contains(&time.as_secs()), "{time:?}");
}

/// Without a runtime, no timer bounds the time.
#[test]
fn without_a_runtime() {
    let pieces = stream::iter(ADD.as_bytes().chunks(20)).then(|piece| async move {
        let mut first = true;
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::take(&mut first) {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
        Ok::<_, Infallible>(Bytes::from_static(piece))
    });
    let router: Router = xmlrpc_axum::router(dispatcher());
    let mut answer = pin!(router.oneshot(request(Body::from_stream(pieces))));
    let mut cx = Context::from_waker(Waker::noop());
    let answer = (0..100).find_map(|_| match answer.as_mut().poll(&mut cx) {
        Poll::Ready(answer) => Some(answer.unwrap()),
        Poll::Pending => None,
    });
    assert_eq!(answer.expect("no answer").status(), 200);
}
