//! Functions for tests of reading. Both readers read each document.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use xmlrpc_core::{Error, Value, from_str};

use super::readers::beyond_the_scanner;

/// The results of reading a document as it is, and of reading it through roxmltree.
pub fn both<R>(document: &str, read: impl Fn(&str) -> Result<R, Error>) -> [Result<R, Error>; 2] {
    [read(document), read(&beyond_the_scanner(document))]
}

/// Reads a document.
#[track_caller]
pub fn document<T: DeserializeOwned + Debug>(document: &str) -> T {
    let [fast, slow] = both(document, |document| from_str::<T>(document)).map(|read| match read {
        Ok(value) => value,
        Err(error) => panic!("{document}: {error}"),
    });
    // Compared by their `Debug` text, because NaN does not equal itself.
    assert_eq!(format!("{fast:?}"), format!("{slow:?}"), "{document}");
    fast
}

/// Reads the text between `<value>` and `</value>`.
#[track_caller]
pub fn read<T: DeserializeOwned + Debug>(inner: &str) -> T {
    document(&format!("<value>{inner}</value>"))
}

#[track_caller]
pub fn reads<T: DeserializeOwned + PartialEq + Debug>(cases: &[(&str, T)]) {
    for (inner, expected) in cases {
        assert_eq!(read::<T>(inner), *expected, "{inner}");
    }
}

/// Reads each case as a `String` and as a `Value`.
#[track_caller]
pub fn strings(cases: &[(&str, &str)]) {
    for (inner, expected) in cases {
        assert_eq!(read::<String>(inner), *expected, "{inner}");
        assert_eq!(read::<Value>(inner), Value::from(*expected), "{inner}");
    }
}

#[track_caller]
pub fn refused<T: DeserializeOwned + Debug>(inner: &str, expected: &str) {
    for error in both(&format!("<value>{inner}</value>"), |document| {
        from_str::<T>(document)
    }) {
        let text = error.unwrap_err().to_string();
        assert!(text.starts_with(expected), "{inner}: {text}");
    }
}
