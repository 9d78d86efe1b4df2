//! Edge cases of reading, and documents that are rejected. The habits of real peers are in `wire`.

use bytes::Bytes;
use xmlrpc_core::{
    Category, Limits, Struct, Value, from_str,
    message::{IncomingCall, read_response},
};

use crate::common::decode::{document, reads, refused, strings};

#[test]
fn invalid_arrays() {
    for inner in [
        "<array><data/><value/></array>",
        "<array><value/><data/></array>",
        "<array/><array/>",
    ] {
        refused::<Value>(inner, "");
        let error = from_str::<Value>(&format!("<value>{inner}</value>")).unwrap_err();
        assert_eq!(error.category(), Category::Protocol, "{inner}: {error}");
    }
}

#[test]
fn names_of_members() {
    let member = |name: &str| Struct::from([(name, 1)]);
    for (name, expected) in [
        ("<name/>", member("")),
        ("<name></name>", member("")),
        ("<name>&lt;&#233;</name>", member("<é")),
        ("<name> a </name>", member(" a ")),
    ] {
        let member = format!("<member>{name}<value><int>1</int></value></member>");
        reads(&[(&*format!("<struct>{member}</struct>"), expected)]);
    }
}

#[test]
fn invalid_structs() {
    for (inner, expected) in [
        (
            "<struct><member><name>a</name></member></struct>",
            "the member has no <value>",
        ),
        (
            "<struct><member><value/></member></struct>",
            "the member has no <name>",
        ),
        ("<struct><member/></struct>", "the member has no <name>"),
        (
            "<struct><name>a</name></struct>",
            "expected <member>, found <name>",
        ),
        (
            "<struct><member><name>a</name><int>1</int><int>2</int></member></struct>",
            "expected </member>, found <int>",
        ),
        (
            "<struct><member><name>a</name><value/><value/></member></struct>",
            "expected </member>, found <value>",
        ),
        (
            "<struct><member><name>a<b/></name><value/></member></struct>",
            "expected text, found <b>",
        ),
    ] {
        refused::<Value>(inner, expected);
    }
}

#[test]
fn a_value_of_two_types_is_refused() {
    refused::<i32>(
        "<int>1</int><int>2</int>",
        "unexpected <int>: <value> is already complete",
    );
}

#[test]
fn responses_without_a_value() {
    let read = |document: &'static str| {
        read_response::<Option<i32>>(Bytes::from(document), None, &Limits::default())
    };
    assert_eq!(
        read("<methodResponse><params/></methodResponse>").unwrap(),
        Ok(None)
    );
    assert_eq!(
        read("<methodResponse/>").unwrap_err().category(),
        Category::Protocol
    );
}

#[test]
fn a_prefix_of_another_namespace_is_not_an_extension() {
    for tag in [
        "<ex:nil xmlns:ex='urn:other'/>",
        "<ex:i8 xmlns:ex='urn:other'>1</ex:i8>",
    ] {
        refused::<Value>(tag, "<ex:");
    }
}

#[test]
fn the_default_namespace_means_nothing() {
    assert_eq!(
        document::<i32>("<value xmlns='urn:x'><int>1</int></value>"),
        1
    );
}

#[test]
fn bytes_after_the_root() {
    let value = "<value><int>1</int></value>";
    let call = "<methodCall><methodName>m</methodName></methodCall>";
    let answer =
        format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
    for after in [
        "\n",
        "\0",
        "\0\0",
        "\r\n\r\n",
        "<!-- served in 3 ms -->",
        "<br>",
        "</html>",
        "junk",
        "<value/>",
        "&",
    ] {
        let document = format!("{value}{after}");
        assert_eq!(from_str::<i32>(&document).unwrap(), 1, "{after:?}");
        let document = Bytes::from(format!("{call}{after}"));
        let read = IncomingCall::read(document, None, &Limits::default());
        assert_eq!(read.unwrap().method(), "m", "{after:?}");
        let document = Bytes::from(format!("{answer}{after}"));
        let read = read_response::<i32>(document, None, &Limits::default());
        assert_eq!(read.unwrap(), Ok(1), "{after:?}");
    }
}

#[test]
fn references_to_no_character() {
    for inner in [
        "&#55357;",
        "&#56832;",
        "&#56832;&#55357;",
        "&#55357; &#56832;",
        "&#55357;a",
        "&#x110000;",
        "&#99999999999;",
    ] {
        let error = from_str::<String>(&format!("<value>{inner}</value>")).unwrap_err();
        assert_eq!(error.category(), Category::Syntax, "{inner}");
        assert!(
            error.to_string().contains("does not refer to a character"),
            "{error}"
        );
    }
}

#[test]
fn line_ends_are_normalised() {
    strings(&[
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\r&amp;", "a\n&"),
        ("a\r&#10;", "a\n\n"),
        ("a&#13;\nb", "a\r\nb"),
        ("<![CDATA[a\r\nb\r]]>", "a\nb\n"),
        ("\r\r\n\r", "\n\n\n"),
    ]);
}
