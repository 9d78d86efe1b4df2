//! The bounds on the heads of requests.

use tokio::net::TcpStream;

use crate::common::*;

/// A head of exactly this many bytes, for a body of `length` bytes.
fn head_of(bytes: usize, length: usize) -> String {
    let start = format!("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\nX: ");
    let padding = "x".repeat(bytes - start.len() - 4);
    format!("{start}{padding}\r\n\r\n")
}

#[tokio::test]
async fn the_bound_on_a_head() {
    let body = document("add", &[2, 3]);
    for (maximum, set) in [
        (16 << 10, None),
        (1000, Some(1000)),
        (100_000, Some(100_000)),
    ] {
        let server = start(|it| match set {
            Some(bytes) => it.max_head_bytes(bytes),
            None => it,
        })
        .await;
        // In one piece, and in two.
        for split in [0, 400] {
            let mut wire = server.connect().await;
            for _ in 0..2 {
                let request = head_of(maximum, body.len()) + &body;
                wire.write(&request[..split]).await;
                tokio::time::sleep(millis(50)).await;
                wire.write(&request[split..]).await;
                wire.answer().await.assert_int(5);
            }
            let request = head_of(maximum + 1, body.len());
            wire.write(&request[..split]).await;
            tokio::time::sleep(millis(50)).await;
            wire.write(&request[split..]).await;
            wire.answer().await.assert_status(431);
            wire.closed().await;
        }
    }
}

#[tokio::test]
async fn the_bound_on_the_number_of_headers() {
    let server = start(|it| it).await;
    let body = document("add", &[2, 3]);
    for (headers, status) in [(100, 200), (101, 431)] {
        let mut request = format!(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n",
            body.len()
        );
        for n in 2..headers {
            request += &format!("X-{n}: 1\r\n");
        }
        let mut wire = server.connect().await;
        wire.write(request + "\r\n" + &body).await;
        let answer = wire.answer().await;
        answer.assert_status(status);
        if status == 431 {
            wire.closed().await;
        }
    }
}

/// Sends this, and waits until the server has it.
async fn send(server: &Running, bytes: &str) -> Wire<TcpStream> {
    let mut wire = server.connect().await;
    wire.write(bytes).await;
    // Longer than the server's clock needs to tell them apart.
    tokio::time::sleep(millis(400)).await;
    wire
}

#[tokio::test]
async fn the_bound_on_all_half_heads() {
    let server = start(|it| {
        it.max_buffered_head_bytes(3000)
            .header_timeout(millis(60_000))
    })
    .await;
    let half = &head_of(2000, 0)[..1000];
    let mut wires = Vec::new();
    for _ in 0..3 {
        wires.push(send(&server, half).await);
    }
    for wire in &mut wires {
        assert!(wire.is_open_for(millis(10)).await, "N bytes stay");
    }
    let mut one_more = send(&server, "P").await;
    assert!(wires[0].closed().await < millis(2000));
    for wire in &mut wires[1..] {
        assert!(wire.is_open_for(millis(10)).await, "only the oldest closes");
    }
    assert!(one_more.is_open_for(millis(10)).await);
    // A whole request needs no room, and its head does not count afterwards.
    let mut wire = server.connect().await;
    for _ in 0..3 {
        let body = document("add", &[2, 3]);
        wire.write(head_of(3000, body.len()) + &body).await;
        wire.answer().await.assert_int(5);
    }
    assert!(wires[1].is_open_for(millis(10)).await);
    // One that is completed does not count any more either.
    one_more
        .write("OST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        .await;
    one_more.answer().await.assert_status(200);
    let mut last = send(&server, half).await;
    assert!(wires[1].is_open_for(millis(10)).await);
    assert!(last.is_open_for(millis(10)).await);
}

/// They are kept until the bodies have arrived.
#[tokio::test]
async fn the_bound_on_heads_that_wait_for_their_bodies() {
    let server = start(|it| it.max_buffered_head_bytes(3000)).await;
    let body = document("add", &[2, 3]);
    let head = head_of(1000, body.len());
    let mut wires = Vec::new();
    for _ in 0..4 {
        wires.push(send(&server, &head).await);
    }
    let answer = wires[0].answer().await;
    answer.assert_status(503);
    assert!(
        answer.closes() && answer.head.contains("\r\nretry-after: 5"),
        "{answer:?}"
    );
    wires[0].closed().await;
    for wire in &mut wires[1..] {
        wire.write(&body).await;
        wire.answer().await.assert_int(5);
    }
}
