//! The contenders.

mod floor;
mod json;
mod ours;
mod rivals;

use std::rc::Rc;

use crate::{
    datum::Datum,
    documents::{Document, envelope, xml::Root},
    harness::task::{Case, Verdict},
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

/// All contenders in the order of the tables, each with its description.
pub(crate) const ALL: &[(&str, &str)] = &[
    ("ours", "this codec, typed"),
    ("ours_value", "this codec, into and out of `Value`"),
    (
        "ours_roxmltree",
        "this codec, typed, with a comment in the document that stops the fast path",
    ),
    (
        "ours_entries",
        "this codec, the entries of a multicall one by one, as a dispatcher reads and a client writes them",
    ),
    (
        "serde_json",
        "the same data as JSON, with default features: it reads some doubles inexactly; base64 is a string, decoded by base64-simd",
    ),
    (
        "serde_xmlrpc",
        "typed; it writes only the value, without the envelope",
    ),
    ("dxr", "typed, with its derive macros"),
    (
        "xmlrpc",
        "converted by hand from its value; it cannot read calls, and writes responses without the envelope",
    ),
    ("python", "xmlrpc.client, in its own process"),
    (
        "xmlrpc_c",
        "its value, in its own process; it writes what it has read",
    ),
    (
        "roxmltree_parse",
        "parses the document into a tree, and reads nothing from it",
    ),
    ("base64_simd", "only the base64"),
    ("memcpy", "copies the document into an existing buffer"),
];

/// Other Rust crates that read and write XML-RPC.
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

/// Whether the output of a contender, a document or its `<value>`, reads as the data.
fn judge_written<T: Datum>(document: &Document<T>, written: &[u8]) -> Verdict {
    Verdict(reads_as(document, written), written.len())
}

pub(crate) fn reads_as<T: Datum>(document: &Document<T>, written: &[u8]) -> bool {
    let limits = envelope::limits();
    if written.starts_with(b"<value") {
        return xmlrpc_core::from_slice_with::<T>(written, &limits)
            .is_ok_and(|it| it == document.data);
    }
    let body = bytes::Bytes::copy_from_slice(written);
    match document.root {
        Root::Response => envelope::read_response::<T>(body).is_ok_and(|it| it == document.data),
        Root::Call { method } => envelope::read_call::<T>(body)
            .is_ok_and(|(name, it)| &*name == method && it == document.data),
    }
}
