//! The maximum numbers of connections.

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
