//! Large bodies that arrive slowly, and others beside them.

use std::{io::Write, net::SocketAddr, time::Duration};

use flate2::{Compression, write::GzEncoder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

use crate::common::answer;
use crate::common::http_raw::{ADD, Answer, post, post_unframed, send};
use crate::common::http_server::{Server, serve};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

async fn start(set: impl FnOnce(Endpoint) -> Endpoint) -> Server {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| async move { a + b })
        .method("length", |text: String| async move { text.len() });
    serve(set(Endpoint::new(dispatcher)).into_router()).await
}

/// A call of `length` with a text that does not compress well.
fn document(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let text: String = (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'A' + (state >> 24) as u8 % 26)
        })
        .collect();
    format!(
        "<methodCall><methodName>length</methodName><params><param><value>{text}</value></param>\
         </params></methodCall>"
    )
    .into_bytes()
}

/// How a body is sent.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Length,
    Chunked,
    Gzip,
}

const KINDS: [Kind; 3] = [Kind::Length, Kind::Chunked, Kind::Gzip];

impl Kind {
    fn request(self, document: &[u8]) -> Vec<u8> {
        match self {
            Self::Length => post("", document),
            Self::Chunked => {
                let mut chunks = Vec::new();
                for chunk in document.chunks(1000) {
                    write!(chunks, "{:x}\r\n", chunk.len()).unwrap();
                    chunks.extend_from_slice(chunk);
                    chunks.extend_from_slice(b"\r\n");
                }
                chunks.extend_from_slice(b"0\r\n\r\n");
                post_unframed("Transfer-Encoding: chunked\r\n", &chunks)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(document).unwrap();
                post("Content-Encoding: gzip\r\n", &encoder.finish().unwrap())
            }
        }
    }
}

