//! Who may have the page and its files.

use axum::Router;
use xmlrpc_axum::{Endpoint, explorer};

use crate::common::{request, shop};

const URIS: [&str; 5] = [
    "/",
    "/?explorer.js",
    "/?explorer.css",
    "/?icon.svg",
    "/?description.json",
];

fn endpoint() -> Endpoint {
    Endpoint::new(shop())
        .allow_host("rpc.example")
        .allow_origin("https://app.example")
}

/// The page on the path of the endpoint, and on its own.
fn routers(endpoint: Endpoint) -> [Router; 2] {
    [
        explorer(&endpoint, "/RPC2"),
        endpoint.explorer().into_router(),
    ]
}

#[tokio::test]
async fn the_rule_for_hosts_applies() {
    for router in routers(endpoint()) {
        for uri in URIS {
            for (host, status) in [
                ("localhost", 200),
                ("localhost:8000", 200),
                ("127.0.0.1:8000", 200),
                ("[::1]:8000", 200),
                ("rpc.example", 200),
                ("RPC.example.", 200),
                ("app.example", 200),
                ("evil.example", 403),
                ("rpc.example.evil.example", 403),
                ("localhost.evil.example", 403),
                ("", 403),
            ] {
                let headers = [("accept", "text/html"), ("host", host)];
                let got = request(&router, "GET", uri, &headers).await;
                assert_eq!(got.status, status, "{uri} of {host}: {got:?}");
                if status == 403 {
                    assert_eq!(got.header("content-type"), "text/plain; charset=utf-8");
                    assert!(!got.text().contains("shop"), "{got:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_of_others_may_link_but_not_read() {
    for router in routers(endpoint()) {
        for uri in URIS {
            let link = if uri == "/" { 200 } else { 403 };
            for (headers, status) in [
                (&[("sec-fetch-site", "none")][..], 200),
                (&[("sec-fetch-site", "same-origin")], 200),
                (&[("sec-fetch-site", "same-site")], link),
                (&[("sec-fetch-site", "cross-site")], link),
                (&[("origin", "https://evil.example")], link),
                (&[("origin", "null")], link),
                (
                    &[
                        ("origin", "https://app.example"),
                        ("sec-fetch-site", "cross-site"),
                    ],
                    200,
                ),
            ] {
                let headers = [&[("accept", "text/html")], headers].concat();
                let got = request(&router, "GET", uri, &headers).await;
                assert_eq!(got.status, status, "{uri} with {headers:?}: {got:?}");
                // Even then, the browser gives it to no other page.
                assert!(!got.headers.contains_key("access-control-allow-origin"));
                assert_eq!(got.header("cross-origin-resource-policy"), "same-origin");
            }
        }
    }
}

#[tokio::test]
async fn an_endpoint_for_every_origin_has_every_host() {
    for router in routers(endpoint().allow_any_origin()) {
        for uri in URIS {
            let headers = [("accept", "text/html"), ("host", "any.example")];
            let got = request(&router, "GET", uri, &headers).await;
            assert_eq!(got.status, 200, "{uri}: {got:?}");
        }
    }
}

#[tokio::test]
async fn foreign_pages_still_cannot_call() {
    let router: Router = endpoint().explorer().into_router();
    for headers in [
        [("origin", "https://evil.example"), ("host", "localhost")],
        [("sec-fetch-site", "cross-site"), ("host", "localhost")],
        [("sec-fetch-site", "same-origin"), ("host", "evil.example")],
    ] {
        let got = request(&router, "POST", "/", &headers).await;
        assert_eq!(got.status, 403, "{headers:?}: {got:?}");
    }
}
