//! Our client calls Python's `xmlrpc.server`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_client::Client;
use xmlrpc_core::{Base64, DateTime, Dialect, Fault, Value, xmlrpc_service};

use crate::common::python::Python;

const SERVER: &str = r"
import sys, socketserver, xmlrpc.client as x
from xmlrpc.server import SimpleXMLRPCServer, SimpleXMLRPCRequestHandler
class Server(socketserver.ThreadingMixIn, SimpleXMLRPCServer):
    daemon_threads = True
    request_queue_size = 128
class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = sys.argv[1]
    rpc_paths = ('/', '/RPC2')
    def do_POST(self):
        self.server.headers = dict((k.lower(), v) for k, v in self.headers.items())
        super().do_POST()
server = Server(('127.0.0.1', 0), requestHandler=Handler, allow_none=True, logRequests=False)
server.register_introspection_functions()
server.register_multicall_functions()
def fail(code, text):
    raise x.Fault(code, text)
def pow_(base, exponent):
    'Returns base to the power of exponent.'
    return base ** exponent
server.register_function(lambda value: value, 'echo')
server.register_function(lambda value: type(value).__name__ + ' ' + repr(value), 'describe')
server.register_function(lambda a, b: a + b, 'add')
server.register_function(lambda name: server.headers.get(name, ''), 'header')
server.register_function(fail, 'fail')
server.register_function(pow_, 'pow')
print(server.server_address[1], flush=True)
server.serve_forever()
";

/// Python's server speaks HTTP/1.0 by default: one connection for each call.
const HTTP: [&str; 2] = ["HTTP/1.0", "HTTP/1.1"];

/// The process, which must be held while it is called, and the host.
async fn server(http: &str) -> (Python, String) {
    let mut python = Python::spawn(SERVER, &[http]);
    let port = python.line().await;
    (python, format!("127.0.0.1:{port}"))
}

async fn echo<T>(client: &Client, value: T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    match client.call::<T>("echo", (&value,)).await {
        Ok(echoed) => assert_eq!(echoed, value),
        Err(error) => panic!("{value:?}: {error}"),
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Mixed {
    id: i32,
    name: String,
    tags: Vec<String>,
    parent: Option<Box<Mixed>>,
    left_out: Option<i32>,
    when: DateTime,
    bytes: Base64,
}

fn mixed() -> Mixed {
    Mixed {
        id: -7,
        name: "\u{fc}ber <&> \u{65e5}\u{672c} \u{1f600}".to_owned(),
        tags: vec![String::new(), " ".to_owned()],
        parent: None,
        left_out: None,
        when: "19980717T14:08:55".parse().unwrap(),
        bytes: Base64((0..=255).collect()),
    }
}

#[tokio::test]
async fn every_type() {
    for http in HTTP {
        let (_python, host) = server(http).await;
        let client = Client::new(format!("http://{host}")).unwrap();
        for value in [0, -1, i64::from(i32::MAX), i64::from(i32::MIN)] {
            echo(&client, value).await;
        }
        for value in [0.0, -0.5, 0.1, 1e300, 1e-7, f64::MAX, f64::MIN_POSITIVE] {
            echo(&client, value).await;
        }
        echo(&client, true).await;
        echo(&client, false).await;
        echo(&client, "x".repeat(1_000_000)).await;
        echo(&client, vec![vec![1], vec![], vec![2, 3]]).await;
        echo(&client, BTreeMap::from([("<&>".to_owned(), vec![1.5])])).await;
        echo(&client, Some(5)).await;
        echo(&client, None::<i32>).await;
        let child = mixed();
        let parent = Some(Box::new(mixed()));
        echo(&client, Mixed { parent, ..child }).await;
        let bytes: Vec<u8> = (0..=255).collect();
        echo(&client, Value::Base64(bytes)).await;

        let described = client
            .call::<String>("describe", (1_i64 << 40,))
            .await
            .unwrap();
        assert_eq!(described, "int 1099511627776");
        // Python's responses do not escape a CR, so it would come back as a line end.
        let described = client
            .call::<String>("describe", ("\u{e4}\r\n\t",))
            .await
            .unwrap();
        assert_eq!(described, "str '\u{e4}\\r\\n\\t'");
    }
}

#[tokio::test]
async fn faults_and_refusals() {
    for http in HTTP {
        let (_python, host) = server(http).await;
        let client = Client::new(format!("http://{host}/")).unwrap();
        let error = client
            .call::<i64>("fail", (17, "n\u{e9}e <b>"))
            .await
            .unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(17, "n\u{e9}e <b>")));
        let error = client.call::<i64>("nothing", ()).await.unwrap_err();
        let fault = error.fault().expect("a fault");
        assert_eq!(fault.code(), 1);
        assert!(fault.message().contains("is not supported"), "{fault}");
        // Python itself cannot send 2 ** 40 as an int.
        let error = client.call::<i64>("pow", (2, 40)).await.unwrap_err();
        assert!(error.fault().is_some(), "{error}");
        let error = client.call::<i64>("echo", ("text",)).await.unwrap_err();
        assert!(error.is_decode(), "{error}");

        let lost = Client::new(format!("http://{host}/nowhere")).unwrap();
        let error = lost.call::<i64>("add", (1, 2)).await.unwrap_err();
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(404),
            "{error}"
        );
    }
}

