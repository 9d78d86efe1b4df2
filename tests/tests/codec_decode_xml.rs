//! What real peers send, as XML: prefixes, white space, attributes, references, CDATA.

use bytes::Bytes;
use xmlrpc_core::{
    Category, Limits, Struct, Value, from_slice, from_str,
    message::{IncomingCall, read_response},
};

#[allow(dead_code)] // shared by several tests
#[path = "common/decode.rs"]
mod decode;
use decode::{read, reads, string};

const EX: &str = "xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

#[test]
fn extensions_of_apache_with_the_namespace_declared() {
    let document = format!("<value {EX}><ex:i8>12</ex:i8></value>");
    assert_eq!(from_str::<Value>(&document).unwrap(), Value::I8(12));
    let document = format!("<value><ex:nil {EX}/></value>");
    assert_eq!(from_str::<Value>(&document).unwrap(), Value::Nil);
    let document = format!("<value {}><e:nil/></value>", EX.replace(":ex", ":e"));
    assert_eq!(from_str::<Value>(&document).unwrap(), Value::Nil);
}

#[test]
fn a_prefix_of_another_namespace_is_no_extension() {
    let error = from_str::<Value>("<value xmlns:ex=\"urn:other\"><ex:nil/></value>").unwrap_err();
    assert_eq!(error.category(), Category::Protocol);
}

#[test]
fn the_default_namespace_means_nothing() {
    assert_eq!(
        from_str::<i32>("<value xmlns=\"urn:x\"><int>1</int></value>").unwrap(),
        1
    );
}

#[test]
fn the_prefix_of_apache_without_a_declaration() {
    reads(&[
        ("<ex:nil/>", Value::Nil),
        ("<ex:i8>-5</ex:i8>", Value::I8(-5)),
        ("<a:i4>1</a:i4>", Value::Int(1)),
    ]);
    // Declared, but not here: scopes end with their element.
    let document = "<value><array><data><value xmlns:ex=\"urn:other\">a</value>\
                    <value><ex:nil/></value></data></array></value>";
    assert_eq!(
        from_str::<Value>(document).unwrap(),
        Value::from(vec![Value::from("a"), Value::Nil])
    );
    // Attributes, too.
    assert_eq!(
        from_str::<i32>("<value xsi:type=\"a\"><int xsi:type='b' >7</int></value>").unwrap(),
        7
    );
}

#[test]
fn every_type_with_a_prefix() {
    let date = Value::DateTime("19980717T14:08:55Z".parse().unwrap());
    for (tag, text, expected) in [
        ("i1", "-7", Value::Int(-7)),
        ("i2", "-700", Value::Int(-700)),
        ("i8", "7", Value::I8(7)),
        ("biginteger", "7", Value::I8(7)),
        ("float", "1.5", Value::Double(1.5)),
        ("bigdecimal", "-1.25", Value::Double(-1.25)),
        ("dateTime", "1998-07-17T14:08:55Z", date),
        ("nil", "", Value::Nil),
    ] {
        let inner = format!("<ex:{tag}>{text}</ex:{tag}>");
        let declared = format!("<value {EX}>{inner}</value>");
        let undeclared = format!("<value>{inner}</value>");
        for document in [declared, undeclared] {
            assert_eq!(
                from_str::<Value>(&document).unwrap(),
                expected,
                "{document}"
            );
        }
    }
    assert_eq!(
        read::<String>("<ex:bigdecimal>1.10</ex:bigdecimal>"),
        "1.10"
    );
    let digits = format!("<ex:biginteger>{}</ex:biginteger>", i128::MIN);
    assert_eq!(read::<i128>(&digits), i128::MIN);
}

#[test]
fn white_space_around_tags() {
    let document = " <value>\n <array>\n <data>\n <value>\n <int>1</int>\n </value>\n </data>\n </array>\n </value>\n";
    assert_eq!(from_str::<Vec<i32>>(document).unwrap(), [1]);
    let document = "<value>\n<struct>\n<member>\n<name>a</name>\n<value>\n<string> x </string>\n</value>\n</member>\n</struct>\n</value>";
    let members: Struct = from_str(document).unwrap();
    assert_eq!(members["a"], Value::from(" x "));
}

#[test]
fn white_space_around_the_document() {
    let document =
        "\r\n \t<?xml version=\"1.0\"?>\n<value><int>1</int></value>\n\0\n trailing <br>";
    assert_eq!(from_str::<i32>(document).unwrap(), 1);
    assert_eq!(
        from_slice::<i32>(b"\xEF\xBB\xBF<?xml version='1.0'?><value><int>1</int></value>").unwrap(),
        1
    );
    assert_eq!(
        from_str::<i32>("\u{FEFF}\n\u{FEFF}<value><int>1</int></value>").unwrap(),
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
fn cdata_and_comments_in_text() {
    reads(&[
        ("<string><![CDATA[<b>&amp;]]></string>", string("<b>&amp;")),
        ("<![CDATA[a]]>", string("a")),
        ("a<![CDATA[<]]>b", string("a<b")),
        ("<string>a<!-- x -->b<?pi?>c</string>", string("abc")),
        ("<!-- x --><string>a</string>", string("a")),
        ("<string><![CDATA[]]></string>", String::new()),
    ]);
    assert_eq!(read::<i32>("<int>1<!-- 2 -->3</int>"), 13);
    assert_eq!(
        from_str::<i32>("<?xml version='1.0'?><!-- a --><value><int>1</int></value><!-- b -->")
            .unwrap(),
        1
    );
}

#[test]
fn text_beside_a_type_is_ignored() {
    reads(&[
        ("junk<int>1</int>", 1),
        ("<int>1</int>junk", 1),
        (" a <int>1</int> b ", 1),
    ]);
    assert_eq!(
        read::<Vec<i32>>("x<array>y<data>z<value><int>1</int></value>z</data>y</array>x"),
        [1]
    );
}

#[test]
fn attributes_on_any_element() {
    let document = "<value a=\"1\"><array b='2'><data c=''><value d='&lt;'><int e='5' f=\"6\">1</int></value></data></array></value>";
    assert_eq!(from_str::<Vec<i32>>(document).unwrap(), [1]);
}

#[test]
fn characters_as_two_surrogate_references() {
    reads(&[
        ("&#55357;&#56832;", string("😀")),
        ("a&#xD83D;&#xDE00;b", string("a😀b")),
        ("&#xd83d;&#56832;", string("😀")),
        (
            "<string>&#55357;&#56832;&#55357;&#56832;</string>",
            string("😀😀"),
        ),
    ]);
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
            error.to_string().contains("refers to no character"),
            "{error}"
        );
    }
}

#[test]
fn raw_greater_than_and_numeric_references() {
    reads(&[
        ("a > b", string("a > b")),
        ("&#233;&#xe9;&#x1F600;", string("éé😀")),
        ("&quot;&apos;", string("\"'")),
    ]);
}

#[test]
fn line_ends_are_normalised() {
    reads(&[
        ("a\r\nb\rc\nd", string("a\nb\nc\nd")),
        ("a\r&amp;", string("a\n&")),
        ("a\r&#10;", string("a\n\n")),
        ("a&#13;\nb", string("a\r\nb")),
        ("<![CDATA[a\r\nb\r]]>", string("a\nb\n")),
        ("\r\r\n\r", string("\n\n\n")),
    ]);
}
