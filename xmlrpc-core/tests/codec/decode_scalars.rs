//! Edge cases of reading scalars. The habits of real peers are in `wire`.

use xmlrpc_core::{Base64, DateTime, Value};

use crate::common::decode::{read, reads, refused};

#[test]
fn integers_beyond_64_bits() {
    let digits = "<biginteger>170141183460469231731687303715884105727</biginteger>";
    assert_eq!(read::<i128>(digits), i128::MAX);
    assert_eq!(read::<String>(digits), i128::MAX.to_string());
    let wide = format!("<biginteger>{}</biginteger>", u128::MAX);
    assert_eq!(read::<u128>(&wide), u128::MAX);
    refused::<i128>(
        &wide,
        "biginteger 340282366920938463463374607431768211455 does not fit: expected \
         -170141183460469231731687303715884105728 to 170141183460469231731687303715884105727",
    );
    refused::<u128>(
        "<int>-1</int>",
        "int -1 does not fit: expected 0 to 340282366920938463463374607431768211455",
    );
    assert_eq!(read::<Value>(digits), Value::from(i128::MAX.to_string()));
    assert_eq!(read::<u64>("<i8>18446744073709551615</i8>"), u64::MAX);
    refused::<i64>(
        "<i8>9223372036854775808</i8>",
        "biginteger 9223372036854775808 does not fit: expected -9223372036854775808 to 9223372036854775807",
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
fn integers_as_booleans() {
    reads(&[
        ("<int>1</int>", true),
        ("<int>0</int>", false),
        ("<i8>1</i8>", true),
    ]);
    refused::<bool>("<int>2</int>", "expected boolean, found int 2");
}

#[test]
fn doubles_without_digits_on_one_side() {
    reads(&[
        ("<double>5</double>", 5.0),
        ("<double>5.</double>", 5.0),
        ("<double>.5</double>", 0.5),
        ("<double>+2.5</double>", 2.5),
    ]);
    refused::<f64>("<double>.</double>", "invalid double \".\"");
}

#[test]
fn invalid_base64() {
    assert_eq!(read::<Base64>("<base64/>").0, b"");
    refused::<Base64>("<base64>QUJ%</base64>", "invalid base64 \"QUJ%\"");
    refused::<Base64>("<base64>Q</base64>", "invalid base64");
}

#[test]
fn invalid_dates() {
    for text in [
        "1998",
        "1998071",
        "19980717T",
        "1998-07-17T14",
        "1998-07-17T14:08:",
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
fn a_date_is_lent_as_text_to_foreign_types() {
    assert_eq!(
        read::<String>("<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>"),
        "19980717T14:08:55"
    );
}

#[test]
fn unknown_types_are_refused() {
    refused::<Value>("<foo>1</foo>", "<foo> is not an XML-RPC type");
    refused::<Value>("<value>1</value>", "<value> is not an XML-RPC type");
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
