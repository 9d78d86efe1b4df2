//! Callers that disconnect, and a time-out of the server.

use std::{sync::Arc, time::Duration};

use axum::{BoxError, error_handling::HandleErrorLayer, http::StatusCode};
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Notify, time::timeout};
use tower::ServiceBuilder;
use xmlrpc_client::Client;
use xmlrpc_core::{Dispatcher, xmlrpc_service};

use crate::common::http_server::serve;

#[xmlrpc_service(server)]
trait Endless {
    async fn forever(&self) -> bool;
}

#[derive(Default)]
struct Watched {
    started: Notify,
    cancelled: Notify,
}

struct Guard<'a>(&'a Notify);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Endless for Watched {
    async fn forever(&self) -> bool {
        let _guard = Guard(&self.cancelled);
        self.started.notify_one();
        std::future::pending().await
    }
}

const CALL: &str = "<methodCall><methodName>forever</methodName></methodCall>";

#[tokio::test]
async fn a_caller_that_goes_away_cancels_the_method() {
    let watched = Arc::new(Watched::default());
    let dispatcher = Dispatcher::new().service(EndlessServer::new(Arc::clone(&watched)));
    let server = serve(xmlrpc_axum::router(dispatcher)).await;

    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{CALL}",
        CALL.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    timeout(Duration::from_secs(20), watched.started.notified())
        .await
        .unwrap();
    drop(stream);
    timeout(Duration::from_secs(20), watched.cancelled.notified())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_call_that_is_given_up_cancels_the_method() {
    let watched = Arc::new(Watched::default());
    let dispatcher = Dispatcher::new().service(EndlessServer::new(Arc::clone(&watched)));
    let server = serve(xmlrpc_axum::router(dispatcher)).await;

    let client = Client::new(server.url()).unwrap();
    let call = tokio::spawn(client.call::<bool>("forever", ()).into_future());
    timeout(Duration::from_secs(20), watched.started.notified())
        .await
        .unwrap();
    call.abort();
    timeout(Duration::from_secs(20), watched.cancelled.notified())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_time_out_of_the_server() {
    let watched = Arc::new(Watched::default());
    let dispatcher = Dispatcher::new().service(EndlessServer::new(Arc::clone(&watched)));
    let router = xmlrpc_axum::router(dispatcher).layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(|_: BoxError| async {
                (StatusCode::GATEWAY_TIMEOUT, "too slow")
            }))
            .timeout(Duration::from_millis(50)),
    );
    let server = serve(router).await;

    let client = Client::new(server.url()).unwrap();
    let error = client.call::<bool>("forever", ()).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::GATEWAY_TIMEOUT));
    assert!(error.to_string().contains("too slow"), "{error}");
}
