//! What is written: a test for each rule of encoding.

#![allow(
    clippy::option_option,
    reason = "it is one of the shapes that serde knows"
)]

use std::collections::BTreeMap;

use serde::Serialize;
use xmlrpc_core::{
    Base64, Category, DateTime, Dialect, Struct, Value, to_string, to_vec, to_vec_with,
};

const NAMESPACE: &str = " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

/// What is written between `<value>` and `</value>`.
#[track_caller]
fn written<T: Serialize + ?Sized>(value: &T, dialect: Dialect) -> String {
    let bytes = to_vec_with(value, dialect).unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8(bytes).unwrap();
    let text = text.replacen(NAMESPACE, "", 1);
    text.strip_prefix("<value>")
        .and_then(|text| text.strip_suffix("</value>"))
        .unwrap()
        .to_owned()
}

#[track_caller]
fn writes<T: Serialize + ?Sized>(value: &T, expected: &str) {
    assert_eq!(written(value, Dialect::EXTENDED), expected);
}

#[track_caller]
fn refuses<T: Serialize + ?Sized>(value: &T, dialect: Dialect, expected: &str) {
    let error = to_vec_with(value, dialect).unwrap_err();
    assert_eq!(error.category(), Category::Data);
    assert_eq!(error.to_string(), expected);
}

#[test]
fn integers_of_32_bits_are_int() {
    writes(&0_i8, "<int>0</int>");
    writes(&-1_i16, "<int>-1</int>");
    writes(&i32::MIN, "<int>-2147483648</int>");
    writes(&255_u8, "<int>255</int>");
    writes(&2_147_483_647_u32, "<int>2147483647</int>");
    writes(&5_i64, "<int>5</int>");
    writes(&5_u64, "<int>5</int>");
    writes(&5_i128, "<int>5</int>");
    writes(&5_u128, "<int>5</int>");
}

#[test]
fn i4_is_a_switch() {
    assert_eq!(written(&5_i64, Dialect::STANDARD.i4(true)), "<i4>5</i4>");
}

#[test]
fn integers_of_64_bits_by_dialect() {
    let wide = 2_147_483_648_i64;
    assert_eq!(written(&wide, Dialect::EXTENDED), "<i8>2147483648</i8>");
    assert_eq!(written(&wide, Dialect::APACHE), "<ex:i8>2147483648</ex:i8>");
    refuses(
        &wide,
        Dialect::STANDARD,
        "2147483648 does not fit an <int>, and this dialect has nothing wider",
    );
    writes(&i64::MIN, "<i8>-9223372036854775808</i8>");
}

#[test]
fn integers_beyond_64_bits_are_refused() {
    refuses(
        &u64::MAX,
        Dialect::EXTENDED,
        "18446744073709551615 does not fit an <i8>",
    );
    refuses(
        &i128::MIN,
        Dialect::EXTENDED,
        "-170141183460469231731687303715884105728 does not fit an <i8>",
    );
}

#[test]
fn a_value_that_is_i8_stays_it() {
    assert_eq!(written(&Value::I8(5), Dialect::EXTENDED), "<i8>5</i8>");
    assert_eq!(written(&Value::I8(5), Dialect::APACHE), "<ex:i8>5</ex:i8>");
    assert_eq!(written(&Value::I8(5), Dialect::STANDARD), "<int>5</int>");
}

#[test]
fn strings_are_always_tagged() {
    writes("", "<string></string>");
    writes("a", "<string>a</string>");
    writes(&'é', "<string>é</string>");
    writes(" \t\n ", "<string> \t\n </string>");
}

