//! The server's responses to raw HTTP requests.

use std::time::Duration;

use axum::{Extension, Router, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Context, Dispatcher, xmlrpc_service};

use crate::common::http_raw::{ADD, Answer, post, post_unframed, send};
use crate::common::http_server::{Server, dispatcher, serve};

async fn server() -> Server {
    serve(xmlrpc_axum::router(dispatcher())).await
}

#[tokio::test]
async fn a_call() {
    let server = server().await;
    let answer = send(
        server.address,
        &post("Content-Type: text/xml\r\n", ADD.as_bytes()),
    )
    .await;
    answer.assert_int(5);
    assert!(
        answer
            .head
            .contains("content-type: text/xml; charset=utf-8"),
        "{answer:?}"
    );
    assert!(
        answer
            .head
            .contains(&format!("content-length: {}", answer.body.len())),
        "{answer:?}"
    );
}

#[tokio::test]
async fn paths() {
    let server = server().await;
    for (path, status) in [
        ("/", 200),
        ("/RPC2", 200),
        ("/?a=b", 200),
        ("/rpc", 404),
        ("/RPC2/", 404),
    ] {
        let length = ADD.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{ADD}"
        );
        send(server.address, request.as_bytes())
            .await
            .assert_status(status, path);
    }
}

#[tokio::test]
async fn other_methods_are_405() {
    let server = server().await;
    for method in [
        "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND",
    ] {
        let request = format!("{method} /RPC2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = send(server.address, request.as_bytes()).await;
        answer.assert_status(405, method);
        assert!(answer.head.contains("allow: post"), "{answer:?}");
    }

    // An endpoint on a route of the user's own router tells the client what to send.
    let app = Router::new().route_service("/RPC2", Endpoint::new(dispatcher()));
    let server = serve(app).await;
    for (method, text) in [
        ("GET", "an XML-RPC call is a POST: send it as one\n"),
        ("HEAD", ""),
    ] {
        let request = format!("{method} /RPC2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = send(server.address, request.as_bytes()).await;
        answer.assert_status(405, method);
        assert!(answer.head.contains("allow: post"), "{answer:?}");
        assert!(
            answer.head.contains("content-type: text/plain"),
            "{answer:?}"
        );
        assert_eq!(answer.body, text);
    }
}

#[tokio::test]
async fn beside_other_methods_on_the_same_path() {
    let page = || Router::new().route("/", get(|| async { "a page" }));
    let rpc = || xmlrpc_axum::router(dispatcher());
    for app in [page().merge(rpc()), rpc().merge(page())] {
        let server = serve(app).await;
        let ask = |method: &str| {
            format!(
                "{method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{ADD}",
                ADD.len()
            )
        };
        let answer = send(server.address, ask("GET").as_bytes()).await;
        assert_eq!((answer.status, &*answer.body), (200, "a page"));
        send(server.address, ask("POST").as_bytes())
            .await
            .assert_int(5);
        let answer = send(server.address, ask("PUT").as_bytes()).await;
        answer.assert_status(405, "PUT");
        let allow = answer.head.lines().find(|line| line.starts_with("allow:"));
        let allow = allow.unwrap_or_default();
        assert!(allow.contains("get") && allow.contains("post"), "{allow}");
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
        (
            "Content-Type: Application/X-WWW-Form-URLencoded ; charset=utf-8\r\n",
            415,
        ),
        ("Content-Type: multipart/form-data; boundary=x\r\n", 415),
        ("Content-Type: application/json\r\n", 415),
        (
            "Content-Type: application/vnd.api+json; charset=utf-8\r\n",
            415,
        ),
        (
            "Content-Type: text/xml\r\nContent-Type: application/json\r\n",
            415,
        ),
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
async fn the_content_type_of_forms() {
    let endpoint = Endpoint::new(dispatcher()).allow_form_content_type();
    let server = serve(endpoint.into_router()).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let table = [
        (form.to_owned(), 200),
        (
            form.to_uppercase().replace("CONTENT-TYPE", "Content-Type"),
            200,
        ),
        (form.replace("\r", "; charset=utf-8\r"), 200),
        ("Content-Type: text/xml\r\n".to_owned(), 200),
        (
            "Content-Type: multipart/form-data; boundary=x\r\n".to_owned(),
            415,
        ),
        ("Content-Type: application/json\r\n".to_owned(), 415),
        // The rules about origins still apply.
        (format!("{form}Origin: https://evil.example\r\n"), 403),
        (format!("{form}Sec-Fetch-Site: cross-site\r\n"), 403),
    ];
    for (headers, status) in table {
        let answer = send(server.address, &post(&headers, ADD.as_bytes())).await;
        answer.assert_status(status, &headers);
        if status == 200 {
            answer.assert_int(5);
        }
    }
}

#[tokio::test]
async fn invalid_calls_are_answered_with_a_fault() {
    let server = server().await;
    let unknown = "<methodCall><methodName>nothing</methodName></methodCall>";
    let table = [
        ("garbage", -32700),
        ("", -32700),
        ("<html></html>", -32600),
        (unknown, -32601),
    ];
    for (body, code) in table {
        send(server.address, &post("", body.as_bytes()))
            .await
            .assert_fault(code);
    }
}

#[tokio::test]
async fn http_1_0() {
    let server = server().await;
    let request = format!(
        "POST /RPC2 HTTP/1.0\r\nContent-Length: {}\r\n\r\n{ADD}",
        ADD.len()
    );
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
            let request = format!(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{ADD}",
                ADD.len()
            );
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
async fn a_client_that_expects_100_continue() {
    let server = server().await;
    let exchange = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = post_unframed(
            &format!("Expect: 100-continue\r\nContent-Length: {}\r\n", ADD.len()),
            b"",
        );
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
        cx.get::<Tenant>()
            .map(|tenant| tenant.0.to_owned())
            .unwrap_or_default()
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
        .nest(
            "/nested",
            xmlrpc_axum::router(tenants.clone()).layer(Extension(Tenant("one"))),
        )
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
