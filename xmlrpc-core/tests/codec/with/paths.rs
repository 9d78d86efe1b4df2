//! The paths of errors in fields with a helper, also inside tagged enums.

use std::fmt::Debug;

use serde::{Deserialize, de::DeserializeOwned};
use xmlrpc_core::from_str;

use crate::common::decode::both;

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Fields {
    #[serde(with = "xmlrpc_core::with::number_text", default)]
    number: Option<i64>,
    #[serde(with = "xmlrpc_core::with::date_text", default)]
    dates: Vec<xmlrpc_core::DateTime>,
    #[serde(with = "xmlrpc_core::with::false_as_none", default)]
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
enum External {
    One(Fields),
    Other { fields: Fields },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", content = "data")]
#[allow(dead_code)]
enum Adjacent {
    One(Fields),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
#[allow(dead_code)]
enum Internal {
    One(Fields),
}

fn member(name: &str, inner: &str) -> String {
    format!("<member><name>{name}</name><value>{inner}</value></member>")
}

fn structure(members: &[(&str, &str)]) -> String {
    let members: String = members
        .iter()
        .map(|(name, inner)| member(name, inner))
        .collect();
    format!("<struct>{members}</struct>")
}

/// Reads the value as the second element of a list.
#[track_caller]
fn path<T: DeserializeOwned + Debug>(inner: &str) -> String {
    let document = format!("<value><array><data><value>{inner}</value></data></array></value>");
    let [fast, slow] = both(&document, |document| from_str::<Vec<T>>(document));
    let [fast, slow] = [fast.unwrap_err(), slow.unwrap_err()];
    assert_eq!(fast.path(), slow.path());
    fast.path().to_owned()
}

const WRONG: [(&str, &str, &str); 3] = [
    ("number", "many", ""),
    (
        "dates",
        "<array><data><value>2024-01-02</value><value>x</value></data></array>",
        "[1]",
    ),
    ("name", "<boolean>1</boolean>", ""),
];

#[test]
fn in_structs() {
    for (name, inner, rest) in WRONG {
        assert_eq!(
            path::<Fields>(&structure(&[(name, inner)])),
            format!("[0].{name}{rest}")
        );
    }
}

#[test]
fn in_tagged_enums() {
    for (name, inner, rest) in WRONG {
        let fields = structure(&[(name, inner)]);
        let one = structure(&[("One", &fields)]);
        assert_eq!(path::<External>(&one), format!("[0].One.{name}{rest}"));
        let other = structure(&[("Other", &structure(&[("fields", &fields)]))]);
        assert_eq!(
            path::<External>(&other),
            format!("[0].Other.fields.{name}{rest}")
        );
        // The tag comes first, so serde knows the type when it reads the data.
        let tag_first = structure(&[("type", "One"), ("data", &fields)]);
        assert_eq!(
            path::<Adjacent>(&tag_first),
            format!("[0].data.{name}{rest}")
        );
        // Otherwise serde reads the value before it knows its type, and drops the paths.
        let data_first = structure(&[("data", &fields), ("type", "One")]);
        assert_eq!(path::<Adjacent>(&data_first), "[0]");
        let internal = structure(&[("type", "One"), (name, inner)]);
        assert_eq!(path::<Internal>(&internal), "[0]");
    }
}
