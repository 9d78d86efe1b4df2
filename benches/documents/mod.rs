//! The documents of all benchmarks of the codec.

pub(crate) mod data;
pub(crate) mod envelope;
pub(crate) mod xml;

use serde::Serialize;
use xmlrpc_core::{Value, to_value};

use xml::{Layout, Root};

/// A document and its contents.
#[derive(Debug)]
pub(crate) struct Document<T> {
    pub(crate) name: &'static str,
    pub(crate) root: Root,
    pub(crate) xml: Vec<u8>,
    pub(crate) data: T,
    pub(crate) value: Value,
    /// Whether writing it is timed. It is not, if another document holds the same data.
    pub(crate) encodes: bool,
}

impl<T: Serialize> Document<T> {
    pub(crate) fn new(name: &'static str, root: Root, data: T) -> Self {
        let value = to_value(&data).expect("XML-RPC has a type for all data of the documents");
        Self {
            name,
            root,
            xml: xml::document(root, Layout::Compact, &value),
            data,
            value,
            encodes: true,
        }
    }

    pub(crate) fn response(name: &'static str, data: T) -> Self {
        Self::new(name, Root::Response, data)
    }

    /// The document as a peer with this layout writes it.
    pub(crate) fn in_layout(mut self, layout: Layout) -> Self {
        self.xml = xml::document(self.root, layout, &self.value);
        self.encodes = false;
        self
    }

    /// The document with the members of this name as 64-bit integers.
    pub(crate) fn with_long(mut self, member: &str) -> Self {
        lengthen(&mut self.value, member);
        self
    }

    /// The document with a comment before the last tag, at which the fast path gives up.
    pub(crate) fn with_late_comment(mut self) -> Self {
        let last = self.xml.len() - "</methodResponse>".len();
        self.xml.splice(last..last, COMMENT.bytes());
        self.encodes = false;
        self
    }
}

fn lengthen(value: &mut Value, member: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| lengthen(item, member)),
        Value::Struct(members) => {
            if let Some(&Value::Int(number)) = members.get(member) {
                members.insert(member, Value::I8(number.into()));
            }
        }
        _ => {}
    }
}

const COMMENT: &str = "<!-- -->";

/// The document with a comment after its declaration, so that the fast path does not take it.
pub(crate) fn off_the_fast_path(xml: &[u8]) -> Vec<u8> {
    let declaration = memchr::memchr(b'>', xml).map_or(0, |end| end + 1);
    let (head, rest) = xml.split_at(declaration);
    [head, COMMENT.as_bytes(), rest].concat()
}

pub(crate) fn tiny_call() -> Document<i32> {
    let method = "examples.getStateName";
    Document::new("tiny_call", Root::Call { method }, 41)
}

pub(crate) fn multicall(
    name: &'static str,
    entries: Vec<data::Entry>,
) -> Document<Vec<data::Entry>> {
    let method = "system.multicall";
    Document::new(name, Root::Call { method }, entries)
}
