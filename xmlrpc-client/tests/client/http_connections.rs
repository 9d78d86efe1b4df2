//! Connections that are refused, break or stay silent, and the requests that the client sends
//! again.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use tower::ServiceExt;
use xmlrpc_core::Request;

use crate::common::http_peer::{FIVE, Peer, Step, answer, five, unframed};

#[tokio::test]
async fn a_kept_connection_is_used_again() {
    let peer = Peer::new([
        Step::Answer(five()),
        Step::Answer(five()),
        Step::Answer(five()),
    ])
    .await;
    let client = crate::common::client(peer.url()).unwrap();
    for _ in 0..3 {
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    }
    assert_eq!((peer.requests().len(), peer.connections()), (3, 1));
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_replaced() {
    let peer = Peer::new(vec![Step::AnswerAndClose(five()); 10]).await;
    let client = crate::common::client(peer.url()).unwrap();
    for _ in 0..10 {
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((peer.requests().len(), peer.connections()), (10, 10));
}

#[tokio::test]
async fn a_call_that_may_have_run_is_not_sent_again() {
    // The peer closes after the whole request has arrived: on a new connection, and on a kept one.
    let table = [vec![Step::Close], vec![Step::Answer(five()), Step::Close]];
    for steps in table {
        let calls = steps.len();
        let peer = Peer::new(steps.into_iter().chain([Step::Answer(five())])).await;
        let client = crate::common::client(peer.url()).unwrap();
        for _ in 1..calls {
            client.call::<i64>("add", (2, 3)).await.unwrap();
        }
        let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
        assert!(
            !error.is_connect() && !error.is_timeout() && !error.is_decode(),
            "{error}"
        );
        // Leave time for a second request, which must not come.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(peer.requests().len(), calls, "{error}");
    }
}

#[tokio::test]
async fn a_response_that_breaks_off() {
    let table = [
        unframed("200 OK", "Content-Length: 1000\r\n", FIVE),
        unframed(
            "200 OK",
            "Transfer-Encoding: chunked\r\n",
            "ff\r\n<methodResponse>",
        ),
        b"HTTP/1.1 200 OK\r\nContent-".to_vec(),
        b"no HTTP at all\r\n\r\n".to_vec(),
    ];
    for bytes in table {
        let peer = Peer::new([Step::AnswerAndClose(bytes), Step::Answer(five())]).await;
        let client = crate::common::client(peer.url()).unwrap();
        let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
        assert!(!error.is_connect() && error.status().is_none(), "{error}");
        assert_eq!(peer.requests().len(), 1);
        let host = format!("http://{}: ", peer.address);
        assert!(error.to_string().contains(&host), "{error}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let peer = Peer::new([]).await;
    let url = peer.url();
    drop(peer);
    let origin = url.trim_end_matches("/RPC2").to_owned();
    let urls = [
        (url, origin),
        (
            "http://name.invalid/".to_owned(),
            "http://name.invalid".to_owned(),
        ),
    ];
    for (url, origin) in urls {
        let client = crate::common::client(&url).unwrap();
        let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
        assert!(error.is_connect() && !error.is_timeout(), "{error}");
        assert!(
            error.to_string().contains(&format!("{origin}: ")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_peer_that_does_not_speak_tls() {
    let peer = Peer::new([Step::Answer(five())]).await;
    let client = crate::common::client(format!("https://{}/RPC2", peer.address)).unwrap();
    // A TLS handshake does not contain the end of an HTTP head, so the peer does not respond. It
    // closes the connection when it is dropped.
    let call = client.call::<i64>("add", (2, 3)).into_future();
    let call = tokio::spawn(call);
    while peer.connections() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(peer);
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_connect(), "{error}");
}

#[tokio::test]
async fn silence() {
    let silent = || Peer::new([Step::Silence, Step::Silence]);
    let short = Duration::from_millis(100);

    let peer = silent().await;
    let client = crate::common::builder(peer.url())
        .timeout(short)
        .build()
        .unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error}");

    let peer = silent().await;
    let client = crate::common::builder(peer.url())
        .without_timeout()
        .build()
        .unwrap();
    let error = client
        .call::<i64>("add", (2, 3))
        .timeout(short)
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");

    // A body that does not arrive counts as well.
    let half = unframed("200 OK", "Content-Length: 1000\r\n", FIVE);
    let peer = Peer::new([Step::Answer(half)]).await;
    let client = crate::common::builder(peer.url())
        .timeout(short)
        .build()
        .unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");

    // A time-out of the caller's own reqwest client is reported in the same way.
    let peer = silent().await;
    let http = reqwest::Client::builder()
        .read_timeout(short)
        .build()
        .unwrap();
    let client = crate::common::builder(peer.url())
        .without_timeout()
        .wire(xmlrpc_client::Wire::Reqwest)
        .http_client(http)
        .build()
        .unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_tls_handshake_that_does_not_come() {
    let peer = Peer::new([]).await;
    let client = crate::common::builder(format!("https://{}/", peer.address));
    let client = client
        .connect_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
}

#[tokio::test]
async fn a_custom_reqwest_client() {
    let peer = Peer::new([Step::Answer(five())]).await;
    let default = [(
        http::HeaderName::from_static("x-own"),
        http::HeaderValue::from_static("yes"),
    )];
    let http = reqwest::Client::builder().default_headers(default.into_iter().collect());
    let client = crate::common::builder(peer.url())
        .wire(xmlrpc_client::Wire::Reqwest)
        .http_client(http.build().unwrap())
        .build()
        .unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    let request = &peer.requests()[0];
    assert!(request.contains("x-own: yes\r\n"), "{request}");
    assert!(request.contains("content-type: text/xml"), "{request}");
}

#[tokio::test]
async fn the_transport_by_itself() {
    let refused = answer("404 Not Found", "X-Why: because\r\n", "not here");
    let peer = Peer::new([Step::Answer(refused)]).await;
    let http = crate::common::client(peer.url())
        .unwrap()
        .transport()
        .clone();
    let response = http
        .oneshot(Request::new("add", "<methodCall/>"))
        .await
        .unwrap();
    assert_eq!(response.status, 404);
    assert_eq!(response.headers["x-why"], "because");
    assert_eq!(response.body, "not here");
    assert!(peer.requests()[0].ends_with("\r\n\r\n<methodCall/>"));
}

#[test]
fn without_a_runtime_it_is_an_error() {
    let client = crate::common::builder("http://127.0.0.1:9/")
        .without_timeout()
        .build()
        .unwrap();
    let mut call = pin!(client.call::<i64>("add", (2, 3)).into_future());
    let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("not ready");
    };
    let error = result.unwrap_err();
    assert!(
        error.to_string().contains("inside a tokio runtime"),
        "{error}"
    );
}
