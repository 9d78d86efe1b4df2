//! The codec of this workspace.

use std::rc::Rc;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Dialect, Value,
    message::{CallWriter, IncomingCall, MulticallWriter},
};

use super::judge_written;
use crate::{
    datum::Datum,
    documents::{
        Document,
        envelope::{limits, read_call, read_response, write_call, write_response},
        off_the_fast_path,
        xml::Root,
    },
    harness::{
        task::{Case, Verdict, borrowing, owning},
        text,
    },
};

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let typed = |contender, xml| read::<T, T>(document, contender, xml, |document| &document.data);
    let mut cases = vec![
        typed("ours", document.xml.clone()),
        read(document, "ours_value", document.xml.clone(), |document| {
            &document.value
        }),
        typed("ours_roxmltree", off_the_fast_path(&document.xml)),
    ];
    if is_multicall(document) {
        cases.push(read_entries(document));
    }
    cases
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let mut cases = vec![
        write(document, "ours", |document| &document.data),
        write(document, "ours_value", |document| &document.value),
    ];
    if is_multicall(document) {
        cases.push(write_entries(document));
    }
    cases
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

fn is_multicall<T>(document: &Document<T>) -> bool {
    document.root
        == Root::Call {
            method: "system.multicall",
        }
}

/// Reads the entries as the dispatcher does.
fn read_entries<T: Datum>(document: &Rc<Document<T>>) -> Case {
    let expected = entries(document);
    let shared = Bytes::from(document.xml.clone());
    let bytes = shared.len();
    owning(
        "ours_entries",
        bytes,
        move || shared.clone(),
        |body| {
            let call = IncomingCall::read(body, None, &limits()).map_err(text)?;
            let entries = call.params().multicall_entries(usize::MAX).map_err(text)?;
            let decoded = entries.into_iter().map(|entry| {
                let (method, params) = entry?.into_parts();
                let params = params.decode(|params| {
                    let pair: (i32, i32) = (params.required("a")?, params.required("b")?);
                    params.end()?;
                    Ok(pair)
                })?;
                Ok((method, params))
            });
            decoded
                .collect::<Result<Vec<_>, xmlrpc_core::Error>>()
                .map_err(text)
        },
        move |entries| Verdict(entries == expected, bytes),
    )
}

/// Writes the entries as the client does.
fn write_entries<T: Datum>(document: &Rc<Document<T>>) -> Case {
    let entries = entries(document);
    let document = Rc::clone(document);
    borrowing(
        "ours_entries",
        move || {
            let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
            for (method, (a, b)) in &entries {
                let mut call = CallWriter::new(method, Dialect::EXTENDED);
                call.param(a);
                call.param(b);
                multicall.push(method, &call.finish().map_err(text)?);
            }
            Ok(multicall.finish())
        },
        move |written| judge_written(&document, &written),
    )
}

fn entries<T>(document: &Document<T>) -> Vec<(Box<str>, (i32, i32))> {
    let entry = |entry: &Value| {
        let entry = entry.as_struct()?;
        let method = entry.get("methodName")?.as_str()?;
        let params = xmlrpc_core::from_value(entry.get("params")?.clone()).ok()?;
        Some((method.into(), params))
    };
    let entries = document.value.as_array().unwrap_or_default();
    entries.iter().filter_map(entry).collect()
}
