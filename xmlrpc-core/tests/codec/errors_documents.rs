//! The texts of errors about whole documents that are not XML or not XML-RPC.

use bytes::Bytes;
use xmlrpc_core::{
    Category, Limits, Value, from_str,
    message::{IncomingCall, read_response},
};

#[test]
fn syntax_errors() {
    for (document, expected) in [
        ("", "the document is empty (line 1, column 1)"),
        (
            "hello",
            "expected an element, found \"hello\" (line 1, column 1)",
        ),
        (
            "{\"a\": 1}",
            "expected an element, found \"{\\\"a\\\": 1}\" (line 1, column 1)",
        ),
        (
            "<value>\n<int>1</value>",
            "expected </int>, found </value> (line 2, column 7)",
        ),
        (
            "<value xmlns:x='u'><x:!--/><string>a&amp;--></string></value>",
            "invalid name token (line 1, column 21)",
        ),
        (
            "<value></x:value>",
            "expected </value>, found </x:value> (line 1, column 8)",
        ),
        (
            "<x:value></value>",
            "expected </x:value>, found </value> (line 1, column 10)",
        ),
        (
            "\n<value>\n",
            "the document ends before its root element does (line 3, column 1)",
        ),
        (
            "<value>a & b</value>",
            "malformed entity reference (line 1, column 10)",
        ),
        (
            "<value>\u{1}</value>",
            "a non-XML character '\\u{1}' found (line 1, column 8)",
        ),
        (
            "<value a=1/>",
            "expected a quoted attribute value (line 1, column 10)",
        ),
        (
            "<value a/>",
            "expected an attribute, `>` or `/>` (line 1, column 8)",
        ),
        (
            "<value a='1' a='2'/>",
            "duplicate attribute a (line 1, column 14)",
        ),
        (
            "<value a='<'/>",
            "an attribute value cannot contain `<`; write `&lt;` (line 1, column 11)",
        ),
        (
            "<value><!-- a</value>",
            "the comment has no end (line 1, column 8)",
        ),
        (
            "<!-- a -- b --><value/>",
            "comment contains '--' (line 1, column 1)",
        ),
        (
            "<value><![CDATA[a</value>",
            "the CDATA section has no end (line 1, column 8)",
        ),
        (
            "<value>a ]]> b</value>",
            "']]>' is not allowed inside a character data (line 1, column 15)",
        ),
        (
            "</value>",
            "a closing tag without an opening one (line 1, column 1)",
        ),
        (
            "<value>< /value>",
            "`<` does not begin a tag here (line 1, column 8)",
        ),
        ("<1/>", "invalid name token (line 1, column 2)"),
    ] {
        let error = from_str::<Value>(document).unwrap_err();
        assert_eq!(
            (error.category(), error.fault_code()),
            (Category::Syntax, -32700),
            "{document}"
        );
        assert_eq!(error.to_string(), expected, "{document}");
    }
}

#[test]
fn other_roots() {
    for (document, expected) in [
        (
            "<html/>",
            "expected <methodResponse>, found <html> (line 1, column 1)",
        ),
        (
            "<methodCall/>",
            "expected <methodResponse>, found <methodCall> (line 1, column 1)",
        ),
        (
            "<methodResponse><int/></methodResponse>",
            "expected <params> or <fault>, found <int> (line 1, column 17)",
        ),
        (
            "<methodResponse><params><int>1</int></params></methodResponse>",
            "expected <param>, found <int> (line 1, column 25)",
        ),
        (
            "<methodResponse><params/><params/></methodResponse>",
            "unexpected <params>: <methodResponse> is already complete (line 1, column 26)",
        ),
    ] {
        let error =
            read_response::<i32>(Bytes::from(document), None, &Limits::default()).unwrap_err();
        assert_eq!(
            (error.category(), error.to_string().as_str()),
            (Category::Protocol, expected)
        );
    }
}

#[test]
fn invalid_calls() {
    for (document, expected) in [
        (
            "<methodCall/>",
            "the call has no method name (line 1, column 1)",
        ),
        (
            "<methodCall><methodName> </methodName></methodCall>",
            "the call has no method name (line 1, column 1)",
        ),
        (
            "<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>",
            "duplicate <methodName>: a call has only one (line 1, column 39)",
        ),
        (
            "<methodCall><name>a</name></methodCall>",
            "expected <methodName> or <params>, found <name> (line 1, column 13)",
        ),
        (
            "<methodCall><methodName>a<b/></methodName></methodCall>",
            "expected the name of a method, found <b> (line 1, column 26)",
        ),
        (
            "<methodCall><params><param/></params></methodCall>",
            "expected <value>, found nothing (line 1, column 29)",
        ),
        (
            "<methodCall><params><param><value/><value/></param></params></methodCall>",
            "unexpected <value>: <param> is already complete (line 1, column 36)",
        ),
        (
            "<methodResponse/>",
            "expected <methodCall>, found <methodResponse> (line 1, column 1)",
        ),
    ] {
        let error =
            IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap_err();
        assert_eq!(
            (error.category(), error.to_string().as_str()),
            (Category::Protocol, expected)
        );
    }
}
