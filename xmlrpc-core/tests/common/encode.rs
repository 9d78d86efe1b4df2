//! Functions for tests of writing.

use serde::Serialize;
use xmlrpc_core::{Category, Dialect, to_vec_with};

pub const NAMESPACE: &str = " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

/// The text written between `<value>` and `</value>`.
#[track_caller]
pub fn written<T: Serialize + ?Sized>(value: &T, dialect: Dialect) -> String {
    let bytes = to_vec_with(value, dialect).unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8(bytes).unwrap();
    let text = text.replacen(NAMESPACE, "", 1);
    text.strip_prefix("<value>")
        .and_then(|text| text.strip_suffix("</value>"))
        .unwrap()
        .to_owned()
}

#[track_caller]
pub fn writes<T: Serialize + ?Sized>(value: &T, expected: &str) {
    assert_eq!(written(value, Dialect::EXTENDED), expected);
}

#[track_caller]
pub fn refuses<T: Serialize + ?Sized>(value: &T, dialect: Dialect, expected: &str) {
    let error = to_vec_with(value, dialect).unwrap_err();
    assert_eq!(error.category(), Category::Data);
    assert_eq!(error.to_string(), expected);
}
