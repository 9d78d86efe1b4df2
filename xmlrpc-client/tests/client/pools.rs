//! Which idle connections are kept.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Barrier,
};
use xmlrpc_client::ClientBuilder;

use crate::common::http_peer::{Peer, Step, five};

/// How many connections some calls need, one after the other. And the last request.
async fn connections(
    configure: impl Fn(ClientBuilder) -> ClientBuilder,
    calls: usize,
    pause: Duration,
) -> (usize, String) {
    let peer = Peer::new(vec![Step::Answer(five()); calls]).await;
    let client = configure(crate::common::builder(peer.url()))
        .build()
        .unwrap();
    for _ in 0..calls {
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
        let (connections, request) = connections(configure, 4, Duration::ZERO).await;
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
        let (connections, request) = connections(configure, 4, Duration::ZERO).await;
        assert_eq!(connections, 1);
        assert!(!request.contains("connection: close"), "{request}");
    }
}

#[tokio::test]
async fn until_the_time_out() {
    let configure = |builder: ClientBuilder| builder.pool_idle_timeout(Duration::from_millis(100));
    let (connections, _) = connections(configure, 3, Duration::from_millis(400)).await;
    assert_eq!(connections, 3);
}

/// Answers when so many requests have arrived as there are calls at the same time.
async fn answer_together(mut stream: TcpStream, together: Arc<Barrier>) {
    loop {
        let mut request = Vec::new();
        while !request.ends_with(b"</methodCall>") {
            if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                return;
            }
        }
        together.wait().await;
        stream.write_all(&five()).await.unwrap();
    }
}

#[tokio::test]
async fn at_most_so_many() {
    const AT_ONCE: usize = 3;
    for (max, kept) in [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (usize::MAX, 3)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            let together = Arc::new(Barrier::new(AT_ONCE));
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, SeqCst);
                tokio::spawn(answer_together(stream, Arc::clone(&together)));
            }
        });
        let client = crate::common::builder(format!("http://{address}"))
            .pool_max_idle_per_host(max)
            .pool_idle_timeout(Duration::MAX)
            .build()
            .unwrap();
        for expected in [AT_ONCE, AT_ONCE + AT_ONCE - kept] {
            let add = || client.call::<i64>("add", (2, 3)).into_future();
            let sums = tokio::join!(add(), add(), add());
            assert!(
                sums.0.is_ok() && sums.1.is_ok() && sums.2.is_ok(),
                "{sums:?}"
            );
            assert_eq!(connections.load(SeqCst), expected, "{max}");
            // The connections need a moment to become idle.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
