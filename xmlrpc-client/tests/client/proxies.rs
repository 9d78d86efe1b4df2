//! Proxies: for plain HTTP, and tunnels for https.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use xmlrpc_client::ClientBuilder;

use crate::common::{
    http_peer::{Peer, Step, five},
    tls::{Authority, TlsServer},
};

/// A small proxy. It stops when it is dropped.
struct Proxy {
    address: SocketAddr,
    /// The heads of the requests that it has received.
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(relay(stream, Arc::clone(&seen)));
            }
        });
        Self {
            address,
            heads,
            task,
        }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        std::mem::take(&mut self.heads.lock().unwrap())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Connects to where the first request says, and copies everything from then on.
async fn relay(mut near: TcpStream, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = near.read_u8().await else {
            return;
        };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    heads.lock().unwrap().push(head.clone());
    let (line, rest) = head.split_once("\r\n").unwrap();
    let parts: Vec<&str> = line.split(' ').collect();
    let [method, target, _] = parts[..] else {
        panic!("{line}")
    };
    let is_tunnel = method == "CONNECT";
    let target = target.trim_start_matches("http://");
    let (host, path) = target.split_once('/').unwrap_or((target, ""));
    let Ok(mut far) = TcpStream::connect(host).await else {
        return;
    };
    if is_tunnel {
        let connected = b"HTTP/1.1 200 Connected\r\n\r\n";
        near.write_all(connected).await.unwrap();
    } else {
        let head = format!("{method} /{path} HTTP/1.1\r\n{rest}");
        far.write_all(head.as_bytes()).await.unwrap();
    }
    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
}

async fn add(builder: ClientBuilder) {
    let client = builder.build().unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
}

#[tokio::test]
async fn plain_http() {
    let peer = Peer::new(vec![Step::Answer(five()); 3]).await;
    let proxy = Proxy::new().await;
    add(crate::common::builder(peer.url()).proxy(proxy.url())).await;
    let head = proxy.heads().remove(0);
    let line = format!("POST http://{}/RPC2 HTTP/1.1\r\n", peer.address);
    assert!(head.starts_with(&line), "{head}");
    assert!(!head.contains("proxy-authorization"), "{head}");

    // With credentials, which are percent-decoded.
    for (credentials, basic) in [
        ("ada:p%40ss", "Basic YWRhOnBAc3M="),
        ("ada:", "Basic YWRhOg=="),
    ] {
        let url = format!("http://{credentials}@{}/", proxy.address);
        add(crate::common::builder(peer.url()).proxy(url)).await;
        let head = proxy.heads().remove(0);
        let line = format!("proxy-authorization: {basic}\r\n");
        assert!(head.contains(&line), "{head}");
    }
}

