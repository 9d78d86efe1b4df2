//! How large the page is, and how long it takes.

use std::time::{Duration, Instant};

use axum::Router;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, schema::Schema, service::MethodDoc};

use crate::common::{request, router};

/// The most that the files of the page may have in the binary.
const ASSETS: usize = 40_000;

#[tokio::test]
async fn the_files_are_small() {
    let router = router();
    let mut sum = 0;
    for name in ["explorer.js", "explorer.css", "icon.svg"] {
        let got = request(&router, "GET", &format!("/?{name}"), &[]).await;
        assert_eq!(got.status, 200);
        sum += got.body.len();
    }
    assert!(
        sum <= ASSETS,
        "the files have {sum} bytes, more than {ASSETS}"
    );
}

/// Comments and indentation are only in the sources.
#[tokio::test]
async fn the_files_are_squeezed() {
    let router = router();
    for name in ["explorer.js", "explorer.css"] {
        let got = request(&router, "GET", &format!("/?{name}"), &[]).await;
        for part in ["/*", "\t"] {
            assert!(!got.text().contains(part), "{name} contains {part:?}");
        }
    }
}

fn server(methods: usize) -> Router {
    let dispatcher = (0..methods).fold(Dispatcher::new(), |dispatcher, index| {
        let name = format!("space{}.method{index}", index % 20);
        let doc = MethodDoc::new(
            "Does *something* with [a link](https://example.com), in a text of more than one line.\n\n\
             * a list\n* of `items`",
        )
        .params(["first", "second"])
        .result(Schema::Array(Box::new(Schema::String)));
        dispatcher
            .method(&name, |first: i64, second: Option<String>| format!("{first}{second:?}"))
            .method_doc(&name, doc)
    });
    Endpoint::new(dispatcher).explorer().into_router()
}

/// The time until the page has arrived, and its compressed size.
async fn opened(methods: usize) -> (Duration, usize) {
    let router = server(methods);
    let start = Instant::now();
    let accept = [("accept", "text/html"), ("accept-encoding", "gzip")];
    let page = request(&router, "GET", "/", &accept).await;
    let elapsed = start.elapsed();
    assert_eq!(page.header("content-encoding"), "gzip");
    (elapsed, page.body.len())
}

/// Without optimizations and beside other tests, it takes several times as long as for users.
#[tokio::test]
async fn a_thousand_methods() {
    let (elapsed, size) = opened(1_000).await;
    assert!(
        elapsed < Duration::from_secs(5),
        "the page took {elapsed:?}"
    );
    assert!(size < 100_000, "the page has {size} bytes");
}

#[tokio::test]
async fn the_time_grows_with_the_methods() {
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let (small, _) = opened(250).await;
        let (large, _) = opened(1_000).await;
        ratios.push(large.as_secs_f64() / small.as_secs_f64());
    }
    let best = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(
        best < 10.0,
        "four times the methods took {ratios:?} times as long"
    );
}

/// The second request takes what the first has made.
#[tokio::test]
async fn the_page_is_made_once() {
    let router = server(1_000);
    let accept = [("accept", "text/html"), ("accept-encoding", "gzip")];
    let start = Instant::now();
    request(&router, "GET", "/", &accept).await;
    let first = start.elapsed();
    let mut others = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        request(&router, "GET", "/", &accept).await;
        others.push(start.elapsed());
    }
    let best = others.iter().min().unwrap();
    assert!(*best < first / 4, "first {first:?}, then {others:?}");
}
