//! Which idle connections are kept.

use std::time::Duration;

use xmlrpc_client::{Client, ClientBuilder};

use crate::common::http_peer::{Peer, Step, five};

/// How many connections the calls need: so many at the same time, and then so many one after the
/// other.
async fn connections(
    configure: impl Fn(ClientBuilder) -> ClientBuilder,
    at_once: usize,
    after: usize,
    pause: Duration,
) -> (usize, String) {
    let peer = Peer::new(vec![Step::Answer(five()); at_once + after]).await;
    let client = configure(Client::builder(peer.url())).build().unwrap();
    let calls: Vec<_> = (0..at_once)
        .map(|_| tokio::spawn(client.call::<i64>("add", (2, 3)).into_future()))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 5);
    }
    for _ in 0..after {
        tokio::time::sleep(pause).await;
        assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);
    }
    let last = peer.requests().pop().unwrap();
    (peer.connections(), last)
}

#[tokio::test]
async fn no_idle_connection_is_kept() {
    let configure: [fn(ClientBuilder) -> ClientBuilder; 3] = [
        |builder| builder.pool_max_idle_per_host(0),
        |builder| builder.pool_idle_timeout(Duration::ZERO),
        |builder| builder.keep_alive(false),
    ];
    for configure in configure {
        let (connections, request) = connections(configure, 0, 4, Duration::ZERO).await;
        assert_eq!(connections, 4);
        assert!(request.contains("connection: close"), "{request}");
    }
}

#[tokio::test]
async fn idle_connections_are_kept() {
    let configure: [fn(ClientBuilder) -> ClientBuilder; 4] = [
        |builder| builder,
        |builder| builder.pool_max_idle_per_host(1),
        |builder| builder.pool_idle_timeout(Duration::MAX),
        |builder| builder.pool_idle_timeout(Duration::from_secs(60)),
    ];
    for configure in configure {
        let (connections, request) = connections(configure, 0, 4, Duration::ZERO).await;
        assert_eq!(connections, 1);
        assert!(!request.contains("connection: close"), "{request}");
    }
}

#[tokio::test]
async fn until_the_time_out() {
    let configure = |builder: ClientBuilder| builder.pool_idle_timeout(Duration::from_millis(100));
    let (connections, _) = connections(configure, 0, 3, Duration::from_millis(400)).await;
    assert_eq!(connections, 3);
}
