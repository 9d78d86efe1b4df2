//! What every test of reading begins with.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use xmlrpc_core::from_str;

/// Reads what stands between `<value>` and `</value>`.
#[track_caller]
pub fn read<T: DeserializeOwned>(inner: &str) -> T {
    match from_str(&format!("<value>{inner}</value>")) {
        Ok(value) => value,
        Err(error) => panic!("{inner}: {error}"),
    }
}

#[track_caller]
pub fn reads<T: DeserializeOwned + PartialEq + Debug>(cases: &[(&str, T)]) {
    for (inner, expected) in cases {
        assert_eq!(read::<T>(inner), *expected, "{inner}");
    }
}

#[track_caller]
pub fn refused<T: DeserializeOwned + Debug>(inner: &str, expected: &str) {
    let error = from_str::<T>(&format!("<value>{inner}</value>")).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(expected), "{inner}: {text}");
}

pub fn string(text: &str) -> String {
    text.to_owned()
}
