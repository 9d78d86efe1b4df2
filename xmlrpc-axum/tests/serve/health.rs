//! The health of a server.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use axum::Router;
use xmlrpc_axum::Health;

use crate::{common::*, start_app};

async fn get(server: &Running, path: &str) -> Answer {
    let mut wire = server.connect().await;
    wire.write(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .await;
    wire.answer().await
}

#[tokio::test]
async fn checks_decide_about_readiness() {
    let works = Arc::new(AtomicBool::new(true));
    let runs = Arc::new(AtomicUsize::new(0));
    let (seen, counted) = (works.clone(), runs.clone());
    let health = Health::new()
        .check("disk", move || {
            counted.fetch_add(1, SeqCst);
            let works = seen.load(SeqCst);
            async move {
                if works {
                    Ok(())
                } else {
                    Err("the disk is full")
                }
            }
        })
        .check("license", || async { Ok::<_, std::io::Error>(()) });
    let app: Router = xmlrpc_axum::router(dispatcher()).merge(health.into_router());
    let server = start_app!(app);

    get(&server, "/healthz").await.assert_status(200);
    let ready = get(&server, "/readyz").await;
    ready.assert_status(200);
    assert_eq!(ready.body, "disk: ok\nlicense: ok\n");
    for _ in 0..5 {
        get(&server, "/readyz").await.assert_status(200);
    }
    assert!(runs.load(SeqCst) <= 2, "at most once a second");

    works.store(false, SeqCst);
    tokio::time::sleep(millis(1100)).await;
    let ready = get(&server, "/readyz").await;
    ready.assert_status(503);
    assert_eq!(ready.body, "disk: failed\nlicense: ok\n");
    get(&server, "/healthz").await.assert_status(200);
}

#[tokio::test]
async fn checks_that_hang_or_panic_have_failed() {
    let health = Health::new()
        .check_timeout(millis(200))
        .check("hangs", || {
            std::future::pending::<Result<(), std::io::Error>>()
        })
        .check(
            "panics",
            || -> std::future::Ready<Result<(), std::io::Error>> { panic!("of a test") },
        );
    let app: Router = health.into_router();
    let server = start_app!(app);
    let ready = get(&server, "/readyz").await;
    ready.assert_status(503);
    assert_eq!(ready.body, "hangs: failed\npanics: failed\n");
}

/// Otherwise clients that leave early could load what is checked, as often as they like.
#[tokio::test]
async fn checks_end_although_the_client_has_left() {
    let (started, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (starts, ends) = (started.clone(), ended.clone());
    let health = Health::new().check("disk", move || {
        starts.fetch_add(1, SeqCst);
        let ends = ends.clone();
        async move {
            tokio::time::sleep(millis(700)).await;
            ends.fetch_add(1, SeqCst);
            Ok::<_, std::io::Error>(())
        }
    });
    let app: Router = health.into_router();
    let server = start_app!(app);
    for _ in 0..3 {
        let mut leaves = server.connect().await;
        leaves
            .write("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            .await;
        while started.load(SeqCst) == 0 {
            tokio::time::sleep(millis(5)).await;
        }
        drop(leaves);
        tokio::time::sleep(millis(50)).await;
    }
    let ready = get(&server, "/readyz").await;
    ready.assert_status(200);
    assert_eq!(ready.body, "disk: ok\n");
    assert_eq!((started.load(SeqCst), ended.load(SeqCst)), (1, 1));
}

/// During the delay, the app's own router and one on another server both say so.
#[tokio::test]
async fn a_shutdown_ends_readiness_at_once() {
    let health = Health::new();
    let elsewhere: Router = health.clone().into_router();
    let elsewhere = start_app!(elsewhere);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app: Router = xmlrpc_axum::router(dispatcher()).merge(Health::new().into_router());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = xmlrpc_axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(stopped.await) })
        .health(&health)
        .drain_delay(millis(1500));
    let mut server = Running::new(address, stop, tokio::spawn(serving.into_future()));

    get(&server, "/readyz").await.assert_status(200);
    get(&elsewhere, "/readyz").await.assert_status(200);
    server.stop();
    tokio::time::sleep(millis(200)).await;
    let ready = get(&server, "/readyz").await;
    ready.assert_status(503);
    assert!(ready.closes());
    get(&server, "/healthz").await.assert_status(200);
    get(&elsewhere, "/readyz").await.assert_status(503);
    let mut wire = server.connect().await;
    wire.call("add", &[2, 3]).await.assert_int(5);
    server.ended().await;
}