#[test]
fn what_must_be_escaped() {
    writes(
        "<a href=\"x\">&'</a>",
        "<string>&lt;a href=\"x\"&gt;&amp;'&lt;/a&gt;</string>",
    );
    writes("]]>", "<string>]]&gt;</string>");
    writes("a\r\nb\r", "<string>a&#13;\nb&#13;</string>");
    let long = format!("{}&{}", "x".repeat(100), "y".repeat(100));
    writes(
        &long,
        &format!("<string>{}</string>", long.replace('&', "&amp;")),
    );
    for at in 0..70 {
        let text = format!("{}<{}", "é".repeat(at), "\u{EFFF}".repeat(70 - at));
        writes(
            &text,
            &format!("<string>{}</string>", text.replace('<', "&lt;")),
        );
    }
}

#[test]
fn names_are_escaped_too() {
    writes(
        &Struct::from([("a<b", 1)]),
        "<struct><member><name>a&lt;b</name><value><int>1</int></value></member></struct>",
    );
}

#[test]
fn characters_that_xml_cannot_carry_are_refused() {
    for (c, name) in [
        ('\0', "U+0000"),
        ('\u{8}', "U+0008"),
        ('\u{B}', "U+000B"),
        ('\u{1F}', "U+001F"),
        ('\u{FFFE}', "U+FFFE"),
        ('\u{FFFF}', "U+FFFF"),
    ] {
        for text in [
            c.to_string(),
            format!("{}{c}", "x".repeat(40)),
            format!("é{c}é"),
        ] {
            refuses(
                &text,
                Dialect::EXTENDED,
                &format!("XML 1.0 cannot carry the character {name}"),
            );
        }
    }
    refuses(
        &Struct::from([("list", Value::from(vec!["a", "\u{1}"]))]),
        Dialect::EXTENDED,
        "XML 1.0 cannot carry the character U+0001 at list[1]",
    );
    writes(
        "\u{7F}\u{85}\u{FFFD}\u{E000}",
        "<string>\u{7F}\u{85}\u{FFFD}\u{E000}</string>",
    );
    refuses(
        &Struct::from([("\u{2}", 1)]),
        Dialect::EXTENDED,
        "XML 1.0 cannot carry the character U+0002",
    );
}

#[test]
fn ascii_is_a_switch() {
    let ascii = Dialect::STANDARD.ascii(true);
    assert_eq!(
        written("aé€😀b", ascii),
        "<string>a&#233;&#8364;&#128512;b</string>"
    );
    assert_eq!(
        written(&Struct::from([("é", "\u{FFFD}")]), ascii),
        "<struct><member><name>&#233;</name><value><string>&#65533;</string></value></member></struct>",
    );
}

#[test]
fn booleans_are_digits() {
    writes(&true, "<boolean>1</boolean>");
    writes(&false, "<boolean>0</boolean>");
}

#[test]
fn doubles_are_positional() {
    for (number, expected) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (0.1, "0.1"),
        (1e15, "1000000000000000.0"),
        (1e16, "10000000000000000.0"),
        (1.5e17, "150000000000000000.0"),
        (1e-5, "0.00001"),
        (1e-7, "0.0000001"),
        (1.25e-7, "0.000000125"),
        (-1.25e-10, "-0.000000000125"),
        (123_456_789.123_456_79, "123456789.12345679"),
        (f64::MAX, &format!("17976931348623157{}.0", "0".repeat(292))),
        (5e-324, &format!("0.{}5", "0".repeat(323))),
        (1e300, &format!("1{}.0", "0".repeat(300))),
    ] {
        writes(&number, &format!("<double>{expected}</double>"));
        assert_eq!(expected.parse::<f64>().unwrap().to_bits(), number.to_bits());
    }
}

#[test]
fn floats_are_as_short_as_they_can_be() {
    writes(&0.1_f32, "<double>0.1</double>");
    writes(&16_777_216_f32, "<double>16777216.0</double>");
    writes(&1e-10_f32, "<double>0.0000000001</double>");
}

