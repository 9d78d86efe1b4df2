//! Which texts are borrowed from the document, and which must be copied.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use xmlrpc_core::{Limits, from_slice, from_str, message::IncomingCall};

#[derive(Debug, Deserialize)]
struct Either<'a>(#[serde(borrow)] Cow<'a, str>);

/// What follows `<value>`, and the text in it.
const LENT: [(&str, &str); 11] = [
    ("plain</value>", "plain"),
    ("</value>", ""),
    ("<string>é > 😀\n</string></value>", "é > 😀\n"),
    ("<string/></value>", ""),
    (" <string> kept </string>\n</value>\n", " kept "),
    (
        "<dateTime.iso8601> 19980717T14:08:55 </dateTime.iso8601></value>",
        "19980717T14:08:55",
    ),
    ("<bigdecimal>1.10</bigdecimal></value>", "1.10"),
    ("<![CDATA[a & b]]></value>", "a & b"),
    ("<!-- beside it --><string>a</string></value>", "a"),
    ("<string xml:space='preserve'>a</string></value>", "a"),
    ("<ex:bigdecimal>1.10</ex:bigdecimal></value>", "1.10"),
];

/// Texts that differ from the bytes in the document.
const COPIED: [(&str, &str); 5] = [
    ("a &amp; b</value>", "a & b"),
    ("&#233;</value>", "é"),
    ("two\r\nlines</value>", "two\nlines"),
    ("a<!-- -->b</value>", "ab"),
    ("a<![CDATA[b]]></value>", "ab"),
];

/// One document for the scanner, one with white space at its start, and one for roxmltree.
fn documents(rest: &str) -> [String; 3] {
    ["", "\n", "<!---->"].map(|before| format!("{before}<value>{rest}"))
}

#[test]
fn texts_that_are_lent() {
    for (rest, expected) in LENT {
        for document in documents(rest) {
            let bytes = document.as_bytes();
            assert_eq!(from_str::<&str>(&document).unwrap(), expected, "{document}");
            assert_eq!(from_slice::<&str>(bytes).unwrap(), expected, "{document}");
            let Either(text) = from_str(&document).unwrap();
            assert!(
                matches!(text, Cow::Borrowed(text) if text == expected),
                "{document}"
            );
        }
    }
}

#[test]
fn texts_that_are_copied() {
    for (rest, expected) in COPIED {
        for document in documents(rest) {
            for error in [
                from_str::<&str>(&document).unwrap_err(),
                from_slice::<&str>(document.as_bytes()).unwrap_err(),
            ] {
                let text = format!("expected a borrowed string, found string {expected:?} (");
                assert!(error.to_string().starts_with(&text), "{document}: {error}");
            }
            let Either(text) = from_str(&document).unwrap();
            assert!(
                matches!(text, Cow::Owned(text) if text == expected),
                "{document}"
            );
        }
    }
}

#[test]
fn nothing_is_lent_from_another_encoding() {
    let document = b"<?xml version='1.0' encoding='ISO-8859-1'?><value>a</value>";
    assert!(from_slice::<&str>(document).is_err());
    let Either(text) = from_slice(document).unwrap();
    assert!(matches!(text, Cow::Owned(text) if text == "a"));
}

/// Parameters outlive the closure that decodes them, and so do the values borrowed from their text.
#[test]
fn parameters_are_always_lent() {
    for (rest, expected) in LENT.into_iter().chain(COPIED) {
        for before in ["", "<!---->"] {
            let document = format!(
                "{before}<methodCall><methodName>m</methodName><params><param><value>{rest}\
                 </param></params></methodCall>"
            );
            let call = IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap();
            let read = call.params().decode(|params| {
                let text: &str = params.required("text")?;
                Ok(text.to_owned())
            });
            assert_eq!(read.unwrap(), expected, "{before}{rest}");
        }
    }
}

#[test]
fn bytes_are_always_copied() {
    let document = "<value><base64>QUJD</base64></value>";
    assert!(from_str::<&[u8]>(document).is_err());
    assert_eq!(from_str::<xmlrpc_core::Base64>(document).unwrap().0, b"ABC");
}
