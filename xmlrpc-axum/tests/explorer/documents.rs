//! Which request gets which document, and with which headers.

use std::io::Read;

use axum::{Router, routing::get};
use flate2::read::GzDecoder;
use xmlrpc_axum::{Endpoint, explorer};
use xmlrpc_core::{Dispatcher, service::ReplaceableDispatcher};

use crate::common::{
    Got, description,
    http_raw::{ADD, post, send},
    http_server, page, request, router, shop,
};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[track_caller]
fn assert_protected(got: &Got, what: &str) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(got.header(name), value, "{name} of {what}");
    }
    let vary = got.header("vary");
    assert!(
        vary.contains("Accept,") && vary.contains("Accept-Encoding"),
        "{vary} of {what}"
    );
}

#[tokio::test]
async fn requests_and_their_documents() {
    const HTML: &str = "text/html; charset=utf-8";
    let router = router();
    for (method, uri, accept, status, media_type) in [
        ("GET", "/", "text/html", 200, HTML),
        ("GET", "/RPC2", "text/html", 200, HTML),
        ("GET", "/", "image/png, text/html;q=0.1, */*", 200, HTML),
        ("GET", "/", "Text/HTML", 200, HTML),
        ("GET", "/", "application/xhtml+xml", 200, HTML),
        ("GET", "/?unknown", "text/html", 200, HTML),
        ("HEAD", "/", "text/html", 200, HTML),
        ("GET", "/", "text/html;q=0", 405, ""),
        ("GET", "/", "*/*", 405, ""),
        ("GET", "/", "text/xml", 405, ""),
        ("GET", "/", "", 405, ""),
        (
            "GET",
            "/?explorer.js",
            "*/*",
            200,
            "text/javascript; charset=utf-8",
        ),
        (
            "GET",
            "/?explorer.css",
            "text/css",
            200,
            "text/css; charset=utf-8",
        ),
        ("GET", "/?icon.svg", "image/*", 200, "image/svg+xml"),
        (
            "GET",
            "/RPC2?description.json",
            "*/*",
            200,
            "application/json",
        ),
        (
            "GET",
            "/?description.json&x=1",
            "text/html",
            200,
            "application/json",
        ),
        ("PUT", "/", "text/html", 405, ""),
        ("DELETE", "/?explorer.js", "*/*", 405, ""),
    ] {
        let what = format!("{method} {uri} with {accept:?}");
        let got = request(&router, method, uri, &[("accept", accept)]).await;
        assert_eq!(got.status, status, "{what}: {got:?}");
        if status == 200 {
            assert_eq!(got.header("content-type"), media_type, "{what}");
            assert_protected(&got, &what);
            let length: usize = got.header("content-length").parse().unwrap();
            assert!(length > 0, "{what}");
            assert_eq!(got.body.is_empty(), method == "HEAD", "{what}");
        }
    }
}

#[tokio::test]
async fn without_the_setting_nothing_has_changed() {
    let endpoint = Endpoint::new(shop());
    let plain: Router = endpoint.clone().into_router();
    let service = Router::new().route_service("/", endpoint);
    for router in [plain, service] {
        for uri in ["/", "/?explorer.js", "/?description.json"] {
            let got = request(&router, "GET", uri, &[("accept", "text/html")]).await;
            assert_eq!(got.status, 405, "{uri}: {got:?}");
            assert_eq!(got.header("allow"), "POST", "{uri}");
        }
    }
}

/// What is allowed does not depend on who refuses: the router or the endpoint.
#[tokio::test]
async fn the_methods_that_are_allowed() {
    let endpoint = Endpoint::new(shop()).explorer();
    let service = Router::new().route_service("/", endpoint.clone());
    for router in [endpoint.into_router(), service] {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let got = request(&router, method, "/", &[("accept", "*/*")]).await;
            assert_eq!(got.status, 405, "{method}: {got:?}");
            assert_eq!(got.header("allow"), "GET,HEAD,POST", "{method}");
        }
    }
}

#[tokio::test]
async fn a_browser_that_has_the_document_gets_304() {
    let router = router();
    for uri in ["/", "/?explorer.js", "/?explorer.css", "/?description.json"] {
        for coding in ["identity", "gzip"] {
            let accept = [("accept", "text/html"), ("accept-encoding", coding)];
            let first = request(&router, "GET", uri, &accept).await;
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"'), "{tag} is strong");
            let weak = format!("W/{tag}");
            let list = format!("\"other\", {tag}");
            for (known, status) in [
                (&*tag, 304),
                (&weak, 304),
                (&list, 304),
                ("*", 304),
                ("\"other\"", 200),
            ] {
                let headers = [accept[0], accept[1], ("if-none-match", known)];
                let again = request(&router, "GET", uri, &headers).await;
                assert_eq!(again.status, status, "{uri} with {known}");
                assert_eq!(again.body.is_empty(), status == 304, "{uri} with {known}");
                assert_eq!(again.header("etag"), tag, "{uri} with {known}");
                assert_protected(&again, uri);
            }
        }
    }
}

