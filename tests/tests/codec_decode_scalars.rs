//! What real peers send for scalars: a test for each row of the table of decoding habits.

#![allow(
    clippy::float_cmp,
    reason = "what is read must be the number that was written, to the bit"
)]

use xmlrpc_core::{Base64, Category, DateTime, Value, from_str};

#[allow(dead_code)] // shared by several tests
#[path = "common/decode.rs"]
mod decode;
use decode::{read, reads, refused, string};

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
fn an_empty_value_is_an_empty_string() {
    assert_eq!(from_str::<String>("<value/>").unwrap(), "");
    assert_eq!(
        from_str::<Value>("<value></value>").unwrap(),
        Value::from("")
    );
    assert_eq!(read::<String>("<string/>"), "");
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
