//! What the client sends, and what it makes of answers: against peers that speak raw bytes.

use std::io::Write;

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use http::StatusCode;
use xmlrpc_client::{Client, ClientBuilder, Error};
use xmlrpc_core::{Fault, Limits};

#[allow(dead_code)] // shared by several tests
#[path = "common/http_peer.rs"]
mod http_peer;
use http_peer::{FIVE, Peer, Step, answer, five, unframed};

/// Sends one call, and returns the head of the request.
async fn head_of(configure: impl FnOnce(&str) -> ClientBuilder) -> String {
    let peer = Peer::new([Step::Answer(five())]).await;
    let client = configure(&peer.address.to_string()).build().unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    let request = &peer.requests()[0];
    request.split_once("\r\n\r\n").unwrap().0.to_owned()
}

fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1).collect()
}

/// What one call makes of an answer, after which the peer closes.
async fn outcome(answer: Vec<u8>) -> Result<i64, Error> {
    let peer = Peer::new([Step::AnswerAndClose(answer)]).await;
    let client = Client::new(peer.url()).unwrap();
    client.call::<i64>("add", (2, 3)).await
}

#[tokio::test]
async fn what_is_sent() {
    let peer = Peer::new([Step::Answer(five())]).await;
    let client = Client::new(peer.url()).unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    let requests = peer.requests();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /RPC2 HTTP/1.1\r\n"), "{head}");
    assert_eq!(values(head, "host"), [peer.address.to_string()]);
    assert_eq!(values(head, "content-type"), ["text/xml; charset=utf-8"]);
    assert_eq!(values(head, "content-length"), [body.len().to_string()]);
    assert_eq!(values(head, "accept"), ["text/xml"]);
    assert_eq!(values(head, "accept-encoding"), ["gzip,deflate"]);
    let agent = format!("xmlrpc-client/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(values(head, "user-agent"), [agent]);
    assert!(body.contains("<methodName>add</methodName>"), "{body}");
}

#[tokio::test]
async fn the_path_of_the_url() {
    let table = [
        ("", "/RPC2"),
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a/b?x=1&y=%20#z", "/a/b?x=1&y=%20"),
        ("?x=1", "/?x=1"),
    ];
    for (path, sent) in table {
        let head = head_of(|host| Client::builder(format!("http://{host}{path}"))).await;
        assert!(head.starts_with(&format!("POST {sent} HTTP/1.1\r\n")), "{path}: {head}");
    }
}

#[tokio::test]
async fn authentication() {
    let with_url = |user: &'static str| move |host: &str| Client::builder(format!("http://{user}@{host}/"));
    // As Python sends them.
    let head = head_of(with_url("us%40er:p%3Aw")).await;
    assert_eq!(values(&head, "authorization"), ["Basic dXNAZXI6cDp3"]);
    assert!(head.starts_with("POST / "), "{head}");
    assert!(!values(&head, "host")[0].contains('@'), "{head}");

    let head = head_of(with_url("%FC:%C3%BC")).await;
    assert_eq!(values(&head, "authorization"), ["Basic /DrDvA=="]);
    let head = head_of(with_url("ada")).await;
    assert_eq!(values(&head, "authorization"), ["Basic YWRhOg=="]);

    let head = head_of(|host| with_url("a:b")(host).basic_auth("us@er", "p:w")).await;
    assert_eq!(values(&head, "authorization"), ["Basic dXNAZXI6cDp3"]);
    let head = head_of(|host| with_url("a:b")(host).bearer_auth("token")).await;
    assert_eq!(values(&head, "authorization"), ["Bearer token"]);
    let head = head_of(|host| with_url("a:b")(host).header("Authorization", "Own x")).await;
    assert_eq!(values(&head, "authorization"), ["Own x"]);
}

#[tokio::test]
async fn headers() {
    let head = head_of(|host| {
        Client::builder(format!("http://{host}/"))
            .header("X-Two", "1")
            .header("x-two", "2")
            .header("Accept", "*/*")
            .header("content-type", "text/xml")
            .user_agent("probe/1")
    })
    .await;
    assert_eq!(values(&head, "x-two"), ["1", "2"]);
    assert_eq!(values(&head, "accept"), ["*/*"]);
    assert_eq!(values(&head, "content-type"), ["text/xml"]);
    assert_eq!(values(&head, "user-agent"), ["probe/1"]);
}

#[tokio::test]
async fn headers_of_one_call() {
    let peer = Peer::new([Step::Answer(five()), Step::Answer(five())]).await;
    let client = Client::builder(peer.url()).header("x-tenant", "all").header("x-kept", "k").build().unwrap();
    let call = client.call::<i64>("add", (2, 3));
    let call = call.header("X-Tenant", "one").header("x-tenant", "two");
    // Not for the caller to say: the request would have no end, or a wrong one.
    call.header("content-length", "3").header("transfer-encoding", "chunked").await.unwrap();
    client.call::<i64>("add", (2, 3)).await.unwrap();

    let requests = peer.requests();
    assert_eq!(values(&requests[0], "x-tenant"), ["one", "two"]);
    assert_eq!(values(&requests[0], "x-kept"), ["k"]);
    assert_eq!(values(&requests[0], "transfer-encoding"), [""; 0]);
    assert_ne!(values(&requests[0], "content-length"), ["3"]);
    assert_eq!(values(&requests[1], "x-tenant"), ["all"]);
}

#[test]
fn what_cannot_be_built() {
    let table = [
        ("", "not a URL"),
        ("localhost", "not a URL"),
        ("localhost:8000/RPC2", "the scheme `localhost`"),
        ("unix:///run/x.sock", "the scheme `unix`"),
        ("scgi://localhost:5000", "the scheme `scgi`"),
        ("file:///etc/hosts", "the scheme `file`"),
        ("http://", "not a URL"),
        ("http://user:s3cret@:80", "not a URL"),
        ("http://a%3Ab:s3cret@localhost/", "a `:` in it"),
    ];
    for (url, text) in table {
        let error = Client::new(url).unwrap_err();
        assert!(error.to_string().contains(text), "{url}: {error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    let builder = || Client::builder("http://localhost/");
    let table = [
        (builder().header("a b", "s3cret"), "the header `a b` cannot be set"),
        (builder().header("a", "s3cret\n"), "the header `a` cannot be set"),
        (builder().header("Content-Length", "3"), "the header `Content-Length` cannot be set"),
        (builder().bearer_auth("s3cret\n"), "characters that no header can have"),
        (builder().user_agent("\0"), "the header `user-agent` cannot be set"),
    ];
    for (builder, text) in table {
        assert!(!format!("{builder:?}").contains("s3cret"), "{builder:?}");
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn secrets_are_shown_nowhere() {
    let peer = Peer::new([Step::Close, Step::Answer(answer("401 Unauthorized", "", "go away"))]).await;
    let url = format!("http://ada:s3cret@{}/RPC2?token=t0ken", peer.address);
    let builder = Client::builder(&url).header("x-key", "s3cret");
    let mut shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    shown += &format!("{client:?} {:?} {:?}", client.transport(), client.call::<i64>("add", ()));
    for _ in 0..3 {
        // Closed, refused, and once more closed.
        let error = client.call::<i64>("add", ()).await.unwrap_err();
        shown += &format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    }
    drop(peer);
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    shown += &format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    for secret in ["s3cret", "t0ken", "YWRhOnMzY3JldA"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("/RPC2"), "{shown}");
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

fn chunked(body: &str) -> String {
    let (first, second) = body.split_at(20);
    let (one, two) = (first.len(), second.len());
    format!("{one:x}\r\n{first}\r\n{two:x};extension\r\n{second}\r\n0\r\nTrailer: x\r\n\r\n")
}

#[tokio::test]
async fn answers() {
    let table = [
        ("plain", answer("200 OK", "Content-Type: text/xml\r\n", FIVE)),
        ("no content type", answer("200 OK", "", FIVE)),
        ("a wrong content type", answer("200 OK", "Content-Type: text/html\r\n", FIVE)),
        ("gzip", answer("200 OK", "Content-Encoding: gzip\r\n", gzip(FIVE.as_bytes()))),
        ("deflate", answer("200 OK", "Content-Encoding: deflate\r\n", deflate(FIVE.as_bytes()))),
        ("gzip without a length", unframed("200 OK", "Content-Encoding: gzip\r\n", gzip(FIVE.as_bytes()))),
        ("chunks", unframed("200 OK", "Transfer-Encoding: chunked\r\n", chunked(FIVE))),
        ("to the end of the connection", unframed("200 OK", "", FIVE)),
        ("white space around", answer("200 OK", "", format!("\r\n {FIVE}\n"))),
        ("under 404", answer("404 Not Found", "", FIVE)),
        ("under 302", answer("302 Found", "", FIVE)),
        ("after 100", [b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), five()].concat()),
    ];
    for (what, answer) in table {
        match outcome(answer).await {
            Ok(value) => assert_eq!(value, 5, "{what}"),
            Err(error) => panic!("{what}: {error}"),
        }
    }
}

#[tokio::test]
async fn an_answer_in_latin_1() {
    let text = "<methodResponse><params><param><value><string>\u{fc}</string></value></param></params></methodResponse>";
    let body: Vec<u8> = text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect();
    let declared = [b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_vec(), body.clone()].concat();
    let answers = [
        answer("200 OK", "Content-Type: text/xml; charset=ISO-8859-1\r\n", body),
        answer("200 OK", "Content-Type: text/xml\r\n", declared),
    ];
    for answer in answers {
        let peer = Peer::new([Step::Answer(answer)]).await;
        let client = Client::new(peer.url()).unwrap();
        assert_eq!(client.call::<String>("name", ()).await.unwrap(), "\u{fc}");
    }
}

#[tokio::test]
async fn faults_under_any_status() {
    let fault = "<methodResponse><fault><value><struct>\
        <member><name>faultCode</name><value><int>4</int></value></member>\
        <member><name>faultString</name><value><string>Too many parameters.</string></value></member>\
        </struct></value></fault></methodResponse>";
    for status in ["200 OK", "404 Not Found", "500 Internal Server Error"] {
        let error = outcome(answer(status, "", fault)).await.unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(4, "Too many parameters.")), "{error}");
        assert_eq!(error.status(), None);
    }
}

#[tokio::test]
async fn what_is_no_answer() {
    let table = [
        ("502 Bad Gateway", "", "<html>nginx says no</html>", "nginx says no"),
        ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "who are you?", "who are you?"),
        ("500 Internal Server Error", "", "", "without a body"),
        ("204 No Content", "", "", "204 No Content"),
        ("302 Found", "Location: /login?next=x\r\n", "<a>moved</a>", "/login (redirects are not followed"),
        ("308 Permanent Redirect", "Location: https://u:s3cret@h/\r\n", "", "moved to https://h/ ("),
        ("304 Not Modified", "", "", "304 Not Modified"),
    ];
    for (status, headers, body, text) in table {
        let bytes = if status.starts_with(['2', '3']) && body.is_empty() {
            unframed(status, headers, body)
        } else {
            answer(status, headers, body)
        };
        let error = outcome(bytes).await.unwrap_err();
        let code: StatusCode = status[..3].parse().unwrap();
        assert_eq!(error.status(), Some(code), "{error}");
        assert!(error.to_string().contains(status), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    for body in ["<html>login</html>", "", "garbage"] {
        let error = outcome(answer("200 OK", "", body)).await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(error.status(), None);
    }
}

#[tokio::test]
async fn the_bound_on_an_answer() {
    const LIMIT: usize = 30_000;
    let padded = |bytes: usize| format!("{FIVE}{}", " ".repeat(bytes - FIVE.len()));
    let framings: [(&str, &dyn Fn(&str) -> Vec<u8>); 4] = [
        ("length", &|body| answer("200 OK", "", body)),
        ("chunks", &|body| unframed("200 OK", "Transfer-Encoding: chunked\r\n", chunked(body))),
        ("to the end", &|body| unframed("200 OK", "", body)),
        ("gzip", &|body| answer("200 OK", "Content-Encoding: gzip\r\n", gzip(body.as_bytes()))),
    ];
    for (framing, framed) in framings {
        for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
            let peer = Peer::new([Step::AnswerAndClose(framed(&padded(bytes)))]).await;
            let limits = Limits::default().bytes(LIMIT);
            let client = Client::builder(peer.url()).limits(limits).build().unwrap();
            match client.call::<i64>("add", (2, 3)).await {
                Ok(value) => assert!(fits && value == 5, "{framing}"),
                Err(error) => {
                    assert!(!fits && error.is_decode(), "{framing}: {error}");
                    assert!(error.to_string().contains("exceeds 30000 bytes: "), "{framing}: {error}");
                }
            }
        }
    }
    // Refused by its length alone: none of the body ever comes.
    let peer = Peer::new([Step::Answer(unframed("200 OK", "Content-Length: 70000000\r\n", ""))]).await;
    let client = Client::new(peer.url()).unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.to_string().contains("exceeds 67108864 bytes"), "{error}");
}
