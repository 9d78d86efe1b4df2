//! The documents: what is in them, and their bytes.

use serde::Serialize;
use xmlrpc_core::{Value, to_value};

use crate::{
    data,
    xml::{self, Layout, Shape},
};

/// A document and what is in it.
#[derive(Debug)]
pub(crate) struct Document<T> {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) xml: Vec<u8>,
    pub(crate) data: T,
    pub(crate) value: Value,
    /// Whether writing it is timed: not where another document holds the same data.
    pub(crate) encodes: bool,
}

impl<T: Serialize> Document<T> {
    pub(crate) fn new(name: &'static str, shape: Shape, data: T) -> Self {
        let value = to_value(&data).expect("whatever the documents hold is XML-RPC");
        Self {
            name,
            shape,
            xml: xml::document(shape, Layout::Compact, &value),
            data,
            value,
            encodes: true,
        }
    }

    pub(crate) fn response(name: &'static str, data: T) -> Self {
        Self::new(name, Shape::Response, data)
    }

    /// As a peer with another layout writes it.
    pub(crate) fn in_layout(mut self, layout: Layout) -> Self {
        self.xml = xml::document(self.shape, layout, &self.value);
        self.encodes = false;
        self
    }

    /// With the members of this name as 64-bit integers, whatever their type is here.
    pub(crate) fn with_long(mut self, member: &str) -> Self {
        lengthen(&mut self.value, member);
        self
    }

    /// With a comment before the last tag: what reads the fast way gives up there.
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

/// The same document with a comment after its declaration, which no fast path takes.
pub(crate) fn off_the_fast_path(xml: &[u8]) -> Vec<u8> {
    let declaration = memchr::memchr(b'>', xml).map_or(0, |end| end + 1);
    let (head, rest) = xml.split_at(declaration);
    [head, COMMENT.as_bytes(), rest].concat()
}

pub(crate) fn tiny_call() -> Document<i32> {
    let method = "examples.getStateName";
    Document::new("tiny_call", Shape::Call { method }, 41)
}

pub(crate) fn multicall(
    name: &'static str,
    entries: Vec<data::Entry>,
) -> Document<Vec<data::Entry>> {
    let method = "system.multicall";
    Document::new(name, Shape::Call { method }, entries)
}
