//! HTTP over a unix socket: the requests, and that everything else works as over TCP.
#![cfg(unix)]

use std::{
    io::Write,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use xmlrpc_client::{ClientBuilder, blocking};
use xmlrpc_core::{Fault, Limits, client::RetryPolicy};

use crate::common::http_peer::{FIVE, Peer, Step, answer, five};
use crate::common::http_server::{ProbeClient, dispatcher};
use crate::common::unix::{Socket, nowhere};

/// A server that has the methods of `Probe`.
fn server() -> Socket {
    Socket::new("rpc.sock", async |listener| {
        let router = xmlrpc_axum::router(dispatcher());
        axum::serve(listener, router).await.unwrap();
    })
}

/// A scripted peer, and the socket that leads to it.
async fn peer(steps: impl IntoIterator<Item = Step>) -> (Peer, Socket) {
    let peer = Peer::new(steps).await;
    let socket = Socket::to(peer.address);
    (peer, socket)
}

#[tokio::test]
async fn calls_stubs_and_multicalls() {
    let server = server();
    let client = crate::common::client(format!("unix://{}", server.path())).unwrap();
    let probe = ProbeClient::new(&client);
    assert_eq!(probe.add(1, 2).await.unwrap(), 3);
    let error = probe.fail(4, "no".to_owned()).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(4, "no")));
    let header = probe.header("x-a").header("x-a", "b").await;
    assert_eq!(header.unwrap(), "b");
    assert_eq!(probe.header("host").await.unwrap(), "localhost");
    let text = "x".repeat(3_000_000);
    assert_eq!(probe.length(&text).await.unwrap(), 3_000_000);

    let calls = (probe.add(1, 2), probe.fail(4, String::new()));
    let (sum, failed) = client.multicall(calls).await.unwrap();
    assert_eq!(sum.unwrap(), 3);
    assert!(failed.unwrap_err().fault().is_some());
}

#[tokio::test]
async fn urls_and_credentials() {
    type Configure = fn(&Socket) -> ClientBuilder;
    let table: [(Configure, &str, &str); 9] = [
        (
            |socket| crate::common::builder(format!("unix://{}", socket.path())),
            "POST /RPC2 HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder(format!(" HTTP+Unix://{} ", socket.path())),
            "POST /RPC2 HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder(format!("http+unix://{}", socket.encoded())),
            "POST /RPC2 HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder(format!("http+unix://{}/", socket.encoded())),
            "POST / HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder(format!("unix://{}/a/b?x=1#z", socket.encoded())),
            "POST /a/b?x=1 HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder("http://rpc.example:80/x").unix_socket(socket.path()),
            "POST /x HTTP/1.1",
            "host: rpc.example",
        ),
        (
            |socket| crate::common::builder("unix:///no/such.sock").unix_socket(socket.path()),
            "POST /RPC2 HTTP/1.1",
            "host: localhost",
        ),
        (
            |socket| crate::common::builder(format!("unix://us%40er:p%3Aw@{}", socket.path())),
            "POST /RPC2 HTTP/1.1",
            "authorization: Basic dXNAZXI6cDp3",
        ),
        (
            |socket| {
                let url = format!("http+unix://a:b@{}/RPC2", socket.encoded());
                crate::common::builder(url).basic_auth("us@er", "p:w")
            },
            "POST /RPC2 HTTP/1.1",
            "authorization: Basic dXNAZXI6cDp3",
        ),
    ];
    for (configure, request, header) in table {
        let (peer, socket) = peer([Step::Answer(five())]).await;
        let client = configure(&socket).build().unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        let head = &peer.requests()[0];
        assert_eq!(head.lines().next(), Some(request), "{head}");
        assert!(head.lines().any(|line| line == header), "{header}: {head}");
    }
}

