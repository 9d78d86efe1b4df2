//! Conversions from and to the values of `serde_json`.

use serde_json::{Value as Json, json};
use xmlrpc_core::{Base64, DateTime, Value, from_value, value};

#[test]
fn values_of_both_formats_round_trip() {
    let table = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(2_147_483_648_i64),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(0.0),
        json!(-0.5),
        json!(1e300),
        json!("\u{e4} <&> \u{0}"),
        json!([]),
        json!({}),
        json!({"b": [1, null, {"a": [[]]}], "a": ""}),
    ];
    for there in table {
        let value = Value::from(there.clone());
        // Deserializing gives the same value.
        assert_eq!(
            value,
            serde_json::from_value::<Value>(there.clone()).unwrap()
        );
        assert_eq!(Json::try_from(value).unwrap(), there);
    }
}

#[test]
fn types_that_json_lacks() {
    let date = "19980717T14:08:55".parse::<DateTime>().unwrap();
    let exact = "1998-07-17T14:08:55.5-0330".parse::<DateTime>().unwrap();
    let table = [
        (value!(date), json!("19980717T14:08:55")),
        (value!(exact), json!("19980717T14:08:55.500000000-0330")),
        (value!(Base64(b"Hello".to_vec())), json!("SGVsbG8=")),
        (value!(Base64(Vec::new())), json!("")),
        (Value::I8(5), json!(5)),
        (Value::I8(i64::MAX), json!(i64::MAX)),
        (value!({"x": [nil, Value::I8(1)]}), json!({"x": [null, 1]})),
    ];
    for (value, json) in table {
        assert_eq!(Json::try_from(value).unwrap(), json);
    }
    // Dates and bytes can be read back from their text.
    let back = Value::from(Json::try_from(value!([date, exact])).unwrap());
    assert_eq!(from_value::<[DateTime; 2]>(back).unwrap(), [date, exact]);
}

#[test]
fn values_that_do_not_fit() {
    for double in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = Json::try_from(value!({"a": [1, double]})).unwrap_err();
        assert_eq!(error.path(), "a[1]");
        assert!(error.to_string().contains("JSON has no number"), "{error}");
    }
    let year = jiff::civil::date(-1, 1, 1).at(0, 0, 0, 0);
    assert!(Json::try_from(value!(DateTime::from(year))).is_err());
    assert_eq!(Value::from(json!(u64::MAX)), "18446744073709551615");
}
