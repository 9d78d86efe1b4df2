//! The requests that the client sends, and what it shows of them in texts and `Debug`.

use xmlrpc_client::ClientBuilder;
use xmlrpc_core::{Limits, xmlrpc_service};

use crate::common::http_peer::{Peer, Step, answer, five};

#[xmlrpc_service(client)]
trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
}

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
    lines
        .filter(|line| line.0.eq_ignore_ascii_case(name))
        .map(|line| line.1)
        .collect()
}

#[tokio::test]
async fn the_whole_request() {
    let peer = Peer::new([Step::Answer(five())]).await;
    let client = crate::common::client(peer.url()).unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    let requests = peer.requests();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /RPC2 HTTP/1.1\r\n"), "{head}");
    assert_eq!(values(head, "host"), [peer.address.to_string()]);
    // Roundup and Gambas refuse a `Content-Type` with a charset.
    assert_eq!(values(head, "content-type"), ["text/xml"]);
    assert_eq!(values(head, "content-length"), [body.len().to_string()]);
    assert_eq!(values(head, "accept"), ["text/xml"]);
    assert_eq!(values(head, "accept-encoding"), ["gzip,deflate"]);
    let agent = format!("xmlrpc-client/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(values(head, "user-agent"), [agent]);
    assert!(body.contains("<methodName>add</methodName>"), "{body}");
}

#[tokio::test]
async fn the_host_of_the_url() {
    let table = [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("LocalHost", "localhost"),
        ("ada:secret@localhost", "localhost"),
        ("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]"),
    ];
    for (host, sent) in table {
        let peer = Peer::new([Step::Answer(five())]).await;
        let port = peer.address.port();
        let client = crate::common::client(format!("http://{host}:{port}/RPC2")).unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        let request = &peer.requests()[0];
        let (head, _) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /RPC2 HTTP/1.1\r\n"), "{head}");
        assert_eq!(values(head, "host"), [format!("{sent}:{port}")]);
    }
    let other = head_of(|host| {
        crate::common::builder(format!("http://{host}")).header("Host", "other.example")
    });
    assert_eq!(values(&other.await, "host"), ["other.example"]);
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
        let head = head_of(|host| crate::common::builder(format!("http://{host}{path}"))).await;
        assert!(
            head.starts_with(&format!("POST {sent} HTTP/1.1\r\n")),
            "{path}: {head}"
        );
    }
}

/// A resolver gets the host name in ASCII. Both wires can use the tables of reqwest.
#[tokio::test]
async fn international_host_names() {
    let client = crate::common::builder("http://b\u{fc}cher.invalid:8000/\u{fc}?\u{fc}").no_proxy();
    let error = client.build().unwrap().call::<i64>("add", ()).await;
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains("http://xn--bcher-kva.invalid:8000: "),
        "{text}"
    );
}

#[tokio::test]
async fn authentication() {
    let with_url = |user: &'static str| {
        move |host: &str| crate::common::builder(format!("http://{user}@{host}/"))
    };
    // In the form that Python sends.
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
        crate::common::builder(format!("http://{host}/"))
            .header("X-Two", "1")
            .header("x-two", "2")
            .header("Accept", "*/*")
            .header("content-type", "text/xml; charset=utf-8")
            .header("Accept-Encoding", "identity")
            .user_agent("probe/1")
    })
    .await;
    assert_eq!(values(&head, "x-two"), ["1", "2"]);
    assert_eq!(values(&head, "accept"), ["*/*"]);
    assert_eq!(values(&head, "content-type"), ["text/xml; charset=utf-8"]);
    assert_eq!(values(&head, "accept-encoding"), ["identity"]);
    assert_eq!(values(&head, "user-agent"), ["probe/1"]);
}

