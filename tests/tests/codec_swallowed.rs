//! Types that swallow errors: what comes after an error is right all the same, and reading ends.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use xmlrpc_core::{
    Category, Error, Limits, Struct, Value, from_slice_with, from_str, from_value, to_string,
};

/// Reads a document with the scanner, with roxmltree, and as a `Value`.
fn every_way<T: DeserializeOwned>(document: &str) -> Vec<Result<T, Error>> {
    let mut results = vec![from_str(document), from_str(&format!("<!---->{document}"))];
    if let Ok(value) = from_str(document) {
        results.push(from_value(value));
    }
    results
}

#[test]
fn what_follows_a_default_is_right() {
    fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        Ok(T::deserialize(deserializer).unwrap_or_default())
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        #[serde(deserialize_with = "lenient")]
        list: Vec<i32>,
        #[serde(deserialize_with = "lenient")]
        map: BTreeMap<String, bool>,
        #[serde(deserialize_with = "lenient")]
        number: i32,
        after: i32,
    }
    let list = Value::from(vec![
        Value::Int(1),
        Value::from(vec![Value::from("deep")]),
        Value::Int(3),
    ]);
    let map = Value::from(Struct::from([
        ("a", Value::Bool(true)),
        ("b", list.clone()),
        ("c", Value::Bool(false)),
    ]));
    let row = Value::from(Struct::from([
        ("list", list),
        ("map", map),
        ("number", Value::from("none")),
        ("after", Value::Int(7)),
    ]));
    let document = to_string(&Value::from(vec![row.clone(), row])).unwrap();
    let expected = || Row {
        list: vec![],
        map: BTreeMap::new(),
        number: 0,
        after: 7,
    };
    for rows in every_way::<Vec<Row>>(&document) {
        assert_eq!(rows.unwrap(), [expected(), expected()]);
    }
    // What is no XML-RPC spoils its own value alone, what is no XML the whole document.
    let replaced = |inner: &str| document.replacen("<string>none</string>", inner, 1);
    for inner in [
        "<int>1</int><int>2</int>",
        "<foo/>",
        "<foo><value><int>1</int></value></foo>",
        "<array><int>1</int></array>",
        "<struct><member/></struct>",
    ] {
        for rows in every_way::<Vec<Row>>(&replaced(inner)) {
            assert_eq!(rows.unwrap(), [expected(), expected()], "{inner}");
        }
    }
    for inner in ["<int>1", "<int>1</string>", "</int>", "&nbsp;", "<"] {
        for rows in every_way::<Vec<Row>>(&replaced(inner)) {
            assert_eq!(rows.unwrap_err().category(), Category::Syntax, "{inner}");
        }
    }
}

/// What could be read, and how often something could not.
#[derive(Debug, PartialEq)]
struct Patient<T> {
    read: Vec<T>,
    errors: usize,
}

/// More than any document here has elements.
const TURNS: usize = 10_000;

impl<T> Patient<T> {
    fn gather<E>(mut next: impl FnMut() -> Result<Option<T>, E>) -> Self {
        let mut patient = Self {
            read: Vec::new(),
            errors: 0,
        };
        for _ in 0..TURNS {
            match next() {
                Ok(Some(value)) => patient.read.push(value),
                Ok(None) => return patient,
                Err(_) => patient.errors += 1,
            }
        }
        panic!("there is no end of errors");
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PatientVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for PatientVisitor<T> {
            type Value = Patient<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array or a struct")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Patient<T>, A::Error> {
                Ok(Patient::gather(|| seq.next_element()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patient<T>, A::Error> {
                Ok(Patient::gather(|| {
                    let Some(IgnoredAny) = map.next_key()? else {
                        return Ok(None);
                    };
                    map.next_value().map(Some)
                }))
            }
        }

        deserializer.deserialize_any(PatientVisitor(PhantomData))
    }
}

fn array(values: &str) -> String {
    format!("<value><array><data>{values}</data></array></value>")
}

fn structure(values: &[&str]) -> String {
    let members = values
        .iter()
        .map(|value| format!("<member><name>a</name>{value}</member>"));
    format!(
        "<value><struct>{}</struct></value>",
        members.collect::<String>()
    )
}

const ONE: &str = "<value><int>1</int></value>";
const TWO: &str = "<value><i4>2</i4></value>";
const TEXT: &str = "<value><string>x</string></value>";
const DEEP: &str = "<value><array><data><value><struct><member><name>a</name><value>b</value></member></struct></value></data></array></value>";

#[test]
fn a_visitor_that_ignores_errors_reads_the_others() {
    for document in [
        array(&[ONE, TEXT, DEEP, TWO, TEXT].concat()),
        structure(&[ONE, TEXT, DEEP, TWO, TEXT]),
    ] {
        for patient in [
            from_str::<Patient<i32>>(&document),
            from_str(&format!("<!---->{document}")),
        ] {
            let expected = Patient {
                read: vec![1, 2],
                errors: 3,
            };
            assert_eq!(patient.unwrap(), expected, "{document}");
        }
    }
    let rows = array(
        &[
            &*array(&[ONE, TEXT].concat()),
            ONE,
            &array(&[DEEP, TWO].concat()),
        ]
        .concat(),
    );
    for patient in every_way::<Patient<Patient<i32>>>(&rows) {
        let patient = patient.unwrap();
        assert_eq!(patient.errors, 1);
        let read: Vec<_> = patient
            .read
            .into_iter()
            .map(|row| (row.read, row.errors))
            .collect();
        assert_eq!(read, [(vec![1], 1), (vec![2], 1)]);
    }
}

#[test]
fn a_visitor_that_ignores_errors_ends_where_the_document_is_broken() {
    let documents = [
        array(&[ONE, TEXT, DEEP, TWO, TEXT].concat()),
        structure(&[ONE, TEXT, DEEP, TWO, TEXT]),
        array(&[array(ONE), structure(&[TEXT, DEEP])].concat()),
    ];
    for document in documents {
        for end in 0..document.len() {
            for result in every_way::<Patient<i32>>(&document[..end]) {
                assert_eq!(
                    result.unwrap_err().category(),
                    Category::Syntax,
                    "{}",
                    &document[..end]
                );
            }
        }
        for (piece, _) in document.match_indices('<') {
            for broken in [
                "<int>1</int>",
                "<value/>",
                "<foo/>",
                "<value>",
                "</value>",
                "<",
                "&",
            ] {
                let (before, after) = document.split_at(piece);
                let document = format!("{before}{broken}{after}");
                // That it ends is what is asked; the readers agree on how.
                let results = every_way::<Patient<Patient<i32>>>(&document);
                assert_eq!(results[0].is_ok(), results[1].is_ok(), "{document}");
            }
        }
    }
}

#[test]
fn a_limit_is_one_whoever_swallows_the_error() {
    let (open, close) = ("<value><array><data>", "</data></array></value>");
    for (levels, ok) in [(4, true), (5, false)] {
        let deep = [open.repeat(levels - 1), close.repeat(levels - 1)].concat();
        let document = array(&[ONE, &*deep, TWO].concat());
        for document in [document.clone(), format!("<!---->{document}")] {
            let limits = Limits::default().depth(4);
            let patient = from_slice_with::<Patient<i32>>(document.as_bytes(), &limits);
            match patient {
                Ok(patient) => assert!(ok && patient.read == [1, 2], "{patient:?}"),
                Err(error) => assert!(!ok && error.category() == Category::Limit, "{error}"),
            }
        }
    }
}
