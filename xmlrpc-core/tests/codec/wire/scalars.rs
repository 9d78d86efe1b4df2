//! Numbers, booleans, dates, bytes and empty texts.

use xmlrpc_core::{Base64, DateTime, Value};

use crate::common::decode::{document, read, reads, refused, strings};

pub(crate) fn wide_ints() {
    assert_eq!(read::<i64>("<int>3000000000</int>"), 3_000_000_000);
    assert_eq!(
        read::<Value>("<i4>-3000000000</i4>"),
        Value::I8(-3_000_000_000)
    );
    refused::<i32>(
        "<int>3000000000</int>",
        "int 3000000000 does not fit: expected -2147483648 to 2147483647",
    );
}

pub(crate) fn booleans() {
    reads(&[
        ("<boolean>true</boolean>", true),
        ("<boolean>false</boolean>", false),
        ("<boolean>TRUE</boolean>", true),
        ("<boolean>1</boolean>", true),
        ("<boolean>0</boolean>", false),
    ]);
    refused::<bool>("<boolean>yes</boolean>", "invalid boolean \"yes\"");
}

pub(crate) fn doubles() {
    reads(&[
        ("<double>1e+300</double>", 1e300),
        ("<double>1e-07</double>", 1e-7),
        ("<double>inf</double>", f64::INFINITY),
        ("<double>-inf</double>", f64::NEG_INFINITY),
        ("<double>Infinity</double>", f64::INFINITY),
        ("<double>-Infinity</double>", f64::NEG_INFINITY),
    ]);
    assert!(read::<f64>("<double>nan</double>").is_nan());
    assert!(read::<f64>("<double>NaN</double>").is_nan());
    refused::<f64>("<double>1,5</double>", "invalid double \"1,5\"");
}

pub(crate) fn numbers_in_other_tags() {
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

pub(crate) fn dates() {
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
        let inner = format!("<dateTime.iso8601>{text}</dateTime.iso8601>");
        let date: DateTime = read(&inner);
        assert_eq!((date.civil(), date.offset()), (civil, zone), "{text}");
        assert_eq!(date.to_string(), "19980717T14:08:55");
        assert_eq!(read::<Value>(&inner), Value::from(date));
    }
    for text in ["", " "] {
        let inner = format!("<dateTime.iso8601>{text}</dateTime.iso8601>");
        assert_eq!(read::<Option<DateTime>>(&inner), None);
        refused::<DateTime>(&inner, "invalid dateTime.iso8601 \"\"");
    }
    assert_eq!(read::<Option<DateTime>>("<dateTime.iso8601/>"), None);
}

pub(crate) fn white_space_alone() {
    strings(&[
        (" ", " "),
        ("\n\n", "\n\n"),
        ("<string> </string>", " "),
        ("<string> a </string>", " a "),
        ("\n <string>a</string> \n", "a"),
    ]);
}

pub(crate) fn base64() {
    for text in [
        "QUJDRA==",
        "QUJDRA",
        "QUJD\nRA==\n",
        "QU JD RA = =",
        "\tQUJDRA",
    ] {
        let inner = format!("<base64>{text}</base64>");
        assert_eq!(read::<Base64>(&inner).0, b"ABCD", "{text}");
    }
    let wrapped = format!("<base64>\n{}\nQUJD\n</base64>", "QUJD".repeat(19));
    assert_eq!(read::<Base64>(&wrapped).0, b"ABC".repeat(20));
}

pub(crate) fn empty_values() {
    assert_eq!(document::<String>("<value/>"), "");
    assert_eq!(document::<Value>("<value/>"), Value::from(""));
    strings(&[("", ""), ("<string/>", ""), ("<string></string>", "")]);
}

pub(crate) fn nothing() {
    let zero = "<dateTime.iso8601>00000000T00:00:00Z</dateTime.iso8601>";
    assert_eq!(read::<Option<DateTime>>(zero), None);
    assert_eq!(read::<Value>(zero), Value::from("00000000T00:00:00Z"));
    for inner in ["<int/>", "<double/>", "<boolean/>", "<dateTime.iso8601/>"] {
        assert_eq!(read::<Value>(inner), Value::Nil, "{inner}");
        assert_eq!(read::<Option<i64>>(inner), None, "{inner}");
    }
    assert_eq!(document::<Option<i64>>("<value/>"), None);
}
