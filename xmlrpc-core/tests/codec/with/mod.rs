//! The helpers of `xmlrpc_core::with`: for a value, an `Option` of it and a `Vec` of it.

mod base64_text;
mod dates;
mod false_as_none;
mod number_text;
mod paths;

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use xmlrpc_core::{from_str, from_value, schema::Schema, to_string, to_value};

use crate::common::decode::both;

/// A value of a type with a helper: with its content, and without.
macro_rules! field {
    ($helper:literal $type:ty) => {{
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        struct Field(#[serde(with = $helper)] $type);

        Field
    }};
}

/// Checks that each value is written as the text between `<value>` and `</value>`, and read from it.
macro_rules! round_trips {
    ($helper:literal: $($type:ty: $value:expr => $inner:expr;)*) => {$(
        $crate::with::round_trip(&$crate::with::field!($helper $type)($value), $inner);
    )*};
}

/// Checks that each text between `<value>` and `</value>` is read as the value.
macro_rules! reads {
    ($helper:literal: $($type:ty: $inner:expr => $value:expr;)*) => {$(
        $crate::with::reads_as($inner, &$crate::with::field!($helper $type)($value));
    )*};
}

/// Checks that each text between `<value>` and `</value>` is the error.
macro_rules! refuses {
    ($helper:literal: $($type:ty: $inner:expr => $error:expr;)*) => {$({
        let constructor = $crate::with::field!($helper $type);
        $crate::with::refuses_with($inner, constructor, $error);
    })*};
}

pub(crate) use {field, reads, refuses, round_trips};

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, inner: &str) {
    let document = format!("<value>{inner}</value>");
    assert_eq!(to_string(value).unwrap(), document);
    reads_as(inner, value);
    let through_value: T = from_value(to_value(value).unwrap()).unwrap();
    assert_eq!(through_value, *value);
    let json = serde_json::to_string(value).unwrap();
    let through_json: T = serde_json::from_str(&json).unwrap();
    assert_eq!(through_json, *value);
}

#[track_caller]
fn reads_as<T: DeserializeOwned + PartialEq + Debug>(inner: &str, expected: &T) {
    let document = format!("<value>{inner}</value>");
    for read in both(&document, |document| from_str::<T>(document)) {
        match read {
            Ok(read) => assert_eq!(read, *expected, "{document}"),
            Err(error) => panic!("{document}: {error}"),
        }
    }
}

/// The constructor only names the type.
#[track_caller]
fn refuses_with<T: DeserializeOwned + Debug, V>(inner: &str, _: fn(V) -> T, expected: &str) {
    for error in both(&format!("<value>{inner}</value>"), |document| {
        from_str::<T>(document)
    }) {
        let text = error.unwrap_err().to_string();
        assert!(text.starts_with(expected), "{inner}: {text}");
    }
}

/// The schema of the type that a constructor makes.
fn schema<T: DeserializeOwned, V>(_: fn(V) -> T) -> String {
    format!("{:#}", Schema::of::<T>())
}

fn string(text: &str) -> String {
    format!("<string>{text}</string>")
}

fn date(text: &str) -> String {
    format!("<dateTime.iso8601>{text}</dateTime.iso8601>")
}

fn array(elements: &[&str]) -> String {
    let elements: String = elements
        .iter()
        .map(|inner| format!("<value>{inner}</value>"))
        .collect();
    format!("<array><data>{elements}</data></array>")
}