#[tokio::test]
async fn headers_of_one_call() {
    let peer = Peer::new([Step::Answer(five()), Step::Answer(five())]).await;
    let client = crate::common::builder(peer.url())
        .header("x-tenant", "all")
        .header("x-kept", "k")
        .build()
        .unwrap();
    let call = client.call::<i64>("add", (2, 3));
    let call = call.header("X-Tenant", "one").header("x-tenant", "two");
    // The caller cannot set these headers: the request would end at the wrong place.
    call.header("content-length", "3")
        .header("transfer-encoding", "chunked")
        .await
        .unwrap();
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
        ("", "invalid URL"),
        ("localhost", "is `http://` missing?"),
        ("127.0.0.1:8000", "is `http://` missing?"),
        ("[::1]:8000/RPC2", "is `http://` missing?"),
        ("localhost:80/RPC2", "is `http://` missing?"),
        ("s3cret:pw@localhost/RPC2", "is `http://` missing?"),
        ("s3cret:p://w@localhost/RPC2", "is `http://` missing?"),
        ("user:s3cret@localhost/RPC2", "is `http://` missing?"),
        ("mailto:s3cret", "is `http://` missing?"),
        ("file:///etc/hosts", "the scheme `file`"),
        ("http://", "invalid URL"),
        ("http://user:s3cret@:80", "invalid URL"),
        (
            "http://user:s3cret@ho{st/",
            "invalid URL: it cannot be sent in a request",
        ),
        ("http://a%3Ab:s3cret@localhost/", "contains `:`"),
    ];
    for (url, text) in table {
        let error = crate::common::client(url).unwrap_err();
        assert!(error.to_string().contains(text), "{url}: {error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    let builder = || crate::common::builder("http://localhost/");
    let table = [
        (
            builder().header("a b", "s3cret"),
            "the header `a b` has an invalid name or value",
        ),
        (
            builder().header("a", "s3cret\n"),
            "the header `a` has an invalid name or value",
        ),
        (
            builder().header("Content-Length", "3"),
            "the header `Content-Length` cannot be set, because HTTP sets it itself",
        ),
        (
            builder().bearer_auth("s3cret\n"),
            "contains characters that are not allowed",
        ),
        (
            builder().user_agent("\0"),
            "the header `user-agent` has an invalid name or value",
        ),
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
    let peer = Peer::new([
        Step::Close,
        Step::Answer(answer("401 Unauthorized", "", "go away")),
        Step::Answer(answer("302 Found", "Location: /p4th-t0ken/RPC2/\r\n", "")),
    ])
    .await;
    let url = format!(
        "http://ada:s3cret@{}/p4th-t0ken/RPC2?token=t0ken",
        peer.address
    );
    let builder = crate::common::builder(&url).header("x-key", "s3cret");
    let mut shown = vec![format!("{builder:?}")];
    let client = builder.build().unwrap();
    let call = client.call::<i64>("add", ());
    shown.push(format!("{client:?} {:?} {call:?}", client.transport()));
    let mut peer = Some(peer);
    let address = peer.as_ref().map(|peer| peer.address).unwrap();
    // The peer closes, refuses, redirects, closes again, and is gone.
    for attempt in 0..5 {
        if attempt == 4 {
            peer.take();
        }
        let error = client.call::<i64>("add", ()).await.unwrap_err();
        shown.push(format!(
            "{error} {error:?} {:?}",
            std::error::Error::source(&error)
        ));
    }
    let shown = shown.join("\n");
    for secret in ["s3cret", "t0ken", "YWRhOnMzY3JldA"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    // The text still tells which peer it was.
    assert!(shown.contains(&format!("http://{address}: ")), "{shown}");
    assert!(
        shown.contains(&format!("moved to another path on http://{address} (")),
        "{shown}"
    );
}

/// A small container may have no certificates. Environment variables say where they are, so the
/// test runs itself again in another environment.
#[test]
fn a_system_without_certificates_can_do_without_tls() {
    const INSIDE: &str = "XMLRPC_TESTS_NO_CERTIFICATES";
    if std::env::var_os(INSIDE).is_none() {
        let test = "http_requests::a_system_without_certificates_can_do_without_tls";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            .env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", "/nonexistent")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
        return;
    }
    crate::common::client("http://localhost/").unwrap();
    if cfg!(target_os = "linux") {
        let error = crate::common::client("https://localhost/").unwrap_err();
        assert!(error.to_string().contains("No CA certificates"), "{error}");
    }
}

/// How to name a client's type in a struct, and how to change settings of the core client.
#[tokio::test]
async fn as_a_client_of_the_core() {
    struct App {
        over_http: CalcClient<xmlrpc_client::Http>,
        over_any: CalcClient<xmlrpc_core::BoxTransport>,
    }

    let peer = Peer::new(vec![Step::Answer(five()); 4]).await;
    let client = crate::common::client(peer.url()).unwrap();
    let app = App {
        over_http: CalcClient::new(client.clone()),
        over_any: CalcClient::new(client.clone().boxed()),
    };
    assert_eq!(app.over_http.add(2, 3).await.unwrap(), 5);
    assert_eq!(app.over_any.add(2, 3).await.unwrap(), 5);

    let core: xmlrpc_core::Client<xmlrpc_client::Http> = client.clone().into_core();
    let other = core.limits(Limits::default().bytes(10));
    let error = other.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    // The settings are kept.
    let builder = crate::common::builder(peer.url()).limits(Limits::RESPONSE.depth(7));
    let boxed: xmlrpc_core::Client<xmlrpc_core::BoxTransport> = builder.build().unwrap().boxed();
    assert_eq!(boxed.configured_limits().depth, 7);
    assert_eq!(boxed.call::<i64>("add", (2, 3)).await.unwrap(), 5);
}
