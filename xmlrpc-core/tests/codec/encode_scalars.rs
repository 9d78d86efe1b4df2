//! Encoding of scalars: a test for each rule.

use xmlrpc_core::{Base64, DateTime, Dialect, Struct, Value};

use crate::common::encode::{refuses, writes, written};

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
        "2147483648 does not fit into an <int>, and this dialect has no <i8>; use `Dialect::EXTENDED`",
    );
    writes(&i64::MIN, "<i8>-9223372036854775808</i8>");
}

#[test]
fn integers_beyond_64_bits_are_refused() {
    refuses(
        &u64::MAX,
        Dialect::EXTENDED,
        "18446744073709551615 does not fit into an <i8>",
    );
    refuses(
        &i128::MIN,
        Dialect::EXTENDED,
        "-170141183460469231731687303715884105728 does not fit into an <i8>",
    );
}

#[test]
fn an_i8_value_stays_i8() {
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
                &format!(
                    "the character {name} is not allowed in XML 1.0; send such data as `Base64`"
                ),
            );
        }
    }
    refuses(
        &Struct::from([("list", Value::from(vec!["a", "\u{1}"]))]),
        Dialect::EXTENDED,
        "the character U+0001 is not allowed in XML 1.0; send such data as `Base64` at list[1]",
    );
    writes(
        "\u{7F}\u{85}\u{FFFD}\u{E000}",
        "<string>\u{7F}\u{85}\u{FFFD}\u{E000}</string>",
    );
    refuses(
        &Struct::from([("\u{2}", 1)]),
        Dialect::EXTENDED,
        "the character U+0002 is not allowed in XML 1.0; send such data as `Base64`",
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
                &format!(
                    "XML-RPC has no {text}; to write it anyway, use `Dialect::non_finite(true)`"
                ),
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
        "the year -1 cannot be written as dateTime.iso8601; the first year is 0",
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