#[tokio::test]
async fn gzip_if_the_browser_accepts_it() {
    let router = router();
    for (codings, compressed) in [
        ("gzip, deflate, br", true),
        ("gzip;q=0.5", true),
        ("GZIP", true),
        ("br, X-Gzip;Q=0.5", true),
        ("*", true),
        ("gzip;q=0", false),
        ("gzip;q=0, *", false),
        ("Gzip;q=0, *", false),
        ("br", false),
        ("", false),
    ] {
        let accept = [("accept", "text/html"), ("accept-encoding", codings)];
        let got = request(&router, "GET", "/", &accept).await;
        assert_eq!(
            got.headers.contains_key("content-encoding"),
            compressed,
            "{codings}"
        );
        if compressed {
            assert_eq!(got.header("content-encoding"), "gzip");
            let mut text = String::new();
            GzDecoder::new(&got.body[..])
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, page(&router).await);
            let plain = request(&router, "GET", "/", &[("accept", "text/html")]).await;
            assert_ne!(
                plain.header("etag"),
                got.header("etag"),
                "each form has its tag"
            );
        }
    }
}

#[tokio::test]
async fn the_page_on_another_path() {
    let endpoint = Endpoint::new(shop());
    let app: Router = Router::new()
        .nest("/docs", explorer(&endpoint, "/api/rpc"))
        .route("/", get(|| async { "home" }))
        .route_service("/api/rpc", endpoint);
    // There is nothing else, so the page does not depend on what the client accepts.
    for accept in ["text/html", "*/*"] {
        let got = request(&app, "GET", "/docs", &[("accept", accept)]).await;
        assert_eq!(got.status, 200, "{got:?}");
        assert!(got.text().contains("data-endpoint=\"/api/rpc\""), "{got:?}");
        assert_protected(&got, "/docs");
    }
    let got = request(&app, "GET", "/docs?description.json", &[]).await;
    let description: serde_json::Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!(description["endpoint"], "/api/rpc");
    // The endpoint itself does not show it, and the page takes no calls.
    let got = request(&app, "GET", "/api/rpc", &[("accept", "text/html")]).await;
    assert_eq!(got.status, 405);
    let got = request(&app, "POST", "/docs", &[]).await;
    assert_eq!(got.status, 405);
}

/// A nested router answers one of `/docs` and `/docs/`.
#[tokio::test]
async fn with_and_without_a_slash_at_the_end() {
    let endpoint = Endpoint::new(shop());
    let docs: Router = explorer(&endpoint, "/RPC2");
    let one = Router::new().nest("/docs", docs.clone());
    let both = Router::new()
        .nest("/docs", docs.clone())
        .nest("/docs/", docs);
    for (app, path, status) in [
        (&one, "/docs", 200),
        (&one, "/docs/", 404),
        (&both, "/docs", 200),
        (&both, "/docs/", 200),
        (&both, "/docs?explorer.js", 200),
        (&both, "/docs/?explorer.js", 200),
        (&both, "/docs/other", 404),
    ] {
        let got = request(app, "GET", path, &[]).await;
        assert_eq!(got.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_page_of_a_replaced_dispatcher_is_new() {
    let dispatcher = ReplaceableDispatcher::new(Dispatcher::new().method("old", || 1));
    let router: Router = Endpoint::replaceable(dispatcher.clone())
        .explorer()
        .into_router();
    let old = page(&router).await;
    assert!(old.contains("id=\"m.old\"") && !old.contains("id=\"m.new\""));
    dispatcher.replace(Dispatcher::new().method("new", || 1));
    let new = page(&router).await;
    assert!(new.contains("id=\"m.new\"") && !new.contains("id=\"m.old\""));
    assert_eq!(description(&router).await["methods"][0]["name"], "new");
}

#[tokio::test]
async fn settings_after_the_explorer_appear_on_the_page() {
    let endpoint = Endpoint::new(shop()).explorer();
    let first: Router = endpoint.clone().into_router();
    assert_eq!(
        description(&first).await["limits"]["request_bytes"],
        8 << 20
    );
    let second: Router = endpoint.max_body_bytes(12_345).into_router();
    assert_eq!(
        description(&second).await["limits"]["request_bytes"],
        12_345
    );
    assert!(page(&second).await.contains("12,345 bytes"));
}

/// The page is not part of a log.
#[tokio::test]
async fn debug_output_is_short() {
    let endpoint = Endpoint::new(shop()).explorer();
    page(&endpoint.clone().into_router()).await;
    let text = format!("{endpoint:?}");
    assert!(text.contains("Explorer") && text.len() < 2_000, "{text}");
}

/// A browser's request for the page, and a call, over one server.
#[tokio::test]
async fn over_a_socket() {
    let app = Endpoint::new(http_server::dispatcher())
        .explorer()
        .into_router();
    let server = http_server::serve(app).await;
    let answer = send(
        server.address,
        b"GET /RPC2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\n\r\n",
    )
    .await;
    answer.assert_status(200, "the page");
    assert!(
        answer.body.contains("<h1>XML-RPC methods</h1>"),
        "{answer:?}"
    );
    let answer = send(server.address, &post("", ADD.as_bytes())).await;
    answer.assert_int(5);
}