/// Sends the first bytes of a request, and then a little at a time, again and again.
async fn trickle(address: SocketAddr, request: Vec<u8>, first: usize) {
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut rest = request.chunks(200);
        let mut sent = stream.write_all(&request[..first]).await;
        let _ = rest.nth(first / 200);
        while let Some(piece) = rest.next()
            && sent.is_ok()
        {
            sleep(Duration::from_millis(200)).await;
            sent = stream.write_all(piece).await;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the server is ready to receive the body.
async fn is_ready(stream: &mut TcpStream) -> bool {
    let mut line = [0; 25];
    let read = timeout(Duration::from_secs(10), stream.read_exact(&mut line)).await;
    read.expect("no response").unwrap();
    assert!(
        line.starts_with(b"HTTP/1.1 100 "),
        "{}",
        String::from_utf8_lossy(&line)
    );
    true
}

async fn announce(address: SocketAddr, size: usize) -> TcpStream {
    let head = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Length: {size}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// With the default settings, 96 MiB are for bodies that are received, and 8 MiB for each.
#[tokio::test]
async fn a_few_slow_bodies_do_not_lock_out_others() {
    let server = start(|it| it).await;
    let mut slow = JoinSet::new();
    let large = document(MIB);
    for n in 0..24 {
        let kind = [Kind::Chunked, Kind::Gzip][n % 2];
        slow.spawn(trickle(server.address, kind.request(&large), 100 * KIB));
    }
    sleep(Duration::from_millis(400)).await;
    let start = Instant::now();
    for kind in KINDS {
        for _ in 0..4 {
            let request = kind.request(&document(100_000));
            send(server.address, &request).await.assert_int(100_000);
        }
    }
    let time = start.elapsed();
    assert!(time < Duration::from_secs(8), "{time:?}");
}

/// More slow bodies than there is room for.
#[tokio::test]
async fn many_slow_bodies_do_not_lock_out_others() {
    let server = start(|it| it.max_bytes_in_flight(32 * MIB).max_body_bytes(MIB)).await;
    let mut slow = JoinSet::new();
    let large = document(MIB - 1000);
    for n in 0..60 {
        let kind = KINDS[n % 3];
        slow.spawn(trickle(server.address, kind.request(&large), 100 * KIB));
    }
    sleep(Duration::from_millis(500)).await;
    for kind in KINDS {
        for _ in 0..3 {
            let request = kind.request(&document(300_000));
            // Too many bodies of unknown length may wait. Then it says so at once.
            for attempt in 1.. {
                send(server.address, &post("", ADD.as_bytes()))
                    .await
                    .assert_int(5);
                let answer = send(server.address, &request).await;
                if answer.status == 503 && attempt < 5 {
                    assert!(answer.head.contains("retry-after: 5"), "{answer:?}");
                    sleep(Duration::from_secs(1)).await;
                    continue;
                }
                answer.assert_int(300_000);
                break;
            }
        }
    }
}

/// They pause, so all of them give back what they have reserved, and need it again.
#[tokio::test]
async fn bodies_that_pause_do_not_wait_for_each_other() {
    let server = start(|it| {
        it.max_bytes_in_flight(64 * MIB)
            .max_body_bytes(4 * MIB)
            .admission_timeout(Duration::from_secs(120))
    })
    .await;
    let document = document(MIB);
    let mut calls = JoinSet::new();
    for n in 0..48 {
        let request = KINDS[n % 3].request(&document);
        let address = server.address;
        calls.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            for part in request.chunks(request.len() / 3) {
                let _ = stream.write_all(part).await;
                sleep(Duration::from_millis(600)).await;
            }
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            Answer::parse(&bytes)
        });
    }
    let all = async {
        while let Some(answer) = calls.join_next().await {
            answer.unwrap().assert_int(MIB as i64);
        }
    };
    timeout(Duration::from_secs(120), all)
        .await
        .expect("they wait for each other");
}

/// 6 MiB are for large bodies, and 3 MiB for those that are received. A body of unknown size that pauses keeps what
/// has arrived, and what its buffer has when it grows.
#[tokio::test]
async fn the_bound_beside_a_body_that_pauses() {
    let room = 3 * MIB - 128 * KIB;
    for (size, fits) in [(room, true), (room + 1, false)] {
        let server = start(|it| {
            it.max_bytes_in_flight(8 * MIB)
                .max_body_bytes(3 * MIB)
                .admission_timeout(Duration::from_secs(60))
        })
        .await;
        // Its size is unknown, so it reserves 128 KiB at first.
        let mut pauses = TcpStream::connect(server.address).await.unwrap();
        let begin = Kind::Chunked.request(&vec![b' '; 100_000]);
        let end = b"0\r\n\r\n";
        pauses
            .write_all(&begin[..begin.len() - end.len()])
            .await
            .unwrap();
        sleep(Duration::from_millis(600)).await;
        let mut other = announce(server.address, size).await;
        if !fits {
            // It has sent nothing for some time, and another one needs its place.
            let made_room = answer(&mut pauses).await;
            made_room.assert_status(503, "N + 1");
            assert!(made_room.head.contains("retry-after: 5"), "{made_room:?}");
        }
        assert!(is_ready(&mut other).await);
        if fits {
            pauses.write_all(end).await.unwrap();
            answer(&mut pauses).await.assert_status(200, "N");
        }
    }
}

/// A slow body stays if nobody needs its place, and if it does not matter.
#[tokio::test]
async fn a_slow_body_is_received_if_there_is_room() {
    let server = start(|it| it.max_bytes_in_flight(8 * MIB)).await;
    for kind in KINDS {
        let request = kind.request(&document(200_000));
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let (most, rest) = request.split_at(request.len() - 1000);
        stream.write_all(most).await.unwrap();
        for piece in rest.chunks(300) {
            sleep(Duration::from_millis(800)).await;
            stream.write_all(piece).await.unwrap();
            send(server.address, &post("", &document(70_000)))
                .await
                .assert_int(70_000);
        }
        answer(&mut stream).await.assert_int(200_000);
    }
}
