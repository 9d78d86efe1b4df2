//! The maximum numbers of connections.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xmlrpc_axum::Endpoint;

use crate::common::*;

#[tokio::test]
async fn at_the_maximum_the_longest_idle_connection_is_closed() {
    let server = start(|it| it.max_connections(3).header_timeout(millis(60_000))).await;
    let mut wires = Vec::new();
    for n in 0..3 {
        let mut wire = server.connect().await;
        wire.call("add", &[n, 1]).await.assert_int(n + 1);
        wires.push(wire);
        // Longer than the server's clock needs to tell them apart.
        tokio::time::sleep(millis(400)).await;
    }
    // The first is used again, so the second has been idle longest.
    wires[0].call("add", &[1, 1]).await.assert_int(2);
    tokio::time::sleep(millis(400)).await;
    for wire in &mut wires {
        assert!(
            wire.is_open_for(millis(10)).await,
            "N connections stay open"
        );
    }
    let mut one_more = server.connect().await;
    one_more.call("add", &[2, 3]).await.assert_int(5);
    assert!(wires[1].closed().await < millis(2000));
    wires[0].call("add", &[2, 2]).await.assert_int(4);
    wires[2].call("add", &[2, 2]).await.assert_int(4);
}

#[tokio::test]
async fn silent_connections_make_room() {
    let server = start(|it| it.max_connections(10)).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(server.connect().await);
    }
    let mut wire = server.connect().await;
    wire.call("add", &[2, 3]).await.assert_int(5);
    for wire in &mut silent[..90] {
        wire.closed().await;
    }
}

/// A connection beyond the maximum waits until one ends.
#[tokio::test]
async fn busy_connections_are_not_closed() {
    let server = start(|it| it.max_connections(2)).await;
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut wire = server.connect().await;
        wire.write(request("sleep", &[1500])).await;
        busy.push(wire);
    }
    tokio::time::sleep(millis(200)).await;
    let mut third = server.connect().await;
    third.write(request("add", &[2, 3])).await;
    assert!(third.is_open_for(millis(500)).await, "no response yet");
    third.answer().await.assert_int(5);
    let mut answered = 0;
    for wire in &mut busy {
        wire.answer().await.assert_int(1500);
        answered += 1;
    }
    assert_eq!(answered, 2);
}

#[tokio::test]
async fn each_address_has_a_maximum() {
    let server = start(|it| it.max_connections_per_address(2)).await;
    let mut first = server.connect().await;
    first.call("add", &[2, 3]).await.assert_int(5);
    tokio::time::sleep(millis(400)).await;
    let mut busy = server.connect().await;
    busy.write(request("sleep", &[1500])).await;
    tokio::time::sleep(millis(100)).await;
    assert!(
        first.is_open_for(millis(10)).await,
        "N connections stay open"
    );
    // The idle one makes room.
    let mut third = server.connect().await;
    third.write(request("sleep", &[1500])).await;
    first.closed().await;
    // Both are busy: this one is closed.
    let mut fourth = server.connect().await;
    assert!(fourth.closed().await < millis(1000));
    // Another address is not affected.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = Wire(socket.connect(server.address).await.unwrap());
    other.call("add", &[2, 3]).await.assert_int(5);
    busy.answer().await.assert_int(1500);
    third.answer().await.assert_int(1500);
}

/// Sends this, and waits longer than the server's clock needs to tell it from the next one.
async fn sent(server: &Running, bytes: impl AsRef<[u8]>) -> Wire<tokio::net::TcpStream> {
    let mut wire = server.connect().await;
    wire.write(bytes).await;
    tokio::time::sleep(millis(400)).await;
    wire
}

/// After two ticks of the server, a connection is not new.
const NO_LONGER_NEW: Duration = Duration::from_millis(600);

#[tokio::test]
async fn incomplete_requests_make_room_in_this_order() {
    let server = start(|it| it.max_connections(5).header_timeout(millis(60_000))).await;
    let mut whole = sent(&server, request("sleep", &[6000])).await;
    let half_body = head(1000) + "<methodCall>";
    let mut bodies = Vec::new();
    for _ in 0..2 {
        bodies.push(sent(&server, &half_body).await);
    }
    let mut half_head = sent(&server, "POST / HTTP/1.1\r\nHost: ").await;
    let mut idle = sent(&server, request("add", &[2, 3])).await;
    idle.answer().await.assert_int(5);
    tokio::time::sleep(NO_LONGER_NEW).await;

    let mut new = Vec::new();
    // Each of these takes the place of another one, and stays busy.
    new.push(sent(&server, request("sleep", &[6000])).await);
    assert!(idle.closed().await < millis(2000), "first an idle one");
    assert!(half_head.is_open_for(millis(10)).await);
    new.push(sent(&server, request("sleep", &[6000])).await);
    assert!(half_head.closed().await < millis(2000), "then a half head");
    for wire in &mut bodies {
        assert!(wire.is_open_for(millis(10)).await);
    }
    new.push(sent(&server, request("sleep", &[6000])).await);
    let answer = bodies[0].answer().await;
    answer.assert_status(503);
    assert!(
        answer.closes() && answer.head.contains("\r\nretry-after: 5"),
        "{answer:?}"
    );
    assert!(!answer.body.contains("::"), "{answer:?}");
    assert!(
        bodies[0].closed().await < millis(2000),
        "then the older body"
    );
    assert!(bodies[1].is_open_for(millis(10)).await);
    new.push(sent(&server, request("sleep", &[100])).await);
    bodies[1].answer().await.assert_status(503);

    for wire in &mut new {
        wire.answer().await;
    }
    whole.answer().await.assert_int(6000);
}

