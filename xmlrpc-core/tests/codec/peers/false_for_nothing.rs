//! Odoo sends `false` for every field without a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Base64, DateTime, from_str, to_string};

use super::{case, response};

#[derive(Debug, PartialEq, Deserialize)]
struct Record {
    #[serde(with = "xmlrpc_core::with::false_as_none")]
    a: Option<String>,
    #[serde(with = "xmlrpc_core::with::false_as_none")]
    b: Option<String>,
}

#[test]
fn cases() {
    let record = response::<Record>(&case("odoo-false-optstring.xml")).unwrap();
    assert_eq!(record, Record { a: None, b: None });
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Field<T: Serialize + for<'a> Deserialize<'a>> {
    #[serde(with = "xmlrpc_core::with::false_as_none")]
    x: Option<T>,
}

fn field(value: &str) -> String {
    format!("<value><struct><member><name>x</name>{value}</member></struct></value>")
}

/// Values of all types are read as without the helper, and `false` and nil as `None`.
#[track_caller]
fn reads<T>(value: &str, expected: T)
where
    T: Serialize + for<'a> Deserialize<'a> + PartialEq + std::fmt::Debug,
{
    for comment in ["", "<!-- -->"] {
        let document = field(&format!("{comment}{value}"));
        let read: Field<T> = from_str(&document).unwrap();
        assert_eq!(read.x.as_ref(), Some(&expected), "{document}");
        for nothing in [
            "<value><boolean>0</boolean></value>",
            "<value><nil/></value>",
        ] {
            let read: Field<T> = from_str(&field(&format!("{comment}{nothing}"))).unwrap();
            assert_eq!(read.x, None, "{nothing}");
        }
        let written = to_string(&Field {
            x: Some(expected_again(&read)),
        })
        .unwrap();
        assert_eq!(from_str::<Field<T>>(&written).unwrap(), read);
    }
}

fn expected_again<T: Serialize + for<'a> Deserialize<'a>>(read: &Field<T>) -> T {
    let text = to_string(read.x.as_ref().unwrap()).unwrap();
    from_str(&text).unwrap()
}

#[test]
fn every_type() {
    reads("<value><int>5</int></value>", 5_u8);
    reads("<value><i8>5000000000</i8></value>", 5_000_000_000_i64);
    reads("<value><double>1.5</double></value>", 1.5_f64);
    reads("<value>text</value>", "text".to_owned());
    reads(
        "<value><dateTime.iso8601>20240115T10:30:00</dateTime.iso8601></value>",
        "20240115T10:30:00".parse::<DateTime>().unwrap(),
    );
    reads("<value><base64>AQI=</base64></value>", Base64(vec![1, 2]));
    reads(
        "<value><array><data><value><int>3</int></value><value>Ada</value></data></array></value>",
        (3, "Ada".to_owned()),
    );
    reads(
        "<value><struct><member><name>k</name><value><int>1</int></value></member></struct></value>",
        BTreeMap::from([("k".to_owned(), 1)]),
    );
}

#[test]
fn another_type_is_an_error_with_its_path() {
    for (value, expected) in [
        (
            "<value><boolean>1</boolean></value>",
            "expected i64, found boolean 1 at x",
        ),
        (
            "<value>five</value>",
            "expected i64, found string \"five\" at x",
        ),
    ] {
        let error = from_str::<Field<i64>>(&field(value)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let nested =
        "<value><array><data><value><int>1</int></value><value>b</value></data></array></value>";
    let error = from_str::<Field<Vec<i64>>>(&field(nested)).unwrap_err();
    assert_eq!(error.path(), "x[1]", "{error}");
}

#[test]
fn none_is_written_as_false() {
    let written = to_string(&Field::<i64> { x: None }).unwrap();
    assert_eq!(written, field("<value><boolean>0</boolean></value>"));
}