#[tokio::test]
async fn a_path_that_has_to_be_encoded() {
    let name = "\u{fc} %?#.sock";
    let socket = Socket::new(name, async |listener| {
        let router = xmlrpc_axum::router(dispatcher());
        axum::serve(listener, router).await.unwrap();
    });
    let folder = socket.path().strip_suffix(name).unwrap();
    for name in ["\u{fc} %25%3F%23.sock", "%C3%BC%20%25%3f%23.sock"] {
        let client = crate::common::client(format!("unix://{folder}{name}")).unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn connections_are_kept() {
    let (peer, socket) = peer(vec![Step::Answer(five()); 5]).await;
    let client = crate::common::client(format!("unix://{}", socket.path())).unwrap();
    for _ in 0..5 {
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    }
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn gzip_and_the_bound_on_a_response() {
    const LIMIT: usize = 30_000;
    for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
        let padded = format!("{FIVE}{}", " ".repeat(bytes - FIVE.len()));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(padded.as_bytes()).unwrap();
        let gzip = encoder.finish().unwrap();
        let answers = [
            answer("200 OK", "", &padded),
            answer("200 OK", "Content-Encoding: gzip\r\n", gzip),
        ];
        for answer in answers {
            let (_peer, socket) = peer([Step::AnswerAndClose(answer)]).await;
            let builder = crate::common::builder(format!("unix://{}", socket.path()));
            let client = builder
                .limits(Limits::RESPONSE.bytes(LIMIT))
                .build()
                .unwrap();
            match client.call::<i64>("add", (2, 3)).await {
                Ok(value) => assert!(fits && value == 5),
                Err(error) => {
                    assert!(!fits && error.is_decode(), "{error}");
                    assert!(error.to_string().contains("exceeds 30000 bytes"), "{error}");
                }
            }
        }
    }
}

#[tokio::test]
async fn time_outs_statuses_and_retries() {
    let steps = [
        Step::Answer(answer("401 Unauthorized", "", "who are you?")),
        Step::Close,
        Step::Close,
        Step::Answer(five()),
        Step::Silence,
    ];
    let (peer, socket) = peer(steps).await;
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(10));
    let client = crate::common::builder(format!("unix://{}", socket.path()))
        .retries(policy)
        .build()
        .unwrap();
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401, "{error}");

    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout(), "{error}");
    let path = format!("unix://{}: ", socket.path());
    assert!(error.to_string().contains(&path), "{error}");
    let call = client.call::<i64>("add", ()).idempotent();
    assert_eq!(call.await.unwrap(), 5);
    assert_eq!(peer.requests().len(), 4);

    let begun = Instant::now();
    let call = client.call::<i64>("add", ());
    let error = call.timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_socket_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let gone = nowhere(&folder);
    let stale = folder.path().join("stale.sock");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [&gone, stale.to_str().unwrap(), file.to_str().unwrap()] {
        let url = format!("http+unix://ada:s3cret@{}/t0ken", path.replace('/', "%2F"));
        let client = crate::common::client(url).unwrap();
        let error = client.call::<i64>("add", ()).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        let shown = format!("{error} {error:?} {client:?}");
        assert!(shown.contains(&format!("unix://{path}: ")), "{shown}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("t0ken"),
            "{shown}"
        );
    }
}

#[test]
fn what_cannot_be_built() {
    let long = format!("unix:///{}", "x".repeat(200));
    let table = [
        ("unix://", "must start with a third slash"),
        ("unix://run/s3cret.sock", "must start with a third slash"),
        (
            "unix://localhost/s3cret.sock",
            "must start with a third slash",
        ),
        ("http+unix://s3cret:pw@", "`http+unix:///run/x.sock`"),
        ("unix:///run/x.sock?s3cret", "`%3F` for `?`"),
        ("http+unix:///run/x.sock#s3cret", "`%3F` for `?`"),
        ("unix://a%3Ab:s3cret@/run/x.sock", "contains `:`"),
        ("unix:/run/s3cret.sock", "invalid URL"),
        ("https+unix:///run/s3cret.sock", "the scheme `https+unix`"),
        ("unix:///run/%00.sock", "`/run/\\0.sock` cannot be the path"),
        (&*long, "cannot be the path of a unix socket"),
    ];
    for (url, text) in table {
        let error = crate::common::client(url).unwrap_err();
        assert!(error.to_string().contains(text), "{url}: {error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    let builder = crate::common::builder("unix:///run/x.sock")
        .wire(xmlrpc_client::Wire::Reqwest)
        .http_client(own);
    assert!(format!("{builder:?}").contains("unix_socket"));
    let error = builder.build().unwrap_err();
    let text = "a custom HTTP client cannot be combined with a unix socket";
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(async { server() });
    let client = blocking::Client::new(format!("unix://{}", server.path())).unwrap();
    let probe = ProbeClient::new(&client);
    assert_eq!(probe.add(1, 2).wait().unwrap(), 3);
    let calls = (probe.add(1, 2), probe.length("abc"));
    let (sum, length) = client.multicall(calls).wait().unwrap();
    assert_eq!((sum.unwrap(), length.unwrap()), (3, 3));
}

/// Environment variables belong to the whole process, so the test runs itself again in a new one.
#[test]
fn proxies_and_their_credentials_are_left_out() {
    const INSIDE: &str = "XMLRPC_TESTS_UNIX_PROXY";
    if std::env::var_os(INSIDE).is_none() {
        let test = "unix::proxies_and_their_credentials_are_left_out";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            .env("http_proxy", "http://ada:s3cret@127.0.0.1:9")
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (peer, socket) = peer([Step::Answer(five())]).await;
        let client = crate::common::client(format!("unix://{}", socket.path())).unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        let head = &peer.requests()[0];
        assert!(head.starts_with("POST /RPC2 "), "{head}");
        assert!(!head.contains("proxy-authorization"), "{head}");
    });
}
