//! The page of a server of others, which describes its methods itself.

use std::process::Stdio;

use axum::Router;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};
use xmlrpc_axum::{Endpoint, explorer};
use xmlrpc_browser_tests::{browser::test, form::Do, server::Server};
use xmlrpc_client::Client;

const PYTHON: &str = r#"
from xmlrpc.server import SimpleXMLRPCServer

def add(a, b):
    """Adds <b>two</b> numbers & more.

    Also *texts*."""
    return a + b

class Server(SimpleXMLRPCServer):
    def system_methodSignature(self, name):
        return [["int", "int", "int"]] if name == "add" else "signatures not supported"

server = Server(("127.0.0.1", 0), logRequests=False, allow_none=True)
server.register_introspection_functions()
server.register_multicall_functions()
server.register_function(server.system_methodSignature, "system.methodSignature")
server.register_function(add)
server.register_function(lambda *all: list(all), "list.all")
server.register_function(lambda: 1 // 0, "fail")
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

#[tokio::test]
async fn python() {
    test(async |page| {
        let mut python = Command::new("python3")
            .args(["-c", PYTHON])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 is on the PATH");
        let mut lines = BufReader::new(python.stdout.take().expect("it is piped")).lines();
        let port = lines.next_line().await.expect("a line").expect("a port");
        let client = Client::new(format!("http://127.0.0.1:{port}/")).expect("a URL");

        let endpoint = Endpoint::over(client.transport().clone());
        let docs: Router = Router::new().nest("/docs", explorer(&endpoint, "/RPC2"));
        let server = Server::router(docs.merge(endpoint.into_router())).await;
        page.open(&format!("http://{}/docs", server.address)).await;

        let signature = page.text("[id=\"m.add\"] .signature").await;
        assert!(signature.contains("int"), "{signature}");
        let help = page.text("[id=\"m.add\"] .doc").await;
        assert!(help.contains("Adds <b>two</b> numbers & more."), "{help}");
        let form = page.form("add").await;
        form.acts(&[("0", Do::Type("2")), ("1", Do::Type("3"))])
            .await;
        assert_eq!(form.call().await, "int 5");
        // Nothing is known about these parameters.
        let form = page.form("list.all").await;
        form.json("[1, \"a\", {\"b\": null}, {\"$date\": \"20240131T12:00:00\"}]")
            .await;
        assert_eq!(
            form.call().await,
            "[int 1, string a, {b: nil}, dateTime.iso8601 20240131T12:00:00]"
        );
        let form = page.form("fail").await;
        let outcome = form.call().await;
        assert!(
            outcome.starts_with("fault 1: <class 'ZeroDivisionError'>"),
            "{outcome}"
        );
        page.assert_clean().await;
    })
    .await;
}

#[tokio::test]
async fn without_introspection() {
    test(async |page| {
        let behind = Server::start(
            xmlrpc_core::Dispatcher::new()
                .introspection(false)
                .method("a", || 1),
        )
        .await;
        let client = Client::new(behind.url()).expect("a URL");
        let endpoint = Endpoint::over(client.transport().clone()).explorer();
        let server = Server::router(endpoint.into_router()).await;
        page.open(&server.url()).await;
        assert!(page.shows(".warning").await);
        page.assert_clean().await;
    })
    .await;
}
