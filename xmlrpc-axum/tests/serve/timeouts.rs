//! Connections whose time is over are closed, and others are not.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::common::*;

#[tokio::test]
async fn silent_sockets_are_closed() {
    let server = start(|it| it.header_timeout(millis(400))).await;
    assert_about(server.connect().await.closed().await, 400);
}

#[tokio::test]
async fn half_heads_are_closed_however_fast_their_bytes_follow() {
    let server = start(|it| it.header_timeout(millis(400))).await;
    let mut wire = server.connect().await;
    let start = Instant::now();
    wire.write("POST /RPC2 HTTP/1.1\r\n").await;
    let mut n = 0;
    loop {
        n += 1;
        if wire
            .0
            .write_all(format!("X-{n}: 1\r\n").as_bytes())
            .await
            .is_err()
        {
            break;
        }
        if !wire.is_open_for(millis(50)).await {
            break;
        }
    }
    assert_about(start.elapsed(), 400);
}

/// A later head has its own time-out, which is not the one for idle connections.
#[tokio::test]
async fn half_heads_of_later_requests_are_closed() {
    let server = start(|it| it.header_timeout(millis(400)).idle_timeout(millis(60_000))).await;
    let mut wire = server.connect().await;
    wire.call("add", &[2, 3]).await.assert_int(5);
    assert!(wire.is_open_for(millis(1200)).await, "an idle connection");
    wire.write("POST / HTTP").await;
    assert_about(wire.closed().await, 400);
}

/// The HTTP layer has read the beginning of the next head together with the request.
#[tokio::test]
async fn half_heads_that_arrive_with_a_request_are_closed() {
    let server = start(|it| it.header_timeout(millis(400)).idle_timeout(millis(60_000))).await;
    let small = request("add", &[2, 3]);
    let large = document("add", &[2, 3]) + &" ".repeat(100_000);
    let large = head(large.len()) + &large;
    let document = document("add", &[2, 3]);
    let chunked = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{document}\r\n0\r\n\r\n",
        document.len()
    );
    let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned();
    let slow = request("sleep", &[100]);
    let cases = [
        (small.clone(), 1),
        (small.repeat(3), 3),
        (large, 1),
        (chunked, 1),
        (get, 1),
        (slow, 1),
    ];
    let long = format!("POST / HTTP/1.1\r\nX: {}", "x".repeat(7_000));
    for (requests, count) in cases {
        for next in ["", "P", "POST / HTTP/1.1\r\nHost", &long] {
            let mut wire = server.connect().await;
            wire.write(requests.clone() + next).await;
            for _ in 0..count {
                wire.answer().await;
            }
            let begin = &requests[..requests.len().min(50)];
            if next.is_empty() {
                assert!(wire.is_open_for(millis(900)).await, "{begin}: idle");
            } else {
                let after = wire.closed().await;
                assert!(after < millis(2_000), "{begin}: {after:?}");
            }
        }
    }
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let server = start(|it| it.idle_timeout(millis(400))).await;
    let mut wire = server.connect().await;
    wire.call("add", &[2, 3]).await.assert_int(5);
    assert_about(wire.closed().await, 400);
}

/// The time between requests starts again with each request.
#[tokio::test]
async fn connections_in_use_stay_open() {
    let server = start(|it| it.idle_timeout(millis(600)).header_timeout(millis(600))).await;
    let mut wire = server.connect().await;
    for n in 0..10 {
        wire.call("add", &[n, 1]).await.assert_int(n + 1);
        assert!(wire.is_open_for(millis(200)).await);
    }
}

/// Neither time-out counts while a method runs.
#[tokio::test]
async fn slow_methods_finish() {
    let server = start(|it| {
        it.idle_timeout(millis(200))
            .header_timeout(millis(200))
            .min_rate(1 << 20, millis(200))
    })
    .await;
    let mut wire = server.connect().await;
    wire.call("sleep", &[1500]).await.assert_int(1500);
}

#[tokio::test]
async fn bodies_below_the_minimum_rate_are_closed() {
    let server = start(|it| it.min_rate(1000, millis(800))).await;
    let mut wire = server.connect().await;
    let body = document("add", &[2, 3]);
    wire.write(head(body.len())).await;
    assert_about(wire.closed().await, 800);
}

