//! The documents that are timed.

use std::rc::Rc;

use crate::{
    contender::{self, Direction},
    datum::Datum,
    documents::{
        Document,
        data::{self, Record},
        multicall, tiny_call,
        xml::{Layout, Root},
    },
    harness::task::Case,
};

/// Tells whether a document holds the right data.
pub(crate) type Judge = Box<dyn Fn(&[u8]) -> bool>;

/// A document with data of any type.
pub(crate) trait Contested {
    fn xml(&self) -> &[u8];
    fn is_call(&self) -> bool;
    fn directions(&self) -> &'static [Direction];
    /// The contenders in this process.
    fn cases(&self, direction: Direction) -> Vec<Case>;
    /// Judges other documents with the same data.
    fn judge(&self) -> Judge;
}

impl<T: Datum> Contested for Rc<Document<T>> {
    fn xml(&self) -> &[u8] {
        &self.xml
    }

    fn is_call(&self) -> bool {
        self.root != Root::Response
    }

    fn directions(&self) -> &'static [Direction] {
        if self.encodes {
            &[Direction::Decode, Direction::Encode]
        } else {
            &[Direction::Decode]
        }
    }

    fn cases(&self, direction: Direction) -> Vec<Case> {
        contender::cases(self, direction)
    }

    fn judge(&self) -> Judge {
        let document = Self::clone(self);
        Box::new(move |xml| contender::reads_as(&document, xml))
    }
}

/// Makes a document with a name. Documents are made one at a time, because some are large.
pub(crate) type Make = fn(&'static str) -> Box<dyn Contested>;

fn boxed<T: Datum>(document: Document<T>) -> Box<dyn Contested> {
    Box::new(Rc::new(document))
}

fn response<T: Datum>(name: &'static str, data: T) -> Box<dyn Contested> {
    boxed(Document::response(name, data))
}

fn structs(name: &'static str) -> Document<Vec<Record>> {
    Document::response(name, data::records(1000))
}

fn apache(name: &'static str) -> Document<Vec<Record>> {
    let document = structs(name).with_long("visits");
    document.in_layout(Layout::Apache)
}

fn lines_of_base64(name: &'static str) -> Document<data::Blob> {
    Document::response(name, data::blob(BLOB)).in_layout(Layout::Python)
}

const TEXT: usize = 1 << 20;
const BLOB: usize = 10 << 20;

/// All documents by name.
#[rustfmt::skip]
pub(crate) const ALL: &[(&str, Make)] = &[
    ("tiny_call", |_| boxed(tiny_call())),
    ("tiny_response", |name| response(name, "South Dakota".to_owned())),
    ("ints_1000", |name| response(name, data::ints(1000))),
    ("ints_100000", |name| response(name, data::ints(100_000))),
    ("doubles_100000", |name| response(name, data::doubles(100_000))),
    ("structs_1000", |name| boxed(structs(name))),
    ("structs_1000_python", |name| boxed(structs(name).in_layout(Layout::Python))),
    ("structs_1000_indented", |name| boxed(structs(name).in_layout(Layout::Indented))),
    ("structs_1000_apache", |name| boxed(apache(name))),
    ("structs_1000_late", |name| boxed(structs(name).with_late_comment())),
    ("multicall_1000", |name| boxed(multicall(name, data::entries(1000)))),
    ("text_1mb", |name| response(name, data::plain_text(TEXT))),
    ("text_1mb_escapes", |name| response(name, data::escape_heavy_text(TEXT))),
    ("text_1mb_non_ascii", |name| response(name, data::non_ascii_text(TEXT))),
    ("nesting_64", |name| response(name, data::nest(64))),
    ("base64_10mb", |name| response(name, data::blob(BLOB))),
    ("base64_10mb_lines", |name| boxed(lines_of_base64(name))),
];
