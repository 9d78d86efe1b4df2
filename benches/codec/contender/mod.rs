//! Those that take part.

mod floor;
mod json;
mod ours;
mod rivals;

use std::rc::Rc;

use crate::{
    datum::Datum,
    document::Document,
    envelope,
    task::{Case, Verdict},
    xml::Shape,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Decode,
    Encode,
}

impl Direction {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Encode => "encode",
        }
    }
}

/// Everybody, in the order of the tables, and what they are.
pub(crate) const ALL: &[(&str, &str)] = &[
    ("ours", "this codec, typed"),
    ("ours_value", "this codec, into and out of `Value`"),
    (
        "ours_roxmltree",
        "this codec, typed, with a comment in the document that no fast path takes",
    ),
    (
        "ours_entries",
        "this codec, the entries of a multicall one by one, as a dispatcher and a client have them",
    ),
    (
        "serde_json",
        "the same data as JSON, with its default features: some doubles are read one unit in the last place off; base64 is a string, decoded by base64-simd",
    ),
    (
        "serde_xmlrpc",
        "typed; its writer takes a value, without the envelope",
    ),
    ("dxr", "typed, by its derive macros"),
    (
        "xmlrpc",
        "typed by hand from its value; reads no calls, and writes responses without the envelope",
    ),
    ("python", "xmlrpc.client, in a process of its own"),
    (
        "xmlrpc_c",
        "its value, in a process of its own; it writes what it has read",
    ),
    (
        "roxmltree_parse",
        "the tree of the document, and nothing made of it",
    ),
    (
        "quick_xml_events",
        "the events of the document, and nothing made of them",
    ),
    ("base64_simd", "the base64 alone"),
    ("memchr", "every `<` found"),
    ("memcpy", "the document copied into a buffer that is there"),
];

/// The Rust crates that read and write XML-RPC.
pub(crate) const RUST_PEERS: [&str; 3] = ["serde_xmlrpc", "dxr", "xmlrpc"];

pub(crate) fn cases<T: Datum>(document: &Rc<Document<T>>, direction: Direction) -> Vec<Case> {
    match direction {
        Direction::Decode => [
            ours::decode(document),
            json::decode(document),
            rivals::decode(document),
            floor::decode(document),
        ],
        Direction::Encode => [
            ours::encode(document),
            json::encode(document),
            rivals::encode(document),
            floor::encode(document),
        ],
    }
    .into_iter()
    .flatten()
    .collect()
}

/// Whether what a contender wrote reads as the data: a document, or the `<value>` of one.
fn judge_written<T: Datum>(document: &Document<T>, written: &[u8]) -> Verdict {
    Verdict {
        correct: reads_as(document, written),
        bytes: written.len(),
    }
}

pub(crate) fn reads_as<T: Datum>(document: &Document<T>, written: &[u8]) -> bool {
    let limits = envelope::limits();
    if written.starts_with(b"<value") {
        return xmlrpc_core::from_slice_with::<T>(written, &limits)
            .is_ok_and(|it| it == document.data);
    }
    let body = bytes::Bytes::copy_from_slice(written);
    match document.shape {
        Shape::Response => envelope::read_response::<T>(body).is_ok_and(|it| it == document.data),
        Shape::Call { method } => envelope::read_call::<T>(body)
            .is_ok_and(|(name, it)| &*name == method && it == document.data),
    }
}

pub(crate) fn text<E: core::fmt::Display>(error: E) -> String {
    error.to_string()
}
