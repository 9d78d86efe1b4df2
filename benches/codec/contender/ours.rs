//! The codec of this workspace.

use std::rc::Rc;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

use super::judge_written;
use crate::{
    datum::Datum,
    documents::{
        Document,
        envelope::{read_call, read_response, write_call, write_response},
        off_the_fast_path,
        xml::Root,
    },
    harness::task::{Case, Verdict, borrowing, owning},
};

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let typed = |contender, xml| read::<T, T>(document, contender, xml, |document| &document.data);
    vec![
        typed("ours", document.xml.clone()),
        read(document, "ours_value", document.xml.clone(), |document| {
            &document.value
        }),
        typed("ours_roxmltree", off_the_fast_path(&document.xml)),
    ]
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    vec![
        write(document, "ours", |document| &document.data),
        write(document, "ours_value", |document| &document.value),
    ]
}

/// Reads the value that `expected` selects.
fn read<T: Datum, V: DeserializeOwned + PartialEq + 'static>(
    document: &Rc<Document<T>>,
    contender: &'static str,
    xml: Vec<u8>,
    expected: fn(&Document<T>) -> &V,
) -> Case {
    let bytes = xml.len();
    // A handle of a shared buffer: freeing a buffer is not timed, as for the other contenders.
    let shared = Bytes::from(xml);
    let prepare = move || shared.clone();
    let document = Rc::clone(document);
    match document.root {
        Root::Response => owning(
            contender,
            bytes,
            prepare,
            read_response::<V>,
            move |value| Verdict(value == *expected(&document), bytes),
        ),
        Root::Call { method } => owning(
            contender,
            bytes,
            prepare,
            read_call::<V>,
            move |(name, value)| {
                let is_right = &*name == method && value == *expected(&document);
                Verdict(is_right, bytes)
            },
        ),
    }
}

/// Writes the value that `data` selects.
fn write<T: Datum, V: Serialize + 'static>(
    document: &Rc<Document<T>>,
    contender: &'static str,
    data: fn(&Document<T>) -> &V,
) -> Case {
    let judge = {
        let document = Rc::clone(document);
        move |written: Vec<u8>| judge_written(&document, &written)
    };
    let document = Rc::clone(document);
    match document.root {
        Root::Response => borrowing(contender, move || write_response(data(&document)), judge),
        Root::Call { method } => borrowing(
            contender,
            move || write_call(method, data(&document)),
            judge,
        ),
    }
}
