//! The requests.

use std::{fmt::Write, io::Write as _};

use flate2::{Compression, write::GzEncoder};

use crate::harness::Outcome;

/// The default bound on the size of a body.
pub(crate) const BODY: usize = 8 << 20;

/// A request with a body, and with these lines in its head.
pub(crate) fn post_with(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn post(body: &[u8]) -> Vec<u8> {
    post_with("", body)
}

/// A call with integers.
pub(crate) fn call(method: &str, params: &[u32]) -> Vec<u8> {
    let mut values = String::new();
    for param in params {
        let _ = write!(values, "<param><value><int>{param}</int></value></param>");
    }
    post(document(method, &values).as_bytes())
}

pub(crate) fn document(method: &str, params: &str) -> String {
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>")
}

/// `add(2, 3)`.
pub(crate) fn small() -> Vec<u8> {
    call("add", &[2, 3])
}

/// A multicall of one method.
pub(crate) fn multicall(method: &str, params: &[u32], entries: usize) -> Vec<u8> {
    let mut values = String::new();
    for param in params {
        let _ = write!(values, "<value><int>{param}</int></value>");
    }
    let entry = format!(
        "<value><struct><member><name>methodName</name><value>{method}</value></member>\
         <member><name>params</name><value><array><data>{values}</data></array></value></member></struct></value>"
    );
    post(array("system.multicall", &entry, entries).as_bytes())
}

/// A call with an array of equal items.
pub(crate) fn array(method: &str, item: &str, count: usize) -> String {
    let items = item.repeat(count);
    document(
        method,
        &format!("<param><value><array><data>{items}</data></array></value></param>"),
    )
}

/// A call of `echo` in about 10 kB of gzip, which asks for 29 MB.
pub(crate) fn bomb() -> Outcome<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(array("echo", "<value/>", 900_000).as_bytes())?;
    Ok(post_with("Content-Encoding: gzip\r\n", &gzip.finish()?))
}

/// A call of `size` with a text, whose body has so many bytes.
pub(crate) fn text(bytes: usize) -> Vec<u8> {
    let with = |text: &str| {
        document(
            "size",
            &format!("<param><value><string>{text}</string></value></param>"),
        )
    };
    let rest = bytes.saturating_sub(with("").len());
    post(with(&"x".repeat(rest)).as_bytes())
}

const INTEGER: &str = "<value><int>1234567</int></value>";

/// A call of `count` with integers, whose body has about so many bytes.
pub(crate) fn integers(bytes: usize) -> Vec<u8> {
    post(array("count", INTEGER, bytes / INTEGER.len()).as_bytes())
}

/// A call of `echo` with integers, whose body has about so many bytes.
pub(crate) fn echoed(bytes: usize) -> Vec<u8> {
    post(array("echo", INTEGER, bytes / INTEGER.len()).as_bytes())
}

/// A call of `count` with structs of three members, whose body has about so many bytes.
pub(crate) fn structs(bytes: usize) -> Vec<u8> {
    const ITEM: &str = "<value><struct><member><name>id</name><value><int>1234567</int></value></member>\
                        <member><name>name</name><value><string>Ada Lovelace</string></value></member>\
                        <member><name>active</name><value><boolean>1</boolean></value></member></struct></value>";
    post(array("count", ITEM, bytes / ITEM.len()).as_bytes())
}

/// A call of `echo` with arrays inside arrays.
pub(crate) fn nested(levels: usize) -> Vec<u8> {
    let start = "<value><array><data>".repeat(levels);
    let end = "</data></array></value>".repeat(levels);
    post(document("echo", &format!("<param>{start}{end}</param>")).as_bytes())
}
