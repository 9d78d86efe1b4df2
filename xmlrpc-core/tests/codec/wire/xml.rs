//! White space, CDATA, comments, attributes and references.

use xmlrpc_core::{Base64, DateTime, Struct, Value};

use crate::common::decode::{document, read, reads, refused, strings};

pub(crate) fn white_space() {
    assert_eq!(read::<i32>("<int>\n 12\t</int>"), 12);
    assert_eq!(read::<Value>("<double> 1.5 </double>"), Value::Double(1.5));
    assert!(read::<bool>("<boolean> 1 </boolean>"));
    assert_eq!(read::<Base64>("<base64>\n  QUJD\n</base64>").0, b"ABC");
    let date: DateTime = read("<dateTime.iso8601> 19980717T14:08:55\n</dateTime.iso8601>");
    assert_eq!(date.to_string(), "19980717T14:08:55");

    let array =
        "<value>\n <array>\n <data>\r\n<value>\n<int>1</int>\n</value>\t</data> </array> </value>";
    assert_eq!(document::<Vec<i32>>(array), [1]);
    let members =
        "\n<member>\n<name>a</name>\n<value>\n<string> x </string>\n</value>\n</member>\n";
    let members: Struct = read(&format!("\n<struct>{members}</struct>\n"));
    assert_eq!(members["a"], Value::from(" x "));

    let one = "<value><int>1</int></value>";
    for (before, after) in [
        ("\r\n \t<?xml version=\"1.0\"?>\n", "\n\0\n"),
        ("<?xml version='1.0'?>\r\n", "\r\n"),
        ("\u{FEFF}\n\u{FEFF}", "\n trailing <br>"),
    ] {
        assert_eq!(document::<i32>(&format!("{before}{one}{after}")), 1);
    }
}

pub(crate) fn cdata_and_comments() {
    strings(&[
        ("<string><![CDATA[<b>&amp;]]></string>", "<b>&amp;"),
        ("<![CDATA[a]]>", "a"),
        ("a<![CDATA[<]]>b", "a<b"),
        ("<string>a<!-- x -->b<?pi?>c</string>", "abc"),
        ("<!-- x --><string>a</string>", "a"),
        ("<string><![CDATA[]]></string>", ""),
    ]);
    assert_eq!(read::<i32>("<int>1<!-- 2 -->3</int>"), 13);
    let around = "<?xml version='1.0'?><!-- a --><value><int>1</int></value><!-- b -->";
    assert_eq!(document::<i32>(around), 1);
}

pub(crate) fn text_beside_a_type() {
    reads(&[
        ("junk<int>1</int>", 1),
        ("<int>1</int>junk", 1),
        (" a <int>1</int> b ", 1),
    ]);
    let array = "x<array>y<data>z<value><int>1</int></value>z</data>y</array>x";
    assert_eq!(read::<Vec<i32>>(array), [1]);
}

pub(crate) fn attributes() {
    let array = "<value a=\"1\"><array b='2'><data c=''><value d='&lt;'>\
                 <int e='5' f=\"6\">1</int></value></data></array></value>";
    assert_eq!(document::<Vec<i32>>(array), [1]);
    // An undeclared prefix too.
    let prefixed = "<value xsi:type=\"a\"><int xsi:type='b' >7</int></value>";
    assert_eq!(document::<i32>(prefixed), 7);
}

pub(crate) fn surrogates() {
    strings(&[
        ("&#55357;&#56832;", "😀"),
        ("a&#xD83D;&#xDE00;b", "a😀b"),
        ("&#xd83d;&#56832;", "😀"),
        ("<string>&#55357;&#56832;&#55357;&#56832;</string>", "😀😀"),
    ]);
    refused::<String>("&#55357;", "&#55357; does not refer to a character");
}

pub(crate) fn references() {
    strings(&[
        ("a > b", "a > b"),
        ("&#233;&#xe9;&#x1F600;", "éé😀"),
        ("&quot;&apos;", "\"'"),
    ]);
}
