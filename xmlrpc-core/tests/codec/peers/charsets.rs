//! Headers and declarations that name the wrong encoding.

use bytes::Bytes;
use xmlrpc_core::{
    Category, Limits,
    message::{IncomingCall, read_response},
};

use super::{case, in_response, with_charset};

fn text(document: &str, charset: &str) -> String {
    with_charset::<String>(document, Some(charset))
        .unwrap()
        .unwrap()
}

#[test]
fn cases() {
    let document = case("charset-none.xml");
    assert_eq!(with_charset::<i32>(&document, Some("none")).unwrap(), Ok(1));
    let document = case("charset-latin1-vs-decl-utf8.xml");
    assert_eq!(text(&document, "iso-8859-1"), "é");
}

#[test]
fn an_unknown_charset_counts_as_none() {
    let plain = in_response("<value>é</value>");
    for charset in [
        "none",
        "klingon",
        "utf8mb4",
        "utf-7",
        "iso-2022-kr",
        "binary",
        "\"\"",
    ] {
        assert_eq!(text(&plain, charset), "é", "{charset}");
        let latin = "<?xml version='1.0' encoding='latin1'?>".as_bytes();
        let document = [latin, in_response("<value>?</value>").as_bytes()].concat();
        let document: Vec<u8> = document
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                if *byte == b'?' && at > latin.len() {
                    0xE9
                } else {
                    *byte
                }
            })
            .collect();
        let read = read_response::<String>(document.into(), Some(charset), &Limits::RESPONSE);
        assert_eq!(read.unwrap().unwrap(), "é", "{charset}");
    }
}

#[test]
fn a_declaration_of_utf_8_wins_over_a_single_byte_charset() {
    for declaration in ["UTF-8", "utf-8", "utf8"] {
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"{declaration}\"?>{}",
            in_response("<value>é€😀</value>")
        );
        for charset in ["iso-8859-1", "latin1", "us-ascii", "windows-1252", "koi8-r"] {
            assert_eq!(text(&document, charset), "é€😀", "{declaration} {charset}");
        }
    }
    // Bytes that are not UTF-8 are in the charset of the header.
    let document =
        b"<?xml version='1.0' encoding='UTF-8'?><methodResponse><params><param><value>\xE9\
                     </value></param></params></methodResponse>";
    let read = read_response::<String>(
        Bytes::from_static(document),
        Some("latin1"),
        &Limits::RESPONSE,
    );
    assert_eq!(read.unwrap().unwrap(), "é");
    // Without a declaration, the header decides.
    assert_eq!(text(&in_response("<value>é</value>"), "latin1"), "Ã©");
    let call =
        "<?xml version='1.0' encoding='UTF-8'?><methodCall><methodName>é</methodName></methodCall>";
    let call = IncomingCall::read(call.into(), Some("iso-8859-1"), &Limits::REQUEST).unwrap();
    assert_eq!(call.method(), "é");
}

#[test]
fn an_unknown_encoding_in_the_declaration_remains_an_error() {
    for encoding in ["utf-7", "klingon"] {
        let document = format!(
            "<?xml version='1.0' encoding='{encoding}'?>{}",
            in_response("<value/>")
        );
        for charset in [None, Some("none"), Some("klingon")] {
            let error = with_charset::<String>(&document, charset).unwrap_err();
            assert_eq!(
                (error.category(), error.fault_code()),
                (Category::UnknownEncoding, -32701),
                "{encoding} {charset:?}"
            );
        }
        // A known charset in the header decides, as before.
        assert_eq!(text(&document, "utf-8"), "");
    }
}
