//! Visitors that ignore the errors of elements. The other elements are still read, and reading
//! ends.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use xmlrpc_core::{Category, Limits, from_slice_with, from_str};

use crate::common::readers::{beyond_the_scanner, every_way};

/// The elements that could be read, and the number of errors.
#[derive(Debug, PartialEq)]
struct Patient<T> {
    read: Vec<T>,
    errors: usize,
}

/// More turns than any document here has elements.
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
        panic!("the errors never end");
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
            from_str(&beyond_the_scanner(&document)),
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
                // Reading must end, and both readers must agree on the outcome.
                let results = every_way::<Patient<Patient<i32>>>(&document);
                assert_eq!(results[0].is_ok(), results[1].is_ok(), "{document}");
            }
        }
    }
}

#[test]
fn limit_errors_cannot_be_swallowed() {
    let (open, close) = ("<value><array><data>", "</data></array></value>");
    for (levels, ok) in [(4, true), (5, false)] {
        let deep = [open.repeat(levels - 1), close.repeat(levels - 1)].concat();
        let document = array(&[ONE, &*deep, TWO].concat());
        for document in [document.clone(), beyond_the_scanner(&document)] {
            let limits = Limits::default().depth(4);
            let patient = from_slice_with::<Patient<i32>>(document.as_bytes(), &limits);
            match patient {
                Ok(patient) => assert!(ok && patient.read == [1, 2], "{patient:?}"),
                Err(error) => assert!(!ok && error.category() == Category::Limit, "{error}"),
            }
        }
    }
}
