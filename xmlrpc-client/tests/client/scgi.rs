//! SCGI over TCP and unix sockets: what the client sends where, and when it sends nothing.

use std::time::{Duration, Instant};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};
use xmlrpc_client::{Client, ClientBuilder, blocking};
use xmlrpc_core::{Fault, client::RetryPolicy};

use crate::common::http_server::{ProbeClient, dispatcher};
use crate::common::scgi_peer::{FIVE, Port, Script, Step, answer};
#[cfg(unix)]
use crate::common::unix;

fn script(steps: impl IntoIterator<Item = Step>) -> Script {
    Script::new(steps, dispatcher())
}

async fn port(script: &Script) -> Port {
    Port::new(script, "127.0.0.1:0").await.unwrap()
}

#[cfg(unix)]
fn socket(script: &Script) -> unix::Socket {
    let script = script.clone();
    unix::Socket::new("rpc.sock", async move |listener| {
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(script.clone().serve(stream));
        }
    })
}

async fn calls(client: Client, script: &Script) {
    let probe = ProbeClient::new(&client);
    assert_eq!(probe.add(1, 2).await.unwrap(), 3);
    let error = probe.fail(4, "no".to_owned()).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(4, "no")));
    let text = "\u{fc}".repeat(1_500_000);
    assert_eq!(probe.length(&text).await.unwrap(), 1_500_000);
    let entries = (probe.add(1, 2), probe.fail(4, String::new()));
    let (sum, failed) = client.multicall(entries).await.unwrap();
    assert_eq!(sum.unwrap(), 3);
    assert!(failed.unwrap_err().fault().is_some());

    let request = &script.requests()[0];
    let agent = format!("xmlrpc-client/{}", env!("CARGO_PKG_VERSION"));
    let length = request.body.len().to_string();
    let expected = [
        ("CONTENT_LENGTH", &*length),
        ("SCGI", "1"),
        ("REQUEST_METHOD", "POST"),
        ("REQUEST_URI", "/RPC2"),
        ("CONTENT_TYPE", "text/xml"),
        ("HTTP_ACCEPT", "text/xml"),
        ("HTTP_USER_AGENT", &*agent),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(request.variables, expected);
    assert!(request.body.contains("<methodName>add</methodName>"));
    // One for each connection.
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn calls_over_tcp() {
    let script = script([]);
    let port = port(&script).await;
    let client = Client::new(format!("scgi://{}", port.address)).unwrap();
    calls(client, &script).await;
}

#[cfg(unix)]
#[tokio::test]
async fn calls_over_a_unix_socket() {
    let script = script([]);
    let socket = socket(&script);
    let client = Client::new(format!("scgi+unix://{}", socket.path())).unwrap();
    calls(client, &script).await;
}

#[tokio::test]
async fn the_path_of_the_url() {
    let table = [
        ("", "/RPC2"),
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a%00b c/?x=1&y=%20#z", "/a%00b%20c/?x=1&y=%20"),
        ("?x=1", "/?x=1"),
    ];
    for (path, sent) in table {
        let script = script([]);
        let port = port(&script).await;
        let url = format!("SCGI://localhost:{}{path}", port.address.port());
        let client = Client::new(url).unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        assert_eq!(script.requests()[0].variable("REQUEST_URI"), Some(sent));
    }
}

#[tokio::test]
async fn an_address_of_ipv6() {
    let script = script([]);
    let Ok(port) = Port::new(&script, "[::1]:0").await else {
        return println!("there is no IPv6 here");
    };
    let client = Client::new(format!("scgi://{}", port.address)).unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    let shown = format!("{client:?}");
    assert!(
        shown.contains(&format!("scgi://{}", port.address)),
        "{shown}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn urls_of_unix_sockets() {
    type Configure = fn(&unix::Socket) -> ClientBuilder;
    let table: [(Configure, &str); 5] = [
        (
            |socket| Client::builder(format!("scgi+unix://{}", socket.path())),
            "/RPC2",
        ),
        (
            |socket| Client::builder(format!("scgi://{}", socket.path())),
            "/RPC2",
        ),
        (
            |socket| Client::builder(format!("scgi+unix://{}", socket.encoded())),
            "/RPC2",
        ),
        (
            |socket| Client::builder(format!("scgi+unix://{}/a?b", socket.encoded())),
            "/a?b",
        ),
        (
            |socket| Client::builder("scgi://localhost/a").unix_socket(socket.path()),
            "/a",
        ),
    ];
    for (configure, uri) in table {
        let script = script([]);
        let socket = socket(&script);
        let client = configure(&socket).build().unwrap();
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
        assert_eq!(script.requests()[0].variable("REQUEST_URI"), Some(uri));
        let shown = format!("{client:?}");
        assert!(
            shown.contains(&format!("scgi+unix://{}\"", socket.path())),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn headers() {
    let script = script([]);
    let port = port(&script).await;
    let client = Client::builder(format!("scgi://{}", port.address))
        .header("x-tenant", "all")
        .header("x_tenant", "all")
        .header("x-kept", "k")
        .user_agent("probe/1")
        .build()
        .unwrap();
    let call = client.call::<i64>("add", (2, 3));
    // The caller cannot set the length.
    let call = call.header("X-Two", "1").header("x-two", "2");
    let call = call.header("content-length", "3").header("x-kept", "");
    call.header("Content-Type", "text/plain").await.unwrap();
    client.call::<i64>("add", (2, 3)).await.unwrap();

    let requests = script.requests();
    let table = [
        (0, "HTTP_X_TWO", Some("1, 2")),
        (0, "HTTP_X_TENANT", Some("all, all")),
        (0, "HTTP_X_KEPT", Some("")),
        (0, "HTTP_USER_AGENT", Some("probe/1")),
        (0, "HTTP_CONTENT_LENGTH", None),
        (0, "CONTENT_TYPE", Some("text/plain")),
        (0, "HTTP_CONTENT_TYPE", None),
        (1, "HTTP_X_TWO", None),
        (1, "HTTP_X_KEPT", Some("k")),
        (1, "CONTENT_TYPE", Some("text/xml")),
    ];
    for (request, name, value) in table {
        assert_eq!(requests[request].variable(name), value, "{name}");
    }
}

#[tokio::test]
async fn time_outs() {
    let script = script(vec![Step::Silence; 2]);
    let port = port(&script).await;
    let builder = Client::builder(format!("scgi://{}", port.address));
    let client = builder.timeout(Duration::from_millis(100)).build().unwrap();
    let begun = Instant::now();
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let call = client.call::<i64>("add", ());
    let error = call.timeout(Duration::from_millis(10)).await.unwrap_err();
    assert!(error.to_string().contains("within 10ms"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    // Nobody accepts connections on this port, and the request is larger than the socket's buffer.
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(format!("scgi://{}", deaf.local_addr().unwrap())).unwrap();
    let call = client.call::<i64>("length", ("x".repeat(20_000_000),));
    let error = call.timeout(Duration::from_millis(100)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

/// If nobody accepts, the system takes a few connections and lets all others wait.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_time_to_connect() {
    let full = TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = full.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100);
    }
    let client = Client::builder(format!("scgi://{address}"))
        .connect_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    let text = format!("scgi://{address}: no connection within 50ms");
    assert!(error.to_string().contains(&text), "{error}");
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut table = vec![(
        format!("scgi://{address}/t0ken"),
        format!("scgi://{address}: "),
    )];
    #[cfg(unix)]
    let folder = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    {
        let path = unix::nowhere(&folder);
        let encoded = path.replace('/', "%2F");
        let url = format!("scgi+unix://{encoded}/t0ken");
        table.push((url, format!("scgi+unix://{path}: ")));
    }
    for (url, peer) in table {
        let client = Client::builder(url)
            .header("x-key", "s3cret")
            .build()
            .unwrap();
        let error = client.call::<i64>("add", ()).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        let shown = format!("{error} {error:?} {client:?}");
        assert!(shown.contains(&peer), "{shown}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("t0ken"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn retries() {
    let script = script([
        Step::Close,
        Step::CloseAtOnce,
        Step::Answer(answer("200 OK", "", FIVE)),
        Step::Close,
    ]);
    let port = port(&script).await;
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(10));
    let builder = Client::builder(format!("scgi://{}", port.address));
    let client = builder.retries(policy).build().unwrap();
    let call = client.call::<i64>("add", (2, 3));
    assert_eq!(call.idempotent().await.unwrap(), 5);
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout(), "{error}");
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
}

#[test]
fn what_cannot_be_built() {
    let no_way = "SCGI cannot send credentials; remove the user name and password, or the token";
    let builder = || Client::builder("scgi://localhost:5000");
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    let table = [
        (Client::builder("scgi://localhost"), "must contain a port"),
        (
            Client::builder("scgi://localhost/s3cret"),
            "must contain a port",
        ),
        (Client::builder("scgi://"), "must contain a port"),
        (Client::builder("scgi://:5000"), "invalid URL"),
        (Client::builder("scgi://localhost:s3cret"), "invalid URL"),
        (Client::builder("scgi:localhost:5000"), "invalid URL"),
        (Client::builder("scgi://s3cret:pw@localhost:5000"), no_way),
        (Client::builder("scgi://s3cret@localhost:5000"), no_way),
        (Client::builder("scgi+unix://a:s3cret@/run/x.sock"), no_way),
        (builder().basic_auth("ada", "s3cret"), no_way),
        (builder().bearer_auth("s3cret"), no_way),
        (builder().http_client(own), "a custom HTTP client"),
    ];
    for (builder, text) in table {
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(text), "{shown}: {error}");
        assert!(
            !format!("{error:?} {shown}").contains("s3cret"),
            "{error:?}"
        );
    }
}

#[test]
fn without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let script = script([]);
    let port = runtime.block_on(port(&script));
    let client = blocking::Client::new(format!("scgi://{}", port.address)).unwrap();
    let probe = ProbeClient::new(&client);
    assert_eq!(probe.add(1, 2).wait().unwrap(), 3);
    let calls = (probe.add(1, 2), probe.length("abc"));
    let (sum, length) = client.multicall(calls).wait().unwrap();
    assert_eq!((sum.unwrap(), length.unwrap()), (3, 3));
}
