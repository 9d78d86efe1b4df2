//! How the client reads responses over HTTP.

use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use http::StatusCode;
use xmlrpc_client::ClientError;
use xmlrpc_core::{Fault, Limits};

use crate::common::http_peer::{FIVE, Peer, Step, answer, unframed};

use crate::common::readers::beyond_the_scanner;

/// The result of one call. The peer closes the connection after its response.
async fn outcome(answer: Vec<u8>) -> Result<i64, ClientError> {
    let peer = Peer::new([Step::AnswerAndClose(answer)]).await;
    let client = crate::common::client(peer.url()).unwrap();
    client.call::<i64>("add", (2, 3)).await
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

/// Deflate without the header of zlib.
fn raw_deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn chunked(body: &str) -> String {
    let (first, second) = body.split_at(20);
    let (one, two) = (first.len(), second.len());
    format!("{one:x}\r\n{first}\r\n{two:x};extension\r\n{second}\r\n0\r\nTrailer: x\r\n\r\n")
}

#[tokio::test]
async fn responses() {
    for five in [FIVE, &beyond_the_scanner(FIVE)] {
        let table = [
            (
                "plain",
                answer("200 OK", "Content-Type: text/xml\r\n", five),
            ),
            ("no content type", answer("200 OK", "", five)),
            (
                "a wrong content type",
                answer("200 OK", "Content-Type: text/html\r\n", five),
            ),
            (
                "gzip",
                answer(
                    "200 OK",
                    "Content-Encoding: gzip\r\n",
                    gzip(five.as_bytes()),
                ),
            ),
            (
                "deflate",
                answer(
                    "200 OK",
                    "Content-Encoding: deflate\r\n",
                    deflate(five.as_bytes()),
                ),
            ),
            (
                "gzip without a length",
                unframed(
                    "200 OK",
                    "Content-Encoding: gzip\r\n",
                    gzip(five.as_bytes()),
                ),
            ),
            (
                "chunks",
                unframed("200 OK", "Transfer-Encoding: chunked\r\n", chunked(five)),
            ),
            ("to the end of the connection", unframed("200 OK", "", five)),
            (
                "white space around",
                answer("200 OK", "", format!("\r\n {five}\n")),
            ),
            ("under 404", answer("404 Not Found", "", five)),
            (
                "under 302",
                answer("302 Found", "Location: /elsewhere\r\n", five),
            ),
            (
                "after 100",
                [
                    b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(),
                    answer("200 OK", "", five),
                ]
                .concat(),
            ),
        ];
        for (what, answer) in table {
            match outcome(answer).await {
                Ok(value) => assert_eq!(value, 5, "{what}: {five}"),
                Err(error) => panic!("{what}: {error}: {five}"),
            }
        }
    }
}

#[tokio::test]
async fn compressed_responses() {
    let five = FIVE.as_bytes();
    let (half, rest) = five.split_at(five.len() / 2);
    let two_members = [gzip(half), gzip(rest)].concat();
    let padded = [gzip(five), vec![0; 100]].concat();
    let table = [
        ("gzip", gzip(five)),
        ("GZIP", gzip(five)),
        ("x-gzip", gzip(five)),
        ("gzip,", gzip(five)),
        ("gzip, identity", gzip(five)),
        ("identity,GZIP", gzip(five)),
        ("\"gzip\"", gzip(five)),
        ("X-GZip", gzip(five)),
        ("gzip", two_members),
        ("gzip", padded),
        ("deflate", deflate(five)),
        ("deflate", raw_deflate(five)),
        ("Deflate", raw_deflate(five)),
        // No encodings that anybody could inflate. The bodies are as they should be.
        ("identity", five.to_vec()),
        ("UTF-8", five.to_vec()),
    ];
    for (encoding, body) in table {
        let header = format!("Content-Encoding: {encoding}\r\n");
        let result = outcome(answer("200 OK", &header, body)).await;
        assert_eq!(result.unwrap(), 5, "{encoding}");
    }
    let captured = include_bytes!("../data/x-gzip.http").to_vec();
    let peer = Peer::new([Step::Answer(captured)]).await;
    let client = crate::common::client(peer.url()).unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).await.unwrap(), 5);

    let empty = gzip(b"");
    let error = outcome(answer("502 Bad Gateway", "Content-Encoding: gzip\r\n", "")).await;
    assert_eq!(error.unwrap_err().status(), Some(StatusCode::BAD_GATEWAY));
    for (encoding, body) in [
        ("gzip", five.to_vec()),
        ("gzip", gzip(five)[..30].to_vec()),
        ("x-gzip", empty.repeat(17)),
        ("deflate", five.to_vec()),
        ("deflate", raw_deflate(five)[..20].to_vec()),
    ] {
        let header = format!("Content-Encoding: {encoding}\r\n");
        let error = outcome(answer("200 OK", &header, body)).await.unwrap_err();
        assert!(
            error.to_string().contains("cannot be inflated: "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_response_in_latin_1() {
    let text = "<methodResponse><params><param><value><string>\u{fc}</string></value></param></params></methodResponse>";
    let body: Vec<u8> = text
        .chars()
        .map(|char| u8::try_from(u32::from(char)).unwrap())
        .collect();
    let declared = [
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_vec(),
        body.clone(),
    ]
    .concat();
    let answers = [
        answer(
            "200 OK",
            "Content-Type: text/xml; charset=ISO-8859-1\r\n",
            body,
        ),
        answer("200 OK", "Content-Type: text/xml\r\n", declared),
    ];
    for answer in answers {
        let peer = Peer::new([Step::Answer(answer)]).await;
        let client = crate::common::client(peer.url()).unwrap();
        assert_eq!(client.call::<String>("name", ()).await.unwrap(), "\u{fc}");
    }
}

#[tokio::test]
async fn faults_under_any_status() {
    let fault = "<methodResponse><fault><value><struct>\
        <member><name>faultCode</name><value><int>4</int></value></member>\
        <member><name>faultString</name><value><string>Too many parameters.</string></value></member>\
        </struct></value></fault></methodResponse>";
    for status in ["200 OK", "404 Not Found", "500 Internal Server Error"] {
        for fault in [fault, &beyond_the_scanner(fault)] {
            let error = outcome(answer(status, "", fault)).await.unwrap_err();
            let expected = Fault::new(4, "Too many parameters.");
            assert_eq!(error.fault(), Some(&expected), "{error}");
            assert_eq!(error.status(), None);
        }
    }
}

#[tokio::test]
async fn bodies_that_are_not_xml_rpc() {
    let table = [
        (
            "502 Bad Gateway",
            "",
            "<html>nginx says no</html>",
            "nginx says no",
        ),
        (
            "401 Unauthorized",
            "WWW-Authenticate: Basic realm=\"x\"\r\n",
            "who are you?",
            "who are you?",
        ),
        ("500 Internal Server Error", "", "", "without a body"),
        ("204 No Content", "", "", "204 No Content"),
        (
            "302 Found",
            "Location: /s3cret?next=s3cret\r\n",
            "<a>moved</a>",
            " (the client does not follow redirects; create it with the new URL)",
        ),
        (
            "308 Permanent Redirect",
            "Location: https://u:s3cret@h/s3cret?s3cret#s3cret\r\n",
            "",
            "moved to https://h (",
        ),
        ("304 Not Modified", "", "", "304 Not Modified"),
    ];
    for (status, headers, body, text) in table {
        let bytes = if status.starts_with(['2', '3']) && body.is_empty() {
            unframed(status, headers, body)
        } else {
            answer(status, headers, body)
        };
        let error = outcome(bytes).await.unwrap_err();
        let code: StatusCode = status[..3].parse().unwrap();
        assert_eq!(error.status(), Some(code), "{error}");
        assert!(error.to_string().contains(status), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    for body in ["<html>login</html>", "", "garbage"] {
        let error = outcome(answer("200 OK", "", body)).await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(error.status(), None);
    }
}

#[tokio::test]
async fn the_bound_on_a_response() {
    const LIMIT: usize = 30_000;
    type Framed = fn(&str) -> Vec<u8>;
    let padded = |bytes: usize| format!("{FIVE}{}", " ".repeat(bytes - FIVE.len()));
    let framings: [(&str, Framed); 6] = [
        ("length", |body| answer("200 OK", "", body)),
        ("chunks", |body| {
            unframed("200 OK", "Transfer-Encoding: chunked\r\n", chunked(body))
        }),
        ("to the end", |body| unframed("200 OK", "", body)),
        ("gzip", |body| {
            answer(
                "200 OK",
                "Content-Encoding: gzip\r\n",
                gzip(body.as_bytes()),
            )
        }),
        ("x-gzip", |body| {
            answer(
                "200 OK",
                "Content-Encoding: x-gzip\r\n",
                gzip(body.as_bytes()),
            )
        }),
        ("deflate without a header", |body| {
            answer(
                "200 OK",
                "Content-Encoding: deflate\r\n",
                raw_deflate(body.as_bytes()),
            )
        }),
    ];
    for (framing, framed) in framings {
        for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
            let peer = Peer::new([Step::AnswerAndClose(framed(&padded(bytes)))]).await;
            let limits = Limits::default().bytes(LIMIT);
            let client = crate::common::builder(peer.url())
                .limits(limits)
                .build()
                .unwrap();
            match client.call::<i64>("add", (2, 3)).await {
                Ok(value) => assert!(fits && value == 5, "{framing}"),
                Err(error) => {
                    assert!(!fits && error.is_decode(), "{framing}: {error}");
                    assert!(
                        error.to_string().contains("exceeds 30000 bytes: "),
                        "{framing}: {error}"
                    );
                }
            }
        }
    }
    // The client rejects the response by its length: the body never arrives.
    let peer = Peer::new([Step::Answer(unframed(
        "200 OK",
        "Content-Length: 70000000\r\n",
        "",
    ))])
    .await;
    let client = crate::common::client(peer.url()).unwrap();
    let error = client.call::<i64>("add", (2, 3)).await.unwrap_err();
    assert!(
        error.to_string().contains("exceeds 67108864 bytes"),
        "{error}"
    );
}

#[test]
fn the_default_bounds_on_a_response() {
    let builder = || crate::common::builder("http://localhost/");
    assert_eq!(
        *builder().build().unwrap().configured_limits(),
        Limits::RESPONSE
    );
    let deeper = builder()
        .limits(Limits::RESPONSE.depth(256))
        .build()
        .unwrap();
    assert_eq!(deeper.configured_limits().bytes, 64 << 20);
    assert_eq!(deeper.configured_limits().depth, 256);
}
