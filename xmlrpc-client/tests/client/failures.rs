//! What an error says about sending the call again: `retryable` and `was_sent`.

use std::time::Duration;

use tokio::net::TcpListener;
use xmlrpc_client::{ClientBuilder, ClientError};
use xmlrpc_core::{Limits, client::ClientErrorKind};

use crate::common::{
    http_peer::{FIVE, Peer, Step, answer, unframed},
    tls::{Authority, TlsServer},
};

async fn error_of(builder: ClientBuilder) -> ClientError {
    let client = builder.build().unwrap();
    client.call::<i64>("add", (2, 3)).await.unwrap_err()
}

/// `retryable` and `was_sent` of an error of this kind.
fn assert_is(error: &ClientError, kind: ClientErrorKind, retryable: bool, was_sent: bool) {
    assert_eq!(
        (error.kind(), error.retryable(), error.was_sent()),
        (kind, retryable, was_sent),
        "{error}"
    );
}

/// A port on which nobody listens.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

const FAULT: &str = "<methodResponse><fault><value><struct>\
    <member><name>faultCode</name><value><int>7</int></value></member>\
    <member><name>faultString</name><value>no</value></member>\
    </struct></value></fault></methodResponse>";

#[tokio::test]
async fn no_connection() {
    let port = closed_port().await;
    // A resolver may try for a while whether such a host exists, so nothing is said about how long it takes.
    let urls = [
        format!("http://127.0.0.1:{port}"),
        format!("scgi://127.0.0.1:{port}"),
        "http://no-such-host.invalid/RPC2".to_owned(),
    ];
    for url in urls {
        let error = error_of(crate::common::builder(&url).no_proxy_if_http(&url)).await;
        assert_is(&error, ClientErrorKind::Connect, true, false);
    }
}

/// Proxies cannot be combined with SCGI.
trait NoProxy {
    fn no_proxy_if_http(self, url: &str) -> Self;
}

impl NoProxy for ClientBuilder {
    fn no_proxy_if_http(self, url: &str) -> Self {
        if url.starts_with("http") {
            self.no_proxy()
        } else {
            self
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = crate::common::unix::nowhere(&folder);
    for url in [format!("unix://{path}"), format!("scgi+unix://{path}")] {
        let error = error_of(crate::common::builder(url)).await;
        assert_is(&error, ClientErrorKind::Connect, true, false);
    }
}

#[tokio::test]
async fn no_tls_connection() {
    let authority = Authority::new("unknown");
    let server = TlsServer::new(&authority.sign(&["localhost"]), None).await;
    let error = error_of(crate::common::builder(server.url("localhost")).no_proxy()).await;
    assert_is(&error, ClientErrorKind::Connect, true, false);

    // The server accepts the connection, but never says anything.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let builder = crate::common::builder(url).no_proxy();
    let error = error_of(builder.connect_timeout(Duration::from_millis(50))).await;
    assert_is(&error, ClientErrorKind::Connect, true, false);
    let text = error.to_string();
    let reason = ": there was no connection within `ClientBuilder::connect_timeout`: ";
    assert!(text.contains(reason), "{text}");
}

#[tokio::test]
async fn after_sending() {
    use ClientErrorKind::{Decode, Fault, Http, Timeout, Transport};

    let status = |status, body: &str| Step::Answer(answer(status, "", body));
    let table = [
        (Step::Close, Transport, true),
        (
            Step::AnswerAndClose(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()),
            Transport,
            true,
        ),
        (
            Step::AnswerAndClose(answer("200 OK", "Content-Length: 9\r\n", "")),
            Transport,
            true,
        ),
        (Step::Silence, Timeout, true),
        (status("502 Bad Gateway", "<html/>"), Http, true),
        (status("503 Service Unavailable", "later"), Http, true),
        (status("504 Gateway Timeout", ""), Http, true),
        // The body breaks off.
        (
            Step::AnswerAndClose(unframed(
                "503 Service Unavailable",
                "Content-Length: 9\r\n",
                "busy",
            )),
            Http,
            true,
        ),
        (status("500 Internal Server Error", "x"), Http, false),
        (status("404 Not Found", ""), Http, false),
        (status("302 Found", ""), Http, false),
        (status("503 Service Unavailable", FAULT), Fault, false),
        (status("200 OK", FAULT), Fault, false),
        (status("200 OK", "<html/>"), Decode, false),
        (
            status("200 OK", &FIVE.replace("int", "string")),
            Decode,
            false,
        ),
    ];
    for (step, kind, retryable) in table {
        let peer = Peer::new([step]).await;
        let builder = crate::common::builder(peer.url()).timeout(Duration::from_millis(500));
        assert_is(&error_of(builder).await, kind, retryable, true);
        assert_eq!(peer.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_response_beyond_the_limit() {
    let peer = Peer::new([Step::Answer(answer("200 OK", "", FIVE))]).await;
    let limits = Limits::RESPONSE.bytes(FIVE.len() - 1);
    let error = error_of(crate::common::builder(peer.url()).limits(limits)).await;
    assert_is(&error, ClientErrorKind::Decode, false, true);
}

#[tokio::test]
async fn nothing_to_send() {
    let peer = Peer::new([]).await;
    let client = crate::common::client(peer.url()).unwrap();
    let error = client.call::<i64>("add", ["\u{1}"]).await.unwrap_err();
    assert_is(&error, ClientErrorKind::Encode, false, false);
    let error = client.call::<i64>("add", ()).header("a b", "c").await;
    assert_is(&error.unwrap_err(), ClientErrorKind::Misuse, false, false);
    assert_eq!(peer.connections(), 0);
}

/// A server that resets each connection as soon as it is accepted, like a port forwarder without a server behind
/// it.
#[tokio::test]
async fn a_connection_that_is_reset_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let connection = connection.unwrap();
            let socket = socket2::SockRef::from(&connection);
            socket.set_linger(Some(Duration::ZERO)).unwrap();
        }
    });
    let client = crate::common::client(format!("http://{address}")).unwrap();
    // It is a matter of chance whether connecting fails, or the request is sent before the reset arrives, or neither.
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        calls.spawn(client.call::<i64>("add", (2, 3)).into_future());
    }
    for result in calls.join_all().await {
        let error = result.unwrap_err();
        let text = error.to_string();
        let is_connect = ["tcp connect error", "before the request was sent"]
            .iter()
            .any(|reason| text.contains(reason));
        let kind = match is_connect {
            true => ClientErrorKind::Connect,
            false => ClientErrorKind::Transport,
        };
        assert_is(&error, kind, true, !is_connect);
    }
}
