//! Retries over sockets: the peer reads the whole request and closes.

use std::time::Duration;

use xmlrpc_client::Client;
use xmlrpc_core::{client::RetryPolicy, xmlrpc_service};

use crate::common::http_peer::{Peer, Step, answer, five};

#[xmlrpc_service(client)]
trait Shop {
    #[xmlrpc(idempotent)]
    async fn price(&self) -> i64;
    async fn buy(&self) -> i64;
}

fn client(peer: &Peer) -> Client {
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(50));
    crate::common::builder(peer.url())
        .retries(policy)
        .build()
        .unwrap()
}

fn steps() -> [Vec<Step>; 5] {
    [
        vec![Step::Close],
        // On a kept connection.
        vec![
            Step::Answer(answer("503 Service Unavailable", "", "later")),
            Step::Close,
        ],
        vec![Step::Answer(answer("502 Bad Gateway", "", "<html/>"))],
        vec![Step::AnswerAndClose(
            b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(),
        )],
        vec![
            Step::AnswerAndClose(answer("200 OK", "Content-Length: 9\r\n", "")),
            Step::Close,
        ],
    ]
}

#[tokio::test]
async fn a_marked_method_is_sent_again() {
    for steps in steps() {
        let failures = steps.len();
        let peer = Peer::new(steps.into_iter().chain([Step::Answer(five())])).await;
        assert_eq!(ShopClient::new(client(&peer)).price().await.unwrap(), 5);
        let requests = peer.requests();
        assert_eq!(requests.len(), failures + 1);
        assert!(requests.iter().all(|request| *request == requests[0]));
    }
}

#[tokio::test]
async fn an_unmarked_method_is_not_sent_again() {
    for steps in steps() {
        let peer = Peer::new(steps.into_iter().chain([Step::Answer(five())])).await;
        ShopClient::new(client(&peer)).buy().await.unwrap_err();
        assert_eq!(peer.requests().len(), 1);
    }
}

#[tokio::test]
async fn without_a_policy_nothing_is_sent_again() {
    let peer = Peer::new([Step::Close, Step::Answer(five())]).await;
    let client = crate::common::client(peer.url()).unwrap();
    ShopClient::new(client).price().await.unwrap_err();
    assert_eq!(peer.requests().len(), 1);
}

#[tokio::test]
async fn a_multicall_of_marked_methods() {
    let wrapped = "<methodResponse><params><param><value><array><data>\
        <value><array><data><value><int>1</int></value></data></array></value>\
        <value><array><data><value><int>2</int></value></data></array></value>\
        </data></array></value></param></params></methodResponse>";
    let both = answer("200 OK", "Content-Type: text/xml\r\n", wrapped);
    let peer = Peer::new([Step::Close, Step::Answer(both.clone())]).await;
    let client_ = client(&peer);
    let shop = ShopClient::new(&client_);
    let (one, two) = client_
        .multicall((shop.price(), shop.price()))
        .await
        .unwrap();
    assert_eq!((one.unwrap(), two.unwrap()), (1, 2));

    let peer = Peer::new([Step::Close, Step::Answer(both)]).await;
    let client = client(&peer);
    let shop = ShopClient::new(&client);
    let bought = client.multicall((shop.price(), shop.buy())).await;
    bought.unwrap_err();
    assert_eq!(peer.requests().len(), 1);
}

#[tokio::test]
async fn a_peer_that_comes_up() {
    let peer = Peer::new([]).await;
    let (url, address) = (peer.url(), peer.address);
    drop(peer);
    let policy = RetryPolicy::new(50)
        .backoff(Duration::from_millis(20), Duration::from_millis(100))
        .without_budget();
    let client = crate::common::builder(&url)
        .retries(policy)
        .build()
        .unwrap();
    let call = tokio::spawn(ShopClient::new(client).price().into_future());
    tokio::time::sleep(Duration::from_millis(50)).await;
    // The port is still free, unless the system gave it to another process. Then nothing can be
    // tested.
    let Ok(listener) = tokio::net::TcpListener::bind(address).await else {
        call.abort();
        return;
    };
    let app = xmlrpc_core::Dispatcher::new();
    let server = tokio::spawn(async { axum::serve(listener, xmlrpc_axum::router(app)).await });
    // The server does not have the method: its fault is a response.
    let error = call.await.unwrap().unwrap_err();
    assert!(error.fault().is_some(), "{error}");
    server.abort();
}
