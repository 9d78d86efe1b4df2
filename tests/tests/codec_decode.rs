//! What real peers send: a test for each row of the table of decoding habits.

#![allow(
    clippy::float_cmp,
    reason = "what is read must be the number that was written, to the bit"
)]

use std::fmt::Debug;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use xmlrpc_core::{
    Base64, Category, DateTime, Fault, Limits, Struct, Value, from_slice, from_str,
    message::{IncomingCall, read_response},
};

const EX: &str = "xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

/// Reads what stands between `<value>` and `</value>`.
#[track_caller]
fn read<T: DeserializeOwned>(inner: &str) -> T {
    match from_str(&format!("<value>{inner}</value>")) {
        Ok(value) => value,
        Err(error) => panic!("{inner}: {error}"),
    }
}

#[track_caller]
fn reads<T: DeserializeOwned + PartialEq + Debug>(cases: &[(&str, T)]) {
    for (inner, expected) in cases {
        assert_eq!(read::<T>(inner), *expected, "{inner}");
    }
}

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(inner: &str, expected: &str) {
    let error = from_str::<T>(&format!("<value>{inner}</value>")).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(expected), "{inner}: {text}");
}

fn string(text: &str) -> String {
    text.to_owned()
}

fn date(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn untyped_strings() {
    reads(&[
        ("plain", string("plain")),
        ("a &amp; b", string("a & b")),
        ("  kept  ", string("  kept  ")),
        ("two\nlines", string("two\nlines")),
        ("", String::new()),
    ]);
    assert_eq!(read::<Value>("plain"), Value::from("plain"));
}

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
fn integer_types_without_a_prefix() {
    for tag in ["int", "i4", "i8", "i1", "i2", "biginteger"] {
        assert_eq!(read::<i64>(&format!("<{tag}>-7</{tag}>")), -7, "{tag}");
    }
    reads(&[
        ("<int>7</int>", Value::Int(7)),
        ("<i1>7</i1>", Value::Int(7)),
        ("<i8>7</i8>", Value::I8(7)),
        ("<biginteger>7</biginteger>", Value::I8(7)),
    ]);
}

#[test]
fn other_types_without_a_prefix() {
    reads(&[
        ("<float>1.5</float>", Value::Double(1.5)),
        ("<bigdecimal>1.5</bigdecimal>", Value::Double(1.5)),
        ("<nil/>", Value::Nil),
        ("<nil></nil>", Value::Nil),
        (
            "<dateTime>1998-07-17T14:08:55Z</dateTime>",
            Value::DateTime(date("19980717T14:08:55Z")),
        ),
    ]);
    assert_eq!(read::<String>("<bigdecimal>1.10</bigdecimal>"), "1.10");
}

#[test]
fn integers_beyond_64_bits() {
    let digits = "<biginteger>170141183460469231731687303715884105727</biginteger>";
    assert_eq!(read::<i128>(digits), i128::MAX);
    assert_eq!(read::<String>(digits), i128::MAX.to_string());
    let wide = format!("<biginteger>{}</biginteger>", u128::MAX);
    assert_eq!(read::<u128>(&wide), u128::MAX);
    refused::<i128>(
        &wide,
        "biginteger 340282366920938463463374607431768211455 is out of range",
    );
    refused::<u128>("<int>-1</int>", "int -1 is out of range for u128");
    assert_eq!(read::<Value>(digits), Value::from(i128::MAX.to_string()));
    assert_eq!(read::<u64>("<i8>18446744073709551615</i8>"), u64::MAX);
    refused::<i64>(
        "<i8>9223372036854775808</i8>",
        "biginteger 9223372036854775808 is out of range for i64",
    );
}

#[test]
fn dom_and_serializable_are_refused() {
    for tag in ["dom", "serializable", "ex:dom", "ex:serializable"] {
        let inner = format!("<{tag}>rO0ABXNy</{tag}>");
        refused::<Value>(&inner, "<");
        let error = from_str::<Value>(&format!("<value>{inner}</value>")).unwrap_err();
        assert_eq!(error.category(), Category::Data, "{tag}");
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }
}

#[test]
fn an_int_beyond_32_bits() {
    assert_eq!(read::<i64>("<int>3000000000</int>"), 3_000_000_000);
    assert_eq!(
        read::<Value>("<i4>3000000000</i4>"),
        Value::I8(3_000_000_000)
    );
    refused::<i32>(
        "<int>3000000000</int>",
        "int 3000000000 is out of range for i32",
    );
}

#[test]
fn signs_and_leading_zeros() {
    reads(&[
        ("<int>+007</int>", 7),
        ("<int>-0</int>", 0),
        ("<i4>-012</i4>", -12),
    ]);
}

#[test]
fn white_space_around_the_text_of_a_scalar() {
    assert_eq!(read::<i32>("<int>\n 12\t</int>"), 12);
    assert_eq!(read::<f64>("<double> 1.5 </double>"), 1.5);
    assert!(read::<bool>("<boolean> 1 </boolean>"));
    assert_eq!(
        read::<DateTime>("<dateTime.iso8601> 19980717T14:08:55\n</dateTime.iso8601>"),
        date("19980717T14:08:55")
    );
    assert_eq!(read::<Base64>("<base64>\n  QUJD\n</base64>").0, b"ABC");
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
fn booleans_as_words() {
    reads(&[
        ("<boolean>true</boolean>", true),
        ("<boolean>false</boolean>", false),
        ("<boolean>TRUE</boolean>", true),
        ("<boolean>1</boolean>", true),
        ("<boolean>0</boolean>", false),
        ("<int>1</int>", true),
        ("<int>0</int>", false),
    ]);
    refused::<bool>("<int>2</int>", "expected boolean, found int 2");
    refused::<bool>("<boolean>yes</boolean>", "invalid boolean \"yes\"");
}

#[test]
fn doubles_beyond_the_specification() {
    reads(&[
        ("<double>1e+300</double>", 1e300),
        ("<double>1e-07</double>", 1e-7),
        ("<double>inf</double>", f64::INFINITY),
        ("<double>-inf</double>", f64::NEG_INFINITY),
        ("<double>Infinity</double>", f64::INFINITY),
        ("<double>-Infinity</double>", f64::NEG_INFINITY),
        ("<double>5</double>", 5.0),
        ("<double>.5</double>", 0.5),
        ("<double>+2.5</double>", 2.5),
    ]);
    assert!(read::<f64>("<double>nan</double>").is_nan());
    assert!(read::<f64>("<double>NaN</double>").is_nan());
    refused::<f64>("<double>1,5</double>", "invalid double \"1,5\"");
}

#[test]
fn numbers_in_the_wrong_but_harmless_tag() {
    assert_eq!(read::<i32>("<double>3.0</double>"), 3);
    assert_eq!(read::<u8>("<double>255</double>"), 255);
    assert_eq!(read::<f64>("<int>3</int>"), 3.0);
    assert_eq!(
        read::<f64>("<i8>9007199254740992</i8>"),
        9_007_199_254_740_992.0
    );
    assert_eq!(read::<f64>("<int>1e+300</int>"), 1e300);
    refused::<i32>("<double>3.5</double>", "expected int, found double 3.5");
    refused::<i32>("<double>nan</double>", "expected int, found double NaN");
    refused::<i64>("<double>1e300</double>", "expected int, found double 1e300");
    refused::<f64>(
        "<i8>9007199254740993</i8>",
        "no double holds i8 9007199254740993 exactly",
    );
    refused::<f64>("<i8>9223372036854775807</i8>", "no double holds");
    refused::<i32>("<int>nan</int>", "invalid int \"nan\"");
}

#[test]
fn dates_in_all_forms() {
    let plain = jiff::civil::date(1998, 7, 17).at(14, 8, 55, 0);
    let fraction = jiff::civil::date(1998, 7, 17).at(14, 8, 55, 125_000_000);
    let offset = |hours: i8| Some(jiff::tz::offset(hours));
    for (text, civil, zone) in [
        ("19980717T14:08:55", plain, None),
        ("1998-07-17T14:08:55", plain, None),
        ("19980717T140855", plain, None),
        ("1998-07-17T140855", plain, None),
        ("19980717T14:08:55Z", plain, offset(0)),
        ("1998-07-17T14:08:55+0200", plain, offset(2)),
        ("1998-07-17T14:08:55+02:00", plain, offset(2)),
        ("19980717T14:08:55-05", plain, offset(-5)),
        ("1998-07-17T14:08:55.125Z", fraction, offset(0)),
        ("1998-07-17T14:08:55.125", fraction, None),
        ("1998-07-17 14:08:55", plain, None),
    ] {
        let date: DateTime = read(&format!("<dateTime.iso8601>{text}</dateTime.iso8601>"));
        assert_eq!((date.civil(), date.offset()), (civil, zone), "{text}");
        assert_eq!(date.to_string(), "19980717T14:08:55");
    }
}

#[test]
fn texts_that_are_no_dates() {
    for text in [
        "1998",
        "19980717",
        "19981317T14:08:55",
        "19980732T14:08:55",
        "19980717T25:08:55",
        "1998-0717T14:08:55",
        "19980717T14:0855",
        "19980717T14:08:55X",
        "19980717T14:08:55+2",
        "19980717T14:08:55.",
        "-19980717T14:08:55",
        "19980717T14:08:55+25:00",
        "１９９８0717T14:08:55",
    ] {
        refused::<DateTime>(
            &format!("<dateTime.iso8601>{text}</dateTime.iso8601>"),
            "invalid dateTime.iso8601",
        );
    }
}

#[test]
fn an_empty_date() {
    for inner in [
        "<dateTime.iso8601/>",
        "<dateTime.iso8601></dateTime.iso8601>",
        "<dateTime.iso8601> </dateTime.iso8601>",
    ] {
        assert_eq!(read::<Option<DateTime>>(inner), None);
        refused::<DateTime>(inner, "invalid dateTime.iso8601 \"\"");
    }
}

#[test]
fn a_date_is_lent_as_text_to_foreign_types() {
    assert_eq!(
        read::<String>("<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>"),
        "19980717T14:08:55"
    );
}

#[test]
fn white_space_is_a_string() {
    reads(&[
        (" ", string(" ")),
        ("\n\n", string("\n\n")),
        ("<string> a </string>", string(" a ")),
        ("<string> </string>", string(" ")),
        ("\n <string>a</string> \n", string("a")),
    ]);
}

#[test]
fn base64_wrapped_and_unpadded() {
    for text in [
        "QUJDRA==",
        "QUJDRA",
        "QUJD\nRA==\n",
        "QU JD RA = =",
        "\tQUJDRA",
    ] {
        assert_eq!(
            read::<Base64>(&format!("<base64>{text}</base64>")).0,
            b"ABCD",
            "{text}"
        );
    }
    assert_eq!(read::<Base64>("<base64/>").0, b"");
    refused::<Base64>("<base64>QUJ%</base64>", "invalid base64 \"QUJ%\"");
    refused::<Base64>("<base64>Q</base64>", "invalid base64");
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
fn arrays_in_all_forms() {
    reads(&[
        ("<array/>", vec![]),
        ("<array></array>", vec![]),
        ("<array><data/></array>", vec![]),
        ("<array><data></data></array>", vec![]),
        (
            "<array><value><int>1</int></value><value><int>2</int></value></array>",
            vec![1, 2],
        ),
        (
            "<array><data><value><int>1</int></value></data></array>",
            vec![1],
        ),
    ]);
    for inner in [
        "<array><data/><value/></array>",
        "<array><data/><data><value/></data></array>",
        "<array><int>1</int></array>",
        "<array><value/><data/></array>",
        "<array/><array/>",
    ] {
        let error = from_str::<Value>(&format!("<value>{inner}</value>")).unwrap_err();
        assert_eq!(error.category(), Category::Protocol, "{inner}: {error}");
    }
}

#[test]
fn structs_in_all_forms() {
    let member = |name: &str, value: i32| Value::from(Struct::from([(name, value)]));
    reads(&[
        ("<struct/>", Value::from(Struct::new())),
        ("<struct></struct>", Value::from(Struct::new())),
        (
            "<struct><member><value><int>1</int></value><name>a</name></member></struct>",
            member("a", 1),
        ),
        (
            "<struct><member><name>a</name><value><int>1</int></value></member>\
             <member><name>a</name><value><int>2</int></value></member></struct>",
            member("a", 2),
        ),
        (
            "<struct><member><name/><value><int>1</int></value></member></struct>",
            member("", 1),
        ),
        (
            "<struct><member><name>&lt;&#233;</name><value><int>1</int></value></member></struct>",
            member("<é", 1),
        ),
    ]);
}

#[test]
fn structs_that_are_none() {
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
            "<struct><member><name>a</name><int>1</int></member></struct>",
            "expected <value>, found <int>",
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
fn members_by_name_whatever_their_order() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Pair {
        a: i32,
        b: String,
    }
    let inner = "<struct><member><value>x</value><name>b</name></member>\
                 <member><name>unknown</name><value><array/></value></member>\
                 <member><value><int>1</int></value><name>a</name></member></struct>";
    assert_eq!(
        read::<Pair>(inner),
        Pair {
            a: 1,
            b: string("x")
        }
    );
}

#[test]
fn an_empty_value_is_an_empty_string() {
    assert_eq!(from_str::<String>("<value/>").unwrap(), "");
    assert_eq!(
        from_str::<Value>("<value></value>").unwrap(),
        Value::from("")
    );
    assert_eq!(read::<String>("<string/>"), "");
}

#[test]
fn calls_without_params_and_in_any_order() {
    for (document, params) in [
        (
            "<methodCall><methodName>m</methodName><params/></methodCall>",
            0,
        ),
        ("<methodCall><methodName>m</methodName></methodCall>", 0),
        (
            "<methodCall><params><param><value/></param></params><methodName>m</methodName></methodCall>",
            1,
        ),
        (
            "<methodCall>\n<methodName>\n m\n</methodName>\n<params>\n</params>\n</methodCall>\n",
            0,
        ),
    ] {
        let call = IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap();
        assert_eq!(
            (call.method(), call.params().len()),
            ("m", params),
            "{document}"
        );
    }
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
fn a_value_of_two_types_is_refused() {
    refused::<i32>(
        "<int>1</int><int>2</int>",
        "<value> holds more than it may: <int>",
    );
}

#[test]
fn attributes_on_any_element() {
    let document = "<value a=\"1\"><array b='2'><data c=''><value d='&lt;'><int e='5' f=\"6\">1</int></value></data></array></value>";
    assert_eq!(from_str::<Vec<i32>>(document).unwrap(), [1]);
}

#[test]
fn faults_as_peers_send_them() {
    let member = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value>{value}</value></member>")
    };
    let code = |value: &str| member("faultCode", value);
    let text = member("faultString", "no");
    for (members, expected) in [
        (
            format!("{}{text}", code("<int>4</int>")),
            Fault::new(4, "no"),
        ),
        (
            format!("{text}{}", code("<int>4</int>")),
            Fault::new(4, "no"),
        ),
        (
            format!(
                "{}{}{text}",
                code("<i8>4</i8>"),
                member("faultCause", "<base64>QQ==</base64>")
            ),
            Fault::new(4, "no"),
        ),
        (format!("{}{text}", code("12")), Fault::new(12, "no")),
        (
            format!("{}{text}", code("Client")),
            Fault::new(Fault::APPLICATION_ERROR, "Client: no"),
        ),
        (
            format!("{}{text}", code("<i8>3000000000</i8>")),
            Fault::new(Fault::APPLICATION_ERROR, "3000000000: no"),
        ),
        (code("<int>4</int>"), Fault::new(4, "")),
        (text.clone(), Fault::new(Fault::APPLICATION_ERROR, "no")),
        (
            format!(
                "{}{}",
                code("<double>4.0</double>"),
                member("faultString", "<int>5</int>")
            ),
            Fault::new(4, "5"),
        ),
    ] {
        let document = format!(
            "<methodResponse><fault><value><struct>{members}</struct></value></fault></methodResponse>"
        );
        let answer = read_response::<i32>(Bytes::from(document), None, &Limits::default()).unwrap();
        assert_eq!(answer, Err(expected), "{members}");
    }
}

#[test]
fn encodings_by_declaration() {
    let document = |label: &str, text: &[u8]| {
        [
            format!("<?xml version=\"1.0\" encoding=\"{label}\"?><value>").as_bytes(),
            text,
            b"</value>",
        ]
        .concat()
    };
    for (label, bytes, expected) in [
        ("ISO-8859-1", &b"caf\xE9"[..], "café"),
        ("iso-8859-15", b"\xA4", "€"),
        ("windows-1252", b"\x80", "€"),
        ("us-ascii", b"a", "a"),
        ("UTF-8", "é€😀".as_bytes(), "é€😀"),
        ("utf-16", "é".as_bytes(), "é"),
        ("Shift_JIS", b"\x82\xA0", "あ"),
    ] {
        assert_eq!(
            from_slice::<String>(&document(label, bytes)).unwrap(),
            expected,
            "{label}"
        );
    }
    let error = from_slice::<String>(&document("klingon", b"")).unwrap_err();
    assert_eq!(
        (error.category(), error.fault_code()),
        (Category::UnknownEncoding, -32701)
    );
}

fn utf_16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let units = bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn utf_16_with_and_without_a_bom() {
    for declaration in [
        "",
        "<?xml version='1.0' encoding='utf-16'?>",
        "<?xml version='1.0' encoding='utf-8'?>",
    ] {
        let text = format!("{declaration}<value>é😀</value>");
        for big in [false, true] {
            for bom in [false, true] {
                let bytes = utf_16(&text, big, bom);
                assert_eq!(
                    from_slice::<String>(&bytes).unwrap(),
                    "é😀",
                    "{declaration} {big} {bom}"
                );
            }
        }
    }
}

#[test]
fn the_charset_of_the_header_wins() {
    let read = |charset: Option<&str>, body: &[u8]| {
        let document = [
            b"<methodResponse><params><param><value>",
            body,
            b"</value></param></params></methodResponse>",
        ]
        .concat();
        read_response::<String>(Bytes::from(document), charset, &Limits::default())
    };
    assert_eq!(read(Some("iso-8859-1"), b"\xE9").unwrap(), Ok(string("é")));
    assert_eq!(
        read(Some("\"UTF-8\""), "é".as_bytes()).unwrap(),
        Ok(string("é"))
    );
    assert_eq!(read(Some(""), "é".as_bytes()).unwrap(), Ok(string("é")));
    assert_eq!(
        read(Some("klingon"), b"a").unwrap_err().category(),
        Category::UnknownEncoding
    );
    let declared = b"<?xml version='1.0' encoding='utf-8'?><methodResponse><params><param><value>\xE9</value></param></params></methodResponse>";
    let answer = read_response::<String>(
        Bytes::from_static(declared),
        Some("latin1"),
        &Limits::default(),
    );
    assert_eq!(answer.unwrap(), Ok(string("é")));
    let wide = utf_16(
        "<methodResponse><params><param><value>é</value></param></params></methodResponse>",
        false,
        true,
    );
    let answer = read_response::<String>(Bytes::from(wide), Some("utf-8"), &Limits::default());
    assert_eq!(
        answer.unwrap(),
        Ok(string("é")),
        "a BOM of UTF-16 says more than a header of UTF-8"
    );
}

#[test]
fn bytes_that_the_encoding_cannot_hold() {
    let error = from_slice::<String>(b"<value>\nab\xE9</value>").unwrap_err();
    assert_eq!(
        (error.category(), error.fault_code()),
        (Category::InvalidCharacter, -32702)
    );
    assert_eq!(
        (error.offset(), error.line(), error.column()),
        (Some(10), Some(2), Some(3))
    );
    assert_eq!(
        error.to_string(),
        "the byte 0xE9 is invalid here in UTF-8 (line 2, column 3)"
    );
    let error =
        from_slice::<String>(b"<?xml version='1.0' encoding='Shift_JIS'?><value>\x82\xFF</value>")
            .unwrap_err();
    assert_eq!(
        (error.category(), error.offset()),
        (Category::InvalidCharacter, Some(49))
    );
}

#[test]
fn answers_without_a_declaration_and_without_a_value() {
    let read = |document: &'static str| {
        read_response::<Option<i32>>(Bytes::from(document), None, &Limits::default())
    };
    let value = "<methodResponse><params><param><value><int>1</int></value></param></params></methodResponse>";
    assert_eq!(read(value).unwrap(), Ok(Some(1)));
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

#[test]
fn unknown_types_are_refused() {
    refused::<Value>("<foo>1</foo>", "<foo> is no type of a value");
    refused::<Value>("<value>1</value>", "<value> is no type of a value");
    refused::<i32>("<int>1<b/></int>", "expected text, found <b>");
    refused::<i32>("<int></int>", "invalid int \"\"");
    refused::<i32>("<int>0x10</int>", "invalid int \"0x10\"");
}

#[test]
fn any_value_reads_as_unit() {
    for inner in [
        "",
        "<int>1</int>",
        "<nil/>",
        "<array><data><value/></data></array>",
        "<struct/>",
        "<ex:dom/>",
    ] {
        read::<()>(inner);
    }
}
