//! The page of another server, which describes its methods itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use tower::{BoxError, service_fn};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Client, Dispatcher, Request, Response, client::TransportError};

use crate::common::{description, page, shop};

fn gateway(dispatcher: Dispatcher) -> Router {
    Endpoint::over(dispatcher).explorer().into_router()
}

#[tokio::test]
async fn methods_by_namespace() {
    let router = gateway(shop());
    let page = page(&router).await;
    for part in [
        "id=\"s.shop\"",
        "id=\"m.shop.order\"",
        "shop.order(param1: struct, param2?: int, param3?: string, param4?: string): struct",
        "Orders an <strong>item</strong>.",
        "id=\"m.system.multicall\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("class=\"warning\""), "{page}");
    let description = description(&router).await;
    assert_eq!(description["warning"], serde_json::Value::Null);
    assert_eq!(description["multicall"], true);
    assert_eq!(description["services"][0]["generated"], false);
}

#[tokio::test]
async fn without_introspection_it_says_so() {
    let router = gateway(Dispatcher::new().introspection(false).method("a", || 1));
    let page = page(&router).await;
    assert!(page.contains("<p class=\"warning\">"), "{page}");
    assert!(
        page.contains("the server does not describe its methods"),
        "{page}"
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached() {
    let broken = service_fn(|_: Request| async {
        Err::<Response, BoxError>(TransportError::connect("refused").into())
    });
    let page = page(&Endpoint::over(broken).explorer().into_router()).await;
    assert!(
        page.contains("the server behind this one cannot be reached"),
        "{page}"
    );
}

/// The server is asked once for many requests.
#[tokio::test]
async fn the_description_is_kept() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let dispatcher = shop();
    let router: Router = Endpoint::over(service_fn(move |request: Request| {
        counter.fetch_add(1, Ordering::SeqCst);
        dispatcher.dispatch(request)
    }))
    .explorer()
    .into_router();
    let (one, other) = tokio::join!(page(&router), page(&router));
    assert_eq!(one, other);
    assert_eq!(asked.load(Ordering::SeqCst), 2, "the list, and a multicall");
}

/// What the page needs is also there for programs.
#[tokio::test]
async fn bounds() {
    let many = (0..5).fold(Dispatcher::new(), |dispatcher, index| {
        dispatcher.method(&format!("m{index}"), || 1)
    });
    let client = Client::new(many.introspection(true));
    let all = client.introspect().await.unwrap();
    for (most, left_out) in [(all.methods.len(), false), (all.methods.len() - 1, true)] {
        let some = client.introspect().max_methods(most).await.unwrap();
        assert_eq!(some.methods.len(), most);
        assert_eq!(some.warning.is_some(), left_out, "{some:?}");
    }
    let late = client.introspect().timeout(Duration::ZERO).await;
    assert!(late.is_err() || late.is_ok_and(|late| late.warning.is_some()));
}
