//! What the server makes of raw HTTP requests.

use std::{io::Write, net::SocketAddr, time::Duration};

use axum::{Extension, Router, routing::get};
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Context, Dispatcher, xmlrpc_service};

#[allow(dead_code)] // shared by several tests
#[path = "common/http.rs"]
mod http_server;
use http_server::{Server, dispatcher, serve};

/// An answer, its head in lower case.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    #[track_caller]
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("no status: {head}")),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    #[track_caller]
    fn assert_status(&self, status: u16, what: &str) {
        assert_eq!(self.status, status, "{what}: {self:?}");
    }

    #[track_caller]
    fn assert_fault(&self, code: i32) {
        self.assert_status(200, "a fault");
        assert!(self.body.contains("<fault>"), "{self:?}");
        assert!(self.body.contains(&format!("<int>{code}</int>")), "{self:?}");
    }

    #[track_caller]
    fn assert_int(&self, value: i64) {
        self.assert_status(200, "a call");
        assert!(self.body.contains(&format!("<int>{value}</int>")), "{self:?}");
    }
}

/// Sends these bytes, ends the sending side, and reads until the server closes.
async fn send(address: SocketAddr, request: &[u8]) -> Answer {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // A server that refuses early may close while the rest is still being sent.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    };
    let answer = timeout(Duration::from_secs(20), exchange).await;
    Answer::parse(&answer.expect("the server did not close"))
}

/// A POST with these header lines, each with its line end, and the length of its body.
fn post(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    post_unframed(&format!("{headers}Content-Length: {length}\r\n"), body)
}