#[xmlrpc_service(client)]
trait Peer {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn pow(&self, base: i64, exponent: u32) -> i64;
    async fn fail(&self, code: i32, text: &str) -> i64;
    async fn echo(&self, value: &str) -> String;
}

#[tokio::test]
async fn a_stub_and_a_multicall() {
    for http in HTTP {
        let (_python, host) = server(http).await;
        let client = Client::new(format!("http://{host}")).unwrap();
        let peer = PeerClient::new(&client);
        assert_eq!(peer.add(2, 3).await.unwrap(), 5);

        let calls = (
            peer.add(2, 3),
            peer.echo("\u{e4}"),
            peer.fail(4, "no"),
            peer.pow(2, 9),
        );
        let (sum, echo, fail, power) = client.multicall(calls).await.unwrap();
        assert_eq!(
            (sum.unwrap(), echo.unwrap(), power.unwrap()),
            (5, "\u{e4}".to_owned(), 512)
        );
        assert_eq!(fail.unwrap_err().fault(), Some(&Fault::new(4, "no")));

        let calls: Vec<_> = (0..2_500).map(|n| peer.add(n, 1)).collect();
        let sums = client.multicall(calls).await.unwrap();
        assert!(
            sums.into_iter()
                .zip(1..)
                .all(|(sum, expected)| sum.unwrap() == expected)
        );
    }
}

#[tokio::test]
async fn introspection() {
    let (_python, host) = server("HTTP/1.1").await;
    let client = Client::new(format!("http://{host}")).unwrap();
    let names = client
        .call::<Vec<String>>("system.listMethods", ())
        .await
        .unwrap();
    assert!(
        names.iter().any(|name| name == "system.multicall"),
        "{names:?}"
    );
    let help = client
        .call::<String>("system.methodHelp", ("pow",))
        .await
        .unwrap();
    assert_eq!(help, "Returns base to the power of exponent.");
    let signature = client
        .call::<Value>("system.methodSignature", ("pow",))
        .await
        .unwrap();
    assert_eq!(signature.as_str(), Some("signatures not supported"));
}

#[tokio::test]
async fn headers_and_dialects() {
    let (_python, host) = server("HTTP/1.1").await;
    let client = Client::builder(format!("http://us%40er:p%3Aw@{host}"));
    let client = client
        .dialect(Dialect::STANDARD)
        .header("x-test", "seen")
        .build()
        .unwrap();
    let header = |name: &'static str| client.call::<String>("header", (name,));
    assert_eq!(header("authorization").await.unwrap(), "Basic dXNAZXI6cDp3");
    assert_eq!(header("x-test").await.unwrap(), "seen");
    assert_eq!(
        header("x-test").header("x-test", "once").await.unwrap(),
        "once"
    );
    assert_eq!(header("content-type").await.unwrap(), "text/xml");
    // Python compresses responses of more than 1,400 bytes for clients that accept gzip.
    assert!(header("accept-encoding").await.unwrap().contains("gzip"));
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        let client = Client::builder(format!("http://{host}"))
            .dialect(dialect)
            .build()
            .unwrap();
        echo(&client, vec![1, 2]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once() {
    for http in HTTP {
        let (_python, host) = server(http).await;
        let client = Client::new(format!("http://{host}")).unwrap();
        let mut calls = tokio::task::JoinSet::new();
        for call in 0..50_i64 {
            let client = client.clone();
            calls.spawn(async move {
                for n in 0..10 {
                    assert_eq!(
                        client.call::<i64>("add", (call, n)).await.unwrap(),
                        call + n
                    );
                }
            });
        }
        while let Some(result) = calls.join_next().await {
            result.unwrap();
        }
    }
}
