//! The hot paths.

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    callgrind::counted,
    documents::{
        Document, data,
        envelope::{read_call, read_response, write_call, write_response},
        multicall, tiny_call,
        xml::{Layout, Root},
    },
};

type Path = fn() -> Result<(), String>;

const TEXT: usize = 64 << 10;

/// All paths by name.
pub(crate) const ALL: &[(&str, Path)] = &[
    ("decode_tiny_call", || decode(&tiny_call())),
    ("encode_tiny_call", || encode(&tiny_call())),
    ("decode_ints_1000", || decode(&ints())),
    ("encode_ints_1000", || encode(&ints())),
    ("decode_doubles_1000", || decode(&doubles())),
    ("encode_doubles_1000", || encode(&doubles())),
    ("decode_structs_1000", || decode(&structs())),
    ("encode_structs_1000", || encode(&structs())),
    ("decode_structs_1000_python", || {
        decode(&structs().in_layout(Layout::Python))
    }),
    ("decode_structs_1000_apache", || {
        decode(&structs().with_long("visits").in_layout(Layout::Apache))
    }),
    ("decode_multicall_100", || {
        decode(&multicall("multicall_100", data::entries(100)))
    }),
    ("encode_multicall_100", || {
        encode(&multicall("multicall_100", data::entries(100)))
    }),
    ("decode_text_escapes", || decode(&text())),
    ("encode_text_escapes", || encode(&text())),
];

/// Runs a path, and counts it.
pub(crate) fn run(name: &str) -> Result<(), String> {
    match ALL.iter().find(|(known, _)| *known == name) {
        Some((_, path)) => path(),
        None => Err(format!("unknown path {name:?}")),
    }
}

fn ints() -> Document<Vec<i32>> {
    Document::response("ints", data::ints(1000))
}

fn doubles() -> Document<Vec<f64>> {
    Document::response("doubles", data::doubles(1000))
}

fn structs() -> Document<Vec<data::Record>> {
    Document::response("structs", data::records(1000))
}

fn text() -> Document<String> {
    Document::response("text", data::escape_heavy_text(TEXT))
}

fn decode<T: DeserializeOwned>(document: &Document<T>) -> Result<(), String> {
    let body = || Bytes::from(document.xml.clone());
    match document.root {
        Root::Response => twice(body, read_response::<T>),
        Root::Call { .. } => twice(body, read_call::<T>),
    }
}

fn encode<T: Serialize>(document: &Document<T>) -> Result<(), String> {
    let data = || &document.data;
    match document.root {
        Root::Response => twice(data, write_response),
        Root::Call { method } => twice(data, |data| write_call(method, data)),
    }
}

/// Counts the second run: the first one pays for everything that happens once in a process.
fn twice<I, O>(
    prepare: impl Fn() -> I,
    work: impl Fn(I) -> Result<O, String>,
) -> Result<(), String> {
    work(prepare())?;
    let input = prepare();
    counted(|| work(input)).map(drop)
}