fn post_unframed(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut request =
        format!("POST /RPC2 HTTP/1.1\r\nHost: rpc.example\r\nConnection: close\r\n{headers}\r\n").into_bytes();
    request.extend_from_slice(body);
    request
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunks = Vec::new();
    for chunk in body.chunks(1000) {
        chunks.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunks.extend_from_slice(chunk);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    chunks
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

const ADD: &str = "<methodCall><methodName>add</methodName><params>\
    <param><value><int>2</int></value></param>\
    <param><value><int>3</int></value></param>\
    </params></methodCall>";

/// Asks for the length of a text, in a document of exactly `bytes`, and the length itself.
fn length_call(bytes: usize) -> (Vec<u8>, i64) {
    let (head, tail) = (
        "<methodCall><methodName>length</methodName><params><param><value><string>",
        "</string></value></param></params></methodCall>",
    );
    let text = bytes - head.len() - tail.len();
    let document = format!("{head}{}{tail}", "x".repeat(text));
    assert_eq!(document.len(), bytes);
    (document.into_bytes(), i64::try_from(text).unwrap())
}

async fn server() -> Server {
    serve(xmlrpc_axum::router(dispatcher())).await
}

#[tokio::test]
async fn a_call() {
    let server = server().await;
    let answer = send(server.address, &post("Content-Type: text/xml\r\n", ADD.as_bytes())).await;
    answer.assert_int(5);
    assert!(answer.head.contains("content-type: text/xml; charset=utf-8"), "{answer:?}");
    assert!(answer.head.contains(&format!("content-length: {}", answer.body.len())), "{answer:?}");
}

#[tokio::test]
async fn paths() {
    let server = server().await;
    for (path, status) in [("/", 200), ("/RPC2", 200), ("/?a=b", 200), ("/rpc", 404), ("/RPC2/", 404)] {
        let length = ADD.len();
        let request =
            format!("POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{ADD}");
        send(server.address, request.as_bytes()).await.assert_status(status, path);
    }
}

#[tokio::test]
async fn other_methods_are_405() {
    let server = server().await;
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"] {
        let request = format!("{method} /RPC2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = send(server.address, request.as_bytes()).await;
        answer.assert_status(405, method);
        assert!(answer.head.contains("allow: post"), "{answer:?}");
        assert!(answer.head.contains("content-type: text/plain"), "{answer:?}");
        let text = if method == "HEAD" { "" } else { "an XML-RPC call is a POST: send it as one\n" };
        assert_eq!(answer.body, text);
    }
}

#[tokio::test]
async fn content_types() {
    let server = server().await;
    let table = [
        ("", 200),
        ("Content-Type: text/xml\r\n", 200),
        ("Content-Type: application/xml; charset=utf-8\r\n", 200),
        ("Content-Type: text/plain\r\n", 200),
        ("Content-Type: \r\n", 200),
        ("Content-Type: \u{fc}\r\n", 200),
        ("Content-Type: no type at all\r\n", 200),
        ("Content-Type: application/x-www-form-urlencoded\r\n", 415),
        ("Content-Type: Application/X-WWW-Form-URLencoded ; charset=utf-8\r\n", 415),
        ("Content-Type: multipart/form-data; boundary=x\r\n", 415),
        ("Content-Type: application/json\r\n", 415),
        ("Content-Type: application/vnd.api+json; charset=utf-8\r\n", 415),
        ("Content-Type: text/xml\r\nContent-Type: application/json\r\n", 415),
    ];
    for (header, status) in table {
        let answer = send(server.address, &post(header, ADD.as_bytes())).await;
        answer.assert_status(status, header);
        if status == 415 {
            assert_eq!(answer.body, "an XML-RPC call is XML: send it as text/xml\n");
        }
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_403() {
    let endpoint = Endpoint::new(dispatcher())
        .allow_origin("https://app.example/")
        .allow_origin("http://other.example:8080");
    let server = serve(endpoint.into_router()).await;
    let table = [
        ("Origin: http://rpc.example\r\n", 200),
        ("Origin: https://RPC.example:443\r\n", 200),
        ("Origin: http://rpc.example\r\nSec-Fetch-Site: same-origin\r\n", 200),
        ("Sec-Fetch-Site: none\r\n", 200),
        ("Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n", 200),
        ("Origin: https://app.example:443\r\n", 200),
        ("Origin: http://OTHER.example:8080\r\n", 200),
        ("Origin: http://app.example\r\n", 403),
        ("Origin: http://other.example\r\n", 403),
        ("Origin: http://rpc.example:81\r\n", 403),
        ("Origin: http://rpc.example.evil\r\n", 403),
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: rpc.example\r\n", 403),
        ("Origin: null\r\n", 403),
        ("Origin: \r\n", 403),
        ("Origin: http://\u{fc}\r\n", 403),
        ("Origin: https://app.example\r\nOrigin: http://evil.example\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-site\r\n", 403),
        ("Origin: http://rpc.example\r\nSec-Fetch-Site: cross-site\r\n", 403),
    ];
    for (headers, status) in table {
        let answer = send(server.address, &post(headers, ADD.as_bytes())).await;
        answer.assert_status(status, headers);
    }

    let any = serve(Endpoint::new(dispatcher()).allow_any_origin().into_router()).await;
    for headers in ["Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        send(any.address, &post(headers, ADD.as_bytes())).await.assert_int(5);
    }
}

#[tokio::test]
async fn an_origin_without_a_host_is_foreign() {
    let server = server().await;
    let length = ADD.len();
    let request = format!("POST / HTTP/1.0\r\nOrigin: http://a\r\nContent-Length: {length}\r\n\r\n{ADD}");
    send(server.address, request.as_bytes()).await.assert_status(403, "no host");
}

#[tokio::test]
async fn the_bound_on_a_body() {
    const LIMIT: usize = 20_000;
    let server = serve(Endpoint::new(dispatcher()).body_limit(LIMIT).into_router()).await;
    let (fits, length) = length_call(LIMIT);
    let (exceeds, _) = length_call(LIMIT + 1);

    let framings: [(&str, &dyn Fn(&[u8]) -> Vec<u8>); 4] = [
        ("length", &|body| post("", body)),
        ("chunks", &|body| post_unframed("Transfer-Encoding: chunked\r\n", &chunked(body))),
        ("gzip", &|body| post("Content-Encoding: gzip\r\n", &gzip(body))),
        ("deflate", &|body| post("Content-Encoding: deflate\r\n", &deflate(body))),
    ];
    for (framing, request) in framings {
        send(server.address, &request(&fits)).await.assert_int(length);
        let answer = send(server.address, &request(&exceeds)).await;
        answer.assert_status(413, framing);
        assert!(answer.body.starts_with("the body exceeds 20000 bytes:"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_length_beyond_the_bound_is_refused_unread() {
    let server = server().await;
    // Nothing of the body is sent, and the server does not wait for it.
    let length = (8 << 20) + 1;
    let answer = send(server.address, &post_unframed(&format!("Content-Length: {length}\r\n"), b"")).await;
    answer.assert_status(413, "the default bound");
    let answer = send(server.address, &post_unframed("Content-Length: 18446744073709551614\r\n", b"")).await;
    answer.assert_status(413, "a huge length");
}

#[tokio::test]
async fn bombs_are_stopped_at_the_bound() {
    let server = server().await;
    let zeros = vec![0; 32 << 20];
    let bombs = [("gzip", gzip(&zeros)), ("deflate", deflate(&zeros))];
    drop(zeros);
    for (encoding, bomb) in bombs {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        send(server.address, &post(&headers, &bomb)).await.assert_status(413, encoding);
    }
}

#[tokio::test]
async fn content_encodings() {
    let server = server().await;
    let body = ADD.as_bytes();
    let two_members = [gzip(&body[..50]), gzip(&body[50..])].concat();
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 5].to_vec();
    let with_more = |bytes: Vec<u8>| [bytes, b"more".to_vec()].concat();
    let table = [
        ("gzip", gzip(body), 200),
        ("GZip", gzip(body), 200),
        ("x-gzip", gzip(body), 200),
        ("gzip", two_members, 200),
        ("deflate", deflate(body), 200),
        ("identity", body.to_vec(), 200),
        ("br", body.to_vec(), 415),
        ("gzip, gzip", gzip(&gzip(body)), 415),
        ("gzip", body.to_vec(), 400),
        ("deflate", body.to_vec(), 400),
        ("gzip", Vec::new(), 400),
        ("deflate", Vec::new(), 400),
        ("gzip", cut(gzip(body)), 400),
        ("deflate", cut(deflate(body)), 400),
        ("gzip", with_more(gzip(body)), 400),
        ("deflate", with_more(deflate(body)), 400),
    ];
    for (encoding, body, status) in table {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        let answer = send(server.address, &post(&headers, &body)).await;
        answer.assert_status(status, encoding);
        if status == 415 {
            assert!(answer.head.contains("accept-encoding: gzip, deflate"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn charsets() {
    let server = server().await;
    let call = |declaration: &str| {
        format!(
            "{declaration}<methodCall><methodName>length</methodName><params><param><value>\
             <string>\u{e4}\u{f6}\u{fc}</string></value></param></params></methodCall>"
        )
    };
    let latin = |text: String| -> Vec<u8> { text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect() };
    let utf_16 = |text: String| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let table = [
        ("", call("").into_bytes()),
        ("Content-Type: text/xml; charset=UTF-8\r\n", call("").into_bytes()),
        ("Content-Type: text/xml; charset=\"ISO-8859-1\"\r\n", latin(call(""))),
        ("", latin(call("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"))),
        ("Content-Type: text/xml; charset=iso-8859-1\r\n", latin(call("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))),
        ("", utf_16(call(""))),
    ];
    for (headers, body) in table {
        send(server.address, &post(headers, &body)).await.assert_int(3);
    }
}

#[tokio::test]
async fn what_is_no_call_is_answered_with_a_fault() {
    let server = server().await;
    let unknown = "<methodCall><methodName>nothing</methodName></methodCall>";
    let table = [("garbage", -32700), ("", -32700), ("<html></html>", -32600), (unknown, -32601)];
    for (body, code) in table {
        send(server.address, &post("", body.as_bytes())).await.assert_fault(code);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let server = server().await;
    let requests = [
        post_unframed("Content-Length: 1000\r\n", ADD.as_bytes()),
        post_unframed("Transfer-Encoding: chunked\r\n", b"ff\r\n<methodCall>"),
    ];
    for request in requests {
        let exchange = async {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.write_all(&request).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            answer
        };
        let answer = timeout(Duration::from_secs(20), exchange).await.unwrap();
        let answer = Answer::parse(&answer);
        answer.assert_status(400, "broken off");
        assert_eq!(answer.body, "the body broke off before its end: send it again\n");
    }
}

#[tokio::test]
async fn http_1_0() {
    let server = server().await;
    let request = format!("POST /RPC2 HTTP/1.0\r\nContent-Length: {}\r\n\r\n{ADD}", ADD.len());
    let answer = send(server.address, request.as_bytes()).await;
    answer.assert_int(5);
    assert!(answer.head.starts_with("http/1.0"), "{answer:?}");
    assert!(answer.head.contains("content-length: "), "{answer:?}");
    assert!(!answer.head.contains("transfer-encoding"), "{answer:?}");
}

#[tokio::test]
async fn many_calls_on_one_connection() {
    let server = server().await;
    let exchange = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        for _ in 0..5 {
            let request = format!("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{ADD}", ADD.len());
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"</methodResponse>") {
                assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
            }
            Answer::parse(&answer).assert_int(5);
        }
    };
    timeout(Duration::from_secs(20), exchange).await.unwrap();
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_the_body() {
    let server = server().await;
    let exchange = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = post_unframed(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", ADD.len()), b"");
        stream.write_all(&head).await.unwrap();
        let mut go_on = Vec::new();
        while !go_on.ends_with(b"\r\n\r\n") {
            assert_ne!(stream.read_buf(&mut go_on).await.unwrap(), 0);
        }
        assert!(go_on.starts_with(b"HTTP/1.1 100"), "{go_on:?}");
        stream.write_all(ADD.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        Answer::parse(&answer).assert_int(5);
    };
    timeout(Duration::from_secs(20), exchange).await.unwrap();
}

#[derive(Clone)]
struct Tenant(&'static str);

#[xmlrpc_service(server)]
trait Tenants {
    async fn tenant(&self, #[xmlrpc(context)] cx: &Context) -> String;
}

struct FromExtension;

impl Tenants for FromExtension {
    async fn tenant(&self, cx: &Context) -> String {
        cx.get::<Tenant>().map(|tenant| tenant.0.to_owned()).unwrap_or_default()
    }
}

#[tokio::test]
async fn in_an_application() {
    #[derive(Clone)]
    struct AppState;

    let tenants = Dispatcher::new().service(TenantsServer::new(FromExtension));
    let app = Router::<AppState>::new()
        .route("/health", get(|| async { "well" }))
        .merge(xmlrpc_axum::router(dispatcher()))
        .nest("/nested", xmlrpc_axum::router(tenants.clone()).layer(Extension(Tenant("one"))))
        .route_service("/own", Endpoint::new(tenants))
        .layer(Extension(Tenant("all")))
        .with_state(AppState);
    let server = serve(app).await;

    let get = "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    assert_eq!(send(server.address, get.as_bytes()).await.body, "well");

    let tenant = "<methodCall><methodName>tenant</methodName></methodCall>";
    let peer = "<methodCall><methodName>peer</methodName></methodCall>";
    let header = "<methodCall><methodName>header</methodName><params><param><value>x-test</value></param></params></methodCall>";
    let table = [
        ("/nested", tenant, "<string>one</string>"),
        ("/nested/RPC2", tenant, "<string>one</string>"),
        ("/own", tenant, "<string>all</string>"),
        ("/RPC2", peer, "<string>127.0.0.1</string>"),
        ("/", header, "<string>seen</string>"),
    ];
    for (path, body, expected) in table {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: h\r\nX-Test: seen\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let answer = send(server.address, request.as_bytes()).await;
        answer.assert_status(200, path);
        assert!(answer.body.contains(expected), "{path}: {answer:?}");
    }
}