#[test]
fn non_finite_doubles_are_a_switch() {
    for (number, text) in [
        (f64::NAN, "nan"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
            refuses(
                &number,
                dialect,
                &format!("XML-RPC has no {text}; `Dialect::non_finite` writes it all the same"),
            );
            assert_eq!(
                written(&number, dialect.non_finite(true)),
                format!("<double>{text}</double>")
            );
        }
    }
}

#[test]
fn dates_without_a_zone() {
    let expected = "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>";
    writes(&DateTime::new(1998, 7, 17, 14, 8, 55).unwrap(), expected);
    writes(
        &"1998-07-17T14:08:55.5+02:00".parse::<DateTime>().unwrap(),
        expected,
    );
    writes(
        &DateTime::new(9, 1, 2, 3, 4, 5).unwrap(),
        "<dateTime.iso8601>00090102T03:04:05</dateTime.iso8601>",
    );
    let before = DateTime::from(jiff::civil::date(-1, 1, 1).at(0, 0, 0, 0));
    refuses(
        &before,
        Dialect::EXTENDED,
        "the year -1 has no dateTime.iso8601",
    );
    assert!(DateTime::new(-1, 1, 1, 0, 0, 0).is_err());
}

#[test]
fn bytes_are_base64() {
    writes(&Base64(b"ABC"), "<base64>QUJD</base64>");
    writes(&Base64(b"AB"), "<base64>QUI=</base64>");
    writes(&Base64(Vec::new()), "<base64></base64>");
    writes(serde_bytes::Bytes::new(b"ABC"), "<base64>QUJD</base64>");
    writes(
        &vec![1_u8, 2],
        "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>",
    );
}

#[test]
fn arrays_have_data() {
    writes::<[i32]>(&[], "<array><data></data></array>");
    writes(
        &(1, "a"),
        "<array><data><value><int>1</int></value><value><string>a</string></value></data></array>",
    );
}

#[test]
fn structs_have_members() {
    writes(&Struct::new(), "<struct></struct>");
    writes(
        &BTreeMap::from([("a", 1), ("b", 2)]),
        "<struct><member><name>a</name><value><int>1</int></value></member>\
         <member><name>b</name><value><int>2</int></value></member></struct>",
    );
}

#[test]
fn nil_by_dialect() {
    assert_eq!(written(&None::<i32>, Dialect::EXTENDED), "<nil/>");
    assert_eq!(written(&None::<i32>, Dialect::APACHE), "<ex:nil/>");
    refuses(
        &None::<i32>,
        Dialect::STANDARD,
        "`None` has no form in this dialect, which has no <nil/>",
    );
    assert_eq!(
        written(&[None, Some(1)], Dialect::EXTENDED),
        "<array><data><value><nil/></value><value><int>1</int></value></data></array>"
    );
    refuses(
        &[Some(1), None],
        Dialect::STANDARD,
        "`None` has no form in this dialect, which has no <nil/> at [1]",
    );
    refuses(
        &Value::Nil,
        Dialect::STANDARD,
        "nil has no form in this dialect, which has no <nil/>",
    );
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    note: Option<&'static str>,
    nested: Option<Option<i32>>,
}

const BARE: Entry = Entry {
    name: "x",
    note: None,
    nested: Some(None),
};

#[test]
fn members_that_are_none_are_left_out() {
    let expected =
        "<struct><member><name>name</name><value><string>x</string></value></member></struct>";
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        assert_eq!(written(&BARE, dialect), expected);
    }
    writes(&BTreeMap::from([("a", None::<i32>)]), "<struct></struct>");
}

#[test]
fn members_that_are_none_as_a_switch() {
    assert_eq!(
        written(&BARE, Dialect::EXTENDED.nil_members(true)),
        "<struct><member><name>name</name><value><string>x</string></value></member>\
         <member><name>note</name><value><nil/></value></member>\
         <member><name>nested</name><value><nil/></value></member></struct>",
    );
    refuses(
        &BARE,
        Dialect::STANDARD.nil_members(true),
        "`None` has no form in this dialect, which has no <nil/> at note",
    );
}

