//! Documents in both directions.

use std::io::Write as _;

use super::peers::{ANSWER, Backend, CALL, Gateway};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(body).unwrap();
    gzip.finish().unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

#[test]
fn documents_are_forwarded_byte_for_byte() {
    let backend = Backend::start();
    let gateway = Gateway::start(&backend.url());
    let e_acute = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?><methodCall><methodName>caf\u{e9}</methodName></methodCall>"
        )
    };
    let large = format!(
        "<methodCall><methodName>put</methodName><params><param><value>{}</value></param></params></methodCall>",
        "x".repeat(1 << 20)
    );
    // Header lines, the document, and what the log shows.
    let xml = "Content-Type: text/xml\r\n";
    let declared = "Content-Type: text/xml; charset=iso-8859-1\r\n";
    let without_declaration =
        latin_1("<methodCall><methodName>\u{e9}t\u{e9}</methodName></methodCall>");
    let table: [(&str, Vec<u8>, &str); 12] = [
        (xml, CALL.into(), "forwarding getData"),
        ("", CALL.into(), "forwarding getData"),
        (xml, e_acute("UTF-8").into(), "forwarding caf\u{e9}"),
        (xml, latin_1(&e_acute("ISO-8859-1")), "forwarding caf\u{e9}"),
        (declared, without_declaration, "forwarding \u{e9}t\u{e9}"),
        (xml, utf_16(&e_acute("UTF-16")), "forwarding caf\u{e9}"),
        (xml, large.into(), "forwarding put"),
        (xml, b"".into(), "unreadable document"),
        (
            xml,
            b"<methodCall><methodName>cut".into(),
            "unreadable document",
        ),
        (
            xml,
            b"\0\xff\xfe not XML \r\n".into(),
            "unreadable document",
        ),
        (
            xml,
            b"<html><body>no call</body></html>".into(),
            "unreadable document",
        ),
        (
            xml,
            "<!DOCTYPE x><methodCall><methodName>x</methodName></methodCall>".into(),
            "unreadable document",
        ),
    ];
    for (headers, document, logged) in table {
        backend.respond_ok(ANSWER.as_bytes());
        let what = String::from_utf8_lossy(&document[..document.len().min(90)]).into_owned();
        let response = gateway.send(headers, &document);
        assert_eq!(response.body, ANSWER.as_bytes(), "{what}");
        let [request] = &backend.take()[..] else {
            panic!("{what}: not one request")
        };
        assert!(request.body == document, "{what}: {request:?}");
        let charset = request.header("content-type").unwrap_or_default();
        assert_eq!(
            charset.contains("iso-8859-1"),
            headers.contains("iso-8859-1")
        );
        let bytes = format!(" bytes={}\n", document.len());
        let log = gateway.log_with(&bytes);
        let line = log.lines().find(|line| line.ends_with(bytes.trim_end()));
        let line = line.unwrap();
        assert!(line.contains(logged), "{what}: {line}");
    }

    // A compressed body is inflated. Nothing tells the other server that it was compressed.
    let response = gateway.send("Content-Encoding: gzip\r\n", &gzip(CALL.as_bytes()));
    assert_eq!(response.body, ANSWER.as_bytes());
    let requests = backend.take();
    assert_eq!(requests[0].body, CALL.as_bytes());
    assert_eq!(requests[0].header("content-encoding"), None);
    assert_eq!(
        requests[0].header("host"),
        Some(&*backend.address.to_string())
    );
}

/// The head and the body that the other server sends; the status, a header and the body that arrive.
type Forwarded<'a> = (&'a str, Vec<u8>, &'a str, &'a str, Vec<u8>);

#[test]
fn responses_are_forwarded_byte_for_byte() {
    let backend = Backend::start();
    let gateway = Gateway::start(&backend.url());
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: LENGTH\r\n\r\n";
    let latin_1 = latin_1(
        "<methodResponse><params><param><value>\u{e9}</value></param></params></methodResponse>",
    );
    let chunked = format!("{:x}\r\n{ANSWER}\r\n0\r\n\r\n", ANSWER.len());
    let answer = || ANSWER.as_bytes().to_vec();
    let table: [Forwarded<'_>; 8] = [
        (ok, answer(), "200 ok", "content-type: text/xml", answer()),
        (
            ok,
            b"\0\xff".into(),
            "200 ok",
            "content-length: 2",
            b"\0\xff".into(),
        ),
        (ok, b"".into(), "200 ok", "content-length: 0", b"".into()),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=iso-8859-1\r\nContent-Length: LENGTH\r\n\r\n",
            latin_1.clone(),
            "200 ok",
            "charset=iso-8859-1",
            latin_1,
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: x-own\r\nX-Own: 1\r\n\r\n",
            chunked.into(),
            "200 ok",
            &format!("content-length: {}", ANSWER.len()),
            answer(),
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: LENGTH\r\n\r\n",
            gzip(ANSWER.as_bytes()),
            "200 ok",
            &format!("content-length: {}", ANSWER.len()),
            answer(),
        ),
        (
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: LENGTH\r\n\r\n",
            b"who are you?".into(),
            "401 unauthorized",
            "www-authenticate: basic realm=\"x\"",
            b"who are you?".into(),
        ),
        (
            "HTTP/1.1 502 Bad Gateway\r\nSet-Cookie: a=b\r\nContent-Length: LENGTH\r\n\r\n",
            b"<html>".into(),
            "502 bad gateway",
            "set-cookie: a=b",
            b"<html>".into(),
        ),
    ];
    for (head, body, status, header, expected) in table {
        backend.respond(head, &body);
        let response = gateway.send("Accept-Encoding: gzip, br\r\n", CALL.as_bytes());
        assert!(response.head.contains(status), "{head}: {response:?}");
        assert!(response.head.contains(header), "{head}: {response:?}");
        assert!(response.body == expected, "{head}: {response:?}");
        for hop in ["transfer-encoding", "x-own", "content-encoding"] {
            assert_eq!(response.header(hop), None, "{head}");
        }
        // The gateway asks for what it can inflate.
        let requests = backend.take();
        assert_eq!(requests[0].header("accept-encoding"), Some("gzip,deflate"));
    }
}