#[tokio::test]
async fn a_tunnel() {
    let ours = Authority::new("ours");
    let server = TlsServer::new(&ours.sign(&["localhost"]), None).await;
    let proxy = Proxy::new().await;
    for (credentials, basic) in [
        ("", None),
        ("ada:p%40ss@", Some("Basic YWRhOnBAc3M=")),
        ("ada@", Some("Basic YWRhOg==")),
    ] {
        let url = format!("http://{credentials}{}", proxy.address);
        let builder = crate::common::builder(server.url("localhost")).root_certificate(ours.pem());
        add(builder.bearer_auth("t0ken").proxy(url)).await;
        let heads = proxy.heads();
        let [head] = &heads[..] else {
            panic!("{heads:?}")
        };
        let line = format!("CONNECT localhost:{} HTTP/1.1\r\n", server.address.port());
        assert!(head.starts_with(&line), "{head}");
        // The proxy does not see the call.
        assert!(!head.contains("t0ken") && !head.contains("RPC2"), "{head}");
        match basic {
            Some(basic) => {
                let has = head.lines().any(|line| {
                    let header = line.split_once(": ");
                    header.is_some_and(|(name, value)| {
                        name.eq_ignore_ascii_case("proxy-authorization") && value == basic
                    })
                });
                assert!(has, "{head}");
            }
            None => assert!(!head.to_lowercase().contains("authorization"), "{head}"),
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let proxy = Proxy::new().await;
    let url = proxy.url().replace("http://", "http://ada:s3cret@");
    drop(proxy);
    let client = crate::common::builder("http://127.0.0.1:9").proxy(url);
    assert!(!format!("{client:?}").contains("s3cret"), "{client:?}");
    let error = client.build().unwrap().call::<i64>("add", (2, 3)).await;
    let error = error.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}

#[test]
fn urls_that_cannot_be_used() {
    let table = [
        (
            "localhost:3128",
            "invalid URL of the proxy: is `http://` missing?",
        ),
        ("", "invalid URL of the proxy: is `http://` missing?"),
        ("http://", "invalid URL of the proxy: empty host"),
        (
            "http://ada:s3cret@local host/",
            "invalid URL of the proxy: ",
        ),
        (
            "ftp://ada:s3cret@host",
            "the scheme `ftp` of the proxy is not supported: use `http`",
        ),
        (
            "socks5://host",
            "use a proxy with `http` or `https`, or pass a custom HTTP client",
        ),
        (
            "http://host/RPC2",
            "the URL of the proxy must end after its host and port",
        ),
        (
            "http://host?a",
            "the URL of the proxy must end after its host and port",
        ),
        (
            "http://a%3Ab:s3cret@host",
            "a user name that contains `:` cannot be sent",
        ),
    ];
    for (url, text) in table {
        let error = crate::common::builder("http://localhost")
            .proxy(url)
            .build()
            .unwrap_err();
        assert!(error.to_string().contains(text), "{url}: {error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    for (url, what) in [
        ("unix:///run/x.sock", "a unix socket"),
        ("scgi://localhost:5000", "SCGI"),
        ("scgi:///run/x.sock", "SCGI"),
    ] {
        let proxied = crate::common::builder(url).proxy("http://localhost:3128");
        let error = proxied.build().unwrap_err().to_string();
        let text = format!("a proxy cannot be used with {what}; remove `proxy`");
        assert!(error.contains(&text), "{error}");
        // These do nothing there, but do not contradict it either.
        crate::common::builder(url).no_proxy().build().unwrap();
    }
}

/// Environment variables belong to the whole process, so the test runs itself again in a new one.
#[test]
fn the_setting_wins_over_the_environment() {
    const INSIDE: &str = "XMLRPC_TESTS_PROXY";
    if std::env::var_os(INSIDE).is_none() {
        let test = "proxies::the_setting_wins_over_the_environment";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            // Nobody listens there.
            .env("http_proxy", "http://127.0.0.1:9")
            .env("NO_PROXY", "name.invalid")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let peer = Peer::new(vec![Step::Answer(five()); 4]).await;
        let proxy = Proxy::new().await;
        let builder = || crate::common::builder(peer.url());
        let client = builder().build().unwrap();
        let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(" through the proxy http://127.0.0.1:9: "),
            "{text}"
        );
        add(builder().no_proxy()).await;
        add(builder().proxy(proxy.url()).no_proxy()).await;
        assert!(proxy.heads().is_empty());
        add(builder().no_proxy().proxy(proxy.url())).await;
        // `NO_PROXY` is for the proxies of the environment.
        let excluded = format!("http://name.invalid:{}", peer.address.port());
        let client = crate::common::builder(excluded)
            .proxy(proxy.url())
            .build()
            .unwrap();
        client.call::<i64>("add", (2, 3)).await.unwrap_err();
        assert_eq!(proxy.heads().len(), 2);
    });
}

/// The environment belongs to the whole process, so the test runs itself again in a new one.
#[test]
fn the_proxies_of_the_environment() {
    const INSIDE: &str = "XMLRPC_TESTS_PROXIES";
    let test = "proxies::the_proxies_of_the_environment";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ours = Authority::new("ours");
    let Some(urls) = std::env::var_os(INSIDE) else {
        let (peer, server, proxy) = runtime.block_on(async {
            let own = ours.sign(&["localhost"]);
            let peer = Peer::new(vec![Step::Answer(five()); 2]).await;
            (peer, TlsServer::new(&own, None).await, Proxy::new().await)
        });
        let with_password = proxy.url().replace("http://", "http://ada:p%40ss@");
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(
                INSIDE,
                format!("{} {}", peer.url(), server.url("localhost")),
            )
            .env("XMLRPC_TESTS_ROOT", ours.pem())
            .env("http_proxy", &with_password)
            .env("HTTPS_PROXY", &with_password)
            .env("NO_PROXY", "direct.invalid")
            .env_remove("no_proxy")
            .env_remove("https_proxy")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
        let heads = proxy.heads();
        let [plain, tunnel] = &heads[..] else {
            panic!("{heads:?}")
        };
        let line = format!("POST http://{}/RPC2 HTTP/1.1\r\n", peer.address);
        assert!(plain.starts_with(&line), "{plain}");
        let line = format!("CONNECT localhost:{} HTTP/1.1\r\n", server.address.port());
        assert!(tunnel.starts_with(&line), "{tunnel}");
        for head in heads {
            let basic = "proxy-authorization: basic ywrhonbac3m=\r\n";
            assert!(head.to_lowercase().contains(basic), "{head}");
        }
        return;
    };
    runtime.block_on(async {
        let urls = urls.into_string().unwrap();
        let (plain, secure) = urls.split_once(' ').unwrap();
        add(crate::common::builder(plain)).await;
        let root = std::env::var("XMLRPC_TESTS_ROOT").unwrap();
        add(crate::common::builder(secure).root_certificate(root)).await;
        // This one is connected to directly, so nobody is found.
        let direct = crate::common::client("http://direct.invalid").unwrap();
        let error = direct.call::<i64>("add", (2, 3)).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
    });
}

#[tokio::test]
async fn errors_name_the_proxy() {
    let peer = Peer::new(vec![]).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = closed.local_addr().unwrap();
    drop(closed);
    let url = format!("http://ada:hunter2@{proxy}/");
    let client = crate::common::builder(peer.url())
        .proxy(url)
        .build()
        .unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(error.is_connect());
    let text = error.to_string();
    let start = format!(
        "calling `add`: could not connect: http://{} through the proxy http://{proxy}: ",
        peer.address
    );
    assert!(text.starts_with(&start), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}