/// Its client is probably about to send a request.
#[tokio::test]
async fn a_new_connection_makes_room_last() {
    let server = start(|it| it.max_connections(3).header_timeout(millis(60_000))).await;
    // Idle connections go before incomplete bodies, but not if they are new.
    let mut bodies = Vec::new();
    for _ in 0..2 {
        bodies.push(sent(&server, head(1000) + "<methodCall>").await);
    }
    tokio::time::sleep(NO_LONGER_NEW).await;
    let mut new = server.connect().await;
    let mut next = server.connect().await;
    next.call("add", &[2, 3]).await.assert_int(5);
    new.call("add", &[2, 3]).await.assert_int(5);
    bodies[0].answer().await.assert_status(503);
}

#[tokio::test]
async fn attackers_do_not_shut_out_new_clients() {
    let silent: &[u8] = b"";
    let half_head: &[u8] = b"POST / HTTP/1.1\r\nHost: ";
    let half_body = head(60_000) + "<methodCall>";
    for bytes in [silent, half_head, half_body.as_bytes()] {
        let server = start(|it| it.max_connections(20)).await;
        let address = server.address;
        let attackers: Vec<_> = (0..40)
            .map(|_| {
                let bytes = bytes.to_owned();
                tokio::spawn(async move {
                    loop {
                        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
                        let mut wire = Wire(stream);
                        let _ = tokio::io::AsyncWriteExt::write_all(&mut wire.0, &bytes).await;
                        wire.closed().await;
                        tokio::time::sleep(millis(100)).await;
                    }
                })
            })
            .collect();
        tokio::time::sleep(millis(500)).await;
        for _ in 0..10 {
            let mut wire = server.connect().await;
            wire.call("add", &[2, 3]).await.assert_int(5);
        }
        attackers.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Their requests have not arrived completely, but the server does not read more of them.
#[tokio::test]
async fn bodies_that_wait_for_room_make_room_for_connections() {
    let endpoint = Endpoint::new(dispatcher())
        .max_bytes_in_flight(1 << 20)
        .admission_timeout(Duration::from_secs(60));
    let server = start_with(endpoint, |it| it.max_connections(8)).await;
    let mut busy = server.connect().await;
    let large = document("sleep", &[3_000]) + &" ".repeat(600_000);
    busy.write(head(large.len()) + &large).await;
    tokio::time::sleep(millis(200)).await;
    let mut waiting = Vec::new();
    for _ in 0..7 {
        let mut wire = server.connect().await;
        wire.write(head(400_000) + "<methodCall>").await;
        waiting.push(wire);
    }
    tokio::time::sleep(millis(600)).await;
    let mut new = server.connect().await;
    let answer = tokio::time::timeout(millis(2_000), new.call("add", &[2, 3]));
    answer.await.unwrap().assert_int(5);
    waiting[0].answer().await.assert_status(503);
    busy.answer().await.assert_int(3_000);
    // The others go on.
    let document = document("add", &[1, 1]);
    let rest = &document["<methodCall>".len()..];
    let rest = rest.to_owned() + &" ".repeat(400_000 - document.len());
    waiting[6].write(rest).await;
    waiting[6].answer().await.assert_int(2);
}

/// Clients that send requests without waiting for responses are never idle.
#[tokio::test]
async fn endless_pipelines_make_room() {
    let document = document("add", &[2, 3]);
    let chunked = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{document}\r\n0\r\n\r\n",
        document.len()
    );
    for request in [request("add", &[2, 3]), chunked] {
        new_clients_among_endless(&request, start(|it| it.max_connections(16)).await).await;
        let server = start(|it| it.max_connections_per_address(16)).await;
        new_clients_among_endless(&request, server).await;
    }
}

async fn new_clients_among_endless(request: &str, server: Running) {
    let address = server.address;
    let requests = request.repeat(100);
    let pipelines: Vec<_> = (0..30)
        .map(|_| {
            let requests = requests.clone();
            tokio::spawn(async move {
                loop {
                    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
                    let (mut reader, mut writer) = stream.into_split();
                    let writes =
                        async { while writer.write_all(requests.as_bytes()).await.is_ok() {} };
                    let reads = async {
                        let mut buffer = vec![0; 1 << 16];
                        while !matches!(reader.read(&mut buffer).await, Ok(0) | Err(_)) {}
                    };
                    tokio::select! { () = writes => {}, () = reads => {} }
                }
            })
        })
        .collect();
    tokio::time::sleep(millis(300)).await;
    for _ in 0..10 {
        let mut wire = server.connect().await;
        wire.call("add", &[2, 3]).await.assert_int(5);
    }
    pipelines.iter().for_each(tokio::task::JoinHandle::abort);
}