#[test]
fn a_nil_value_is_a_member() {
    writes(
        &Struct::from([("a", Value::Nil)]),
        "<struct><member><name>a</name><value><nil/></value></member></struct>",
    );
}

#[test]
fn unit_by_dialect() {
    #[derive(Serialize)]
    struct Unit;
    assert_eq!(written(&(), Dialect::STANDARD), "<boolean>1</boolean>");
    assert_eq!(written(&(), Dialect::EXTENDED), "<nil/>");
    assert_eq!(written(&(), Dialect::APACHE), "<ex:nil/>");
    assert_eq!(written(&Unit, Dialect::STANDARD), "<boolean>1</boolean>");
}

#[test]
fn enums_as_in_json() {
    #[derive(Serialize)]
    enum Shape {
        Empty,
        Circle(f64),
        Line(i32, i32),
        Box { w: i32, h: Option<i32> },
        Maybe(Option<i32>),
    }
    let wrap = |name: &str, inner: &str| {
        format!("<struct><member><name>{name}</name><value>{inner}</value></member></struct>")
    };
    writes(&Shape::Empty, "<string>Empty</string>");
    writes(&Shape::Circle(1.5), &wrap("Circle", "<double>1.5</double>"));
    let line = "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>";
    writes(&Shape::Line(1, 2), &wrap("Line", line));
    writes(
        &Shape::Box { w: 1, h: None },
        &wrap("Box", &wrap("w", "<int>1</int>")),
    );
    writes(&Shape::Maybe(None), &wrap("Maybe", "<nil/>"));
}

#[test]
fn newtypes_are_transparent() {
    #[derive(Serialize)]
    struct Id(u32);
    writes(&Id(7), "<int>7</int>");
}

#[test]
fn keys_of_maps_are_text() {
    let name = |key: &str| {
        format!("<struct><member><name>{key}</name><value><int>0</int></value></member></struct>")
    };
    writes(&BTreeMap::from([(-5, 0)]), &name("-5"));
    writes(&BTreeMap::from([(true, 0)]), &name("true"));
    writes(&BTreeMap::from([('<', 0)]), &name("&lt;"));
    writes(
        &BTreeMap::from([(u128::MAX, 0)]),
        &name(&u128::MAX.to_string()),
    );
    writes(&BTreeMap::from([(Some("a"), 0)]), &name("a"));
    for error in [
        to_vec(&BTreeMap::from([((), 0)])),
        to_vec(&BTreeMap::from([((1, 2), 0)])),
        to_vec(&BTreeMap::from([(None::<i32>, 0)])),
        to_vec(&BTreeMap::from([(vec![1], 0)])),
    ] {
        assert_eq!(
            error.unwrap_err().to_string(),
            "the name of a member must be text"
        );
    }
}

#[test]
fn no_attributes_but_the_namespace_of_apache_on_the_root() {
    assert_eq!(
        to_vec_with(&[1], Dialect::APACHE).unwrap(),
        format!(
            "<value{NAMESPACE}><array><data><value><int>1</int></value></data></array></value>"
        )
        .into_bytes(),
    );
    assert_eq!(to_string(&1).unwrap(), "<value><int>1</int></value>");
}

#[test]
fn paths_of_errors() {
    #[derive(Serialize)]
    enum Deep {
        Newtype(BTreeMap<&'static str, Vec<f64>>),
        Tuple(i32, f64),
        Struct { x: f64 },
    }
    let path = |value: &Deep| to_vec(value).unwrap_err().path().to_owned();
    assert_eq!(
        path(&Deep::Newtype(BTreeMap::from([("a", vec![0.0, f64::NAN])]))),
        "Newtype.a[1]"
    );
    assert_eq!(path(&Deep::Tuple(1, f64::NAN)), "Tuple[1]");
    assert_eq!(path(&Deep::Struct { x: f64::NAN }), "Struct.x");
}