/// The rate is measured over time: 1,000 bytes in each 2 seconds are enough, and 900 are not.
#[tokio::test]
async fn the_minimum_rate_is_a_bound() {
    let rate = |it: xmlrpc_axum::Serve<_, _>| it.min_rate(500, millis(2000));
    for (bytes, enough) in [(60, true), (20, false)] {
        let server = start(rate).await;
        let mut wire = server.connect().await;
        // White space before the document.
        let document = document("add", &[2, 3]);
        let length = 80 * bytes + document.len();
        wire.write(head(length)).await;
        let mut closed = false;
        for _ in 0..80 {
            closed |= wire.0.write_all(&vec![b' '; bytes]).await.is_err();
            closed |= !wire.is_open_for(millis(50)).await;
            if closed {
                break;
            }
        }
        assert_eq!(closed, !enough, "{bytes} bytes each 50 ms");
        if enough {
            wire.write(document).await;
            wire.answer().await.assert_int(5);
        }
    }
}

#[tokio::test]
async fn clients_that_do_not_read_are_closed() {
    let server = start(|it| it.min_rate(100_000, millis(800))).await;
    let mut wire = server.connect().await;
    let start = Instant::now();
    // More than the buffers of both sockets can hold.
    wire.write(request("long", &[32 << 20])).await;
    tokio::time::sleep(millis(3000)).await;
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n @ 1..) = wire.0.read(&mut buffer).await {
        received += n;
    }
    assert!(received < 32 << 20, "the whole response arrived");
    assert!(start.elapsed() < AT_MOST);
}

#[tokio::test]
async fn clients_that_read_slowly_but_fast_enough_get_the_whole_response() {
    let server = start(|it| it.min_rate(1 << 20, millis(1000))).await;
    let mut wire = server.connect().await;
    wire.write(request("long", &[16 << 20])).await;
    let mut received = 0;
    let mut buffer = vec![0; 1 << 18];
    while received < 16 << 20 {
        let n = wire.0.read(&mut buffer).await.unwrap();
        assert_ne!(n, 0, "closed after {received} bytes");
        received += n;
        tokio::time::sleep(millis(20)).await;
    }
}

/// A reader whose rate is above the minimum, and far below what the buffers of the system hold, gets the whole
/// response. Both sides see progress only in steps of tens of kilobytes.
#[tokio::test]
async fn slow_readers_get_the_whole_response() {
    const LENGTH: usize = 8 << 20;
    let server = start(|it| it.min_rate(128 << 10, millis(1000))).await;
    let mut wire = server.connect().await;
    wire.write(request("long", &[LENGTH as i64])).await;
    let mut received = 0;
    // About 1 MiB in each second.
    let mut buffer = vec![0; 20 << 10];
    while received < LENGTH {
        let n = wire.0.read(&mut buffer).await.unwrap();
        assert_ne!(n, 0, "closed after {received} bytes");
        received += n;
        tokio::time::sleep(millis(20)).await;
    }
}

/// Reads so many bytes in each second for some seconds, from a socket that keeps little. Returns whether the
/// connection was closed.
async fn is_closed_for_reader(rate: usize) -> bool {
    const LENGTH: usize = 2 << 20;
    // 20 KiB in each second.
    let server = start(|it| it.min_rate(20 << 10, millis(2000))).await;
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut wire = Wire(stream);
    wire.write(request("long", &[LENGTH as i64])).await;
    let mut received = 0;
    let start = Instant::now();
    while start.elapsed() < millis(8000) {
        tokio::time::sleep(millis(50)).await;
        let due = rate * start.elapsed().as_millis() as usize / 1000;
        let mut buffer = vec![0; due.saturating_sub(received).max(1)];
        received += wire.0.read(&mut buffer).await.unwrap_or(0);
    }
    // What is left arrives at once.
    let mut buffer = vec![0; 64 << 10];
    while received < LENGTH
        && let Ok(n @ 1..) = wire.0.read(&mut buffer).await
    {
        received += n;
    }
    received < LENGTH
}

#[tokio::test]
async fn the_minimum_rate_of_readers_is_a_bound() {
    let (fast_enough, slower, slow, very_slow) = tokio::join!(
        is_closed_for_reader(27 << 10),
        is_closed_for_reader(12 << 10),
        is_closed_for_reader(8 << 10),
        is_closed_for_reader(1 << 10),
    );
    assert_eq!(
        (fast_enough, slower, slow, very_slow),
        (false, true, true, true)
    );
}

#[tokio::test]
async fn every_time_out_can_be_removed() {
    let server = start(|it| {
        let short = it.header_timeout(millis(100)).idle_timeout(millis(100));
        let short = short.min_rate(1 << 20, millis(100));
        short
            .without_header_timeout()
            .without_idle_timeout()
            .without_min_rate()
    })
    .await;
    let mut silent = server.connect().await;
    let mut idle = server.connect().await;
    idle.call("add", &[2, 3]).await.assert_int(5);
    let mut body = server.connect().await;
    body.write(head(100)).await;
    tokio::time::sleep(millis(1500)).await;
    for wire in [&mut silent, &mut idle, &mut body] {
        assert!(wire.is_open_for(millis(10)).await);
    }
}
