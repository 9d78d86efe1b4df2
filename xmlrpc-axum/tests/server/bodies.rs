//! Bodies that are too large, compressed, encoded or cut off.

use std::{io::Write, time::Duration};

use flate2::{
    Compression, GzBuilder,
    write::{GzEncoder, ZlibEncoder},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use xmlrpc_axum::Endpoint;

use crate::common::http_raw::{ADD, Answer, post, post_unframed, send};
use crate::common::http_server::{Server, dispatcher, serve};

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunks = Vec::new();
    for chunk in body.chunks(1000) {
        chunks.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunks.extend_from_slice(chunk);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    chunks
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// The same with a comment, so that the header has so many bytes.
fn gzip_with_header(bytes: usize, body: &[u8]) -> Vec<u8> {
    let comment = vec![b'x'; bytes - 11];
    let builder = GzBuilder::new().comment(comment);
    let mut encoder = builder.write(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// One body, compressed as `count` gzip members.
fn members(body: &[u8], count: usize) -> Vec<u8> {
    let (last, others) = body.split_at(body.len() - (count - 1));
    let others: Vec<_> = others.iter().map(|byte| gzip(&[*byte])).collect();
    [gzip(last), others.concat()].concat()
}

/// A call of `length` whose document has exactly `bytes` bytes, and the expected result.
fn length_call(bytes: usize) -> (Vec<u8>, i64) {
    let (head, tail) = (
        "<methodCall><methodName>length</methodName><params><param><value><string>",
        "</string></value></param></params></methodCall>",
    );
    let text = bytes - head.len() - tail.len();
    let document = format!("{head}{}{tail}", "x".repeat(text));
    assert_eq!(document.len(), bytes);
    (document.into_bytes(), i64::try_from(text).unwrap())
}

async fn server() -> Server {
    serve(xmlrpc_axum::router(dispatcher())).await
}

#[tokio::test]
async fn the_bound_on_a_body() {
    const LIMIT: usize = 20_000;
    type Framed = fn(&[u8]) -> Vec<u8>;
    let server = serve(
        Endpoint::new(dispatcher())
            .max_body_bytes(LIMIT)
            .into_router(),
    )
    .await;
    let (fits, length) = length_call(LIMIT);
    let (exceeds, _) = length_call(LIMIT + 1);

    let framings: [(&str, Framed); 4] = [
        ("length", |body| post("", body)),
        ("chunks", |body| {
            post_unframed("Transfer-Encoding: chunked\r\n", &chunked(body))
        }),
        ("gzip", |body| {
            post("Content-Encoding: gzip\r\n", &gzip(body))
        }),
        ("deflate", |body| {
            post("Content-Encoding: deflate\r\n", &deflate(body))
        }),
    ];
    for (framing, request) in framings {
        send(server.address, &request(&fits))
            .await
            .assert_int(length);
        let answer = send(server.address, &request(&exceeds)).await;
        answer.assert_status(413, framing);
        assert!(
            answer.body.starts_with("the body exceeds 20000 bytes:"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_length_far_beyond_the_bound_is_refused_unread() {
    let server = server().await;
    // No body is sent, and the server does not wait for it.
    let table = [
        "Content-Length: 8388609\r\n",
        // The largest length that hyper accepts.
        "Content-Length: 18446744073709551613\r\n",
        "Content-Length: 8388609\r\nExpect: 100-continue\r\n",
    ];
    for headers in table {
        let answer = send(server.address, &post_unframed(headers, b"")).await;
        answer.assert_status(413, headers);
    }
}

#[tokio::test]
async fn bombs_are_stopped_at_the_bound() {
    let server = server().await;
    let zeros = vec![0; 32 << 20];
    let bombs = [("gzip", gzip(&zeros)), ("deflate", deflate(&zeros))];
    drop(zeros);
    for (encoding, bomb) in bombs {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        send(server.address, &post(&headers, &bomb))
            .await
            .assert_status(413, encoding);
    }
}

#[tokio::test]
async fn content_encodings() {
    let server = server().await;
    let body = ADD.as_bytes();
    let two_members = [gzip(&body[..50]), gzip(&body[50..])].concat();
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 5].to_vec();
    let with_more = |bytes: Vec<u8>| [bytes, b"more".to_vec()].concat();
    let table = [
        ("gzip", gzip(body), 200),
        ("GZip", gzip(body), 200),
        ("x-gzip", gzip(body), 200),
        ("gzip", two_members, 200),
        ("gzip", members(body, 16), 200),
        ("gzip", [gzip(b"").repeat(15), gzip(body)].concat(), 200),
        ("gzip", members(body, 17), 400),
        ("gzip", [gzip(b"").repeat(16), gzip(body)].concat(), 400),
        ("gzip", gzip(b"").repeat(50_000), 400),
        ("gzip", gzip_with_header(4 << 10, body), 200),
        ("gzip", gzip_with_header((4 << 10) + 1, body), 400),
        (
            "gzip",
            [gzip(&body[..50]), gzip_with_header(4 << 10, &body[50..])].concat(),
            200,
        ),
        (
            "gzip",
            [
                gzip(&body[..50]),
                gzip_with_header((4 << 10) + 1, &body[50..]),
            ]
            .concat(),
            400,
        ),
        ("deflate", deflate(body), 200),
        ("identity", body.to_vec(), 200),
        ("br", body.to_vec(), 415),
        ("gzip, gzip", gzip(&gzip(body)), 415),
        ("gzip", body.to_vec(), 400),
        ("deflate", body.to_vec(), 400),
        ("gzip", Vec::new(), 400),
        ("deflate", Vec::new(), 400),
        ("gzip", cut(gzip(body)), 400),
        ("deflate", cut(deflate(body)), 400),
        ("gzip", with_more(gzip(body)), 400),
        ("deflate", with_more(deflate(body)), 400),
    ];
    for (encoding, body, status) in table {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        let answer = send(server.address, &post(&headers, &body)).await;
        answer.assert_status(status, encoding);
        if status == 415 {
            assert!(
                answer.head.contains("accept-encoding: gzip, deflate"),
                "{answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn charsets() {
    let server = server().await;
    let call = |declaration: &str| {
        format!(
            "{declaration}<methodCall><methodName>length</methodName><params><param><value>\
             <string>\u{e4}\u{f6}\u{fc}</string></value></param></params></methodCall>"
        )
    };
    let latin = |text: String| -> Vec<u8> {
        text.chars()
            .map(|char| u8::try_from(u32::from(char)).unwrap())
            .collect()
    };
    let utf_16 = |text: String| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let table = [
        ("", call("").into_bytes()),
        (
            "Content-Type: text/xml; charset=UTF-8\r\n",
            call("").into_bytes(),
        ),
        (
            "Content-Type: text/xml; charset=\"ISO-8859-1\"\r\n",
            latin(call("")),
        ),
        (
            "",
            latin(call("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>")),
        ),
        (
            "Content-Type: text/xml; charset=iso-8859-1\r\n",
            latin(call("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")),
        ),
        ("", utf_16(call(""))),
    ];
    for (headers, body) in table {
        send(server.address, &post(headers, &body))
            .await
            .assert_int(3);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let server = server().await;
    let requests = [
        post_unframed("Content-Length: 1000\r\n", ADD.as_bytes()),
        post_unframed("Transfer-Encoding: chunked\r\n", b"ff\r\n<methodCall>"),
    ];
    for request in requests {
        let exchange = async {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.write_all(&request).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            answer
        };
        let answer = timeout(Duration::from_secs(20), exchange).await.unwrap();
        let answer = Answer::parse(&answer);
        answer.assert_status(400, "broken off");
        assert_eq!(
            answer.body,
            "the body broke off before its end: send it again\n"
        );
    }
}
