//! Responses that our own server does not send.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn},
    response::IntoResponse as _,
};
use serde_json::json;
use xmlrpc_axum::Endpoint;
use xmlrpc_browser_tests::{browser::test, form::Do, server::Server, services::dispatcher};

/// A server with the page that sends this response to each call.
async fn server(status: u16, body: String) -> Server {
    let router: Router = Endpoint::new(dispatcher()).explorer().into_router();
    let answer = from_fn(move |request: axum::extract::Request, next: Next| {
        let body = body.clone();
        async move {
            if request.method() == "GET" {
                return next.run(request).await;
            }
            let status = StatusCode::from_u16(status).expect("a status");
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, "text/xml".parse().expect("a value"));
            if status.is_redirection() {
                let elsewhere = "http://other.example/".parse().expect("a value");
                headers.insert(header::LOCATION, elsewhere);
            }
            (status, headers, body).into_response()
        }
    });
    Server::router(router.layer(answer)).await
}

fn result(value: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
    )
}

const FAULT: &str = "<methodResponse><fault><value><struct>\
    <member><name>faultCode</name><value><int>4</int></value></member>\
    <member><name>faultString</name><value><string>too many</string></value></member>\
    </struct></value></fault></methodResponse>";

#[tokio::test]
async fn each_is_explained() {
    test(async |page| {
        let doctype =
            result("<int>5</int>").replace("?><", "?><!DOCTYPE methodResponse SYSTEM \"x\"><");
        for (status, body, expected) in [
            (500, FAULT.to_owned(), "fault 4: too many"),
            (500, result("<int>5</int>"), "problem: The server refused"),
            (
                500,
                "<h1>Oops</h1>".to_owned(),
                "problem: The server refused the request: <h1>Oops</h1>",
            ),
            (302, String::new(), "problem: The server redirects"),
            (200, doctype, "int 5"),
            (200, result("a&#x110000;b"), "string a&#x110000;b"),
            (
                200,
                result("&constructor; &toString; &lt;"),
                "string &constructor; &toString; <",
            ),
        ] {
            let server = server(status, body.clone()).await;
            page.open(&server.url()).await;
            let form = page.form("kinds.int").await;
            form.act("0", Do::Type("5")).await;
            let outcome = form.call().await;
            assert!(outcome.starts_with(expected), "{status} {body}: {outcome}");
            let violations: Vec<String> =
                page.js("return window.violations ?? []", json!([])).await;
            assert!(violations.is_empty(), "{violations:?}");
        }
    })
    .await;
}

/// The time for a tag without an end does not grow with the square of its length.
#[tokio::test]
async fn tags_without_an_end() {
    test(async |page| {
        for part in ["a", "a ", "a:", "/"] {
            let server = server(200, format!("<methodResponse><{}", part.repeat(300_000))).await;
            page.open(&server.url()).await;
            let form = page.form("kinds.int").await;
            form.act("0", Do::Type("5")).await;
            let answered = tokio::time::timeout(Duration::from_secs(20), form.call()).await;
            let outcome = answered.expect("the page does not freeze");
            assert!(
                outcome.contains("cannot read the response"),
                "{part:?}: {outcome}"
            );
        }
    })
    .await;
}
