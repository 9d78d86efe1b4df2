//! The documents that are timed.

use std::rc::Rc;

use crate::{
    contender::{self, Direction},
    data,
    datum::Datum,
    document::{Document, multicall, tiny_call},
    task::Case,
    xml::Layout,
};

/// Tells whether a document holds the data that it should.
pub(crate) type Judge = Box<dyn Fn(&[u8]) -> bool>;

/// A document, whatever it holds.
pub(crate) trait Contested {
    fn name(&self) -> &'static str;
    fn xml(&self) -> &[u8];
    fn is_call(&self) -> bool;
    fn directions(&self) -> &'static [Direction];
    /// Those that take part, in the order in which they are shown.
    fn cases(&self, direction: Direction) -> Vec<Case>;
    /// Of documents that should hold the same data.
    fn judge(&self) -> Judge;
}

impl<T: Datum> Contested for Rc<Document<T>> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn xml(&self) -> &[u8] {
        &self.xml
    }

    fn is_call(&self) -> bool {
        self.shape != crate::xml::Shape::Response
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

/// Makes a document; they are made one after the other, since some are large.
pub(crate) type Make = fn() -> Box<dyn Contested>;

fn boxed<T: Datum>(document: Document<T>) -> Box<dyn Contested> {
    Box::new(Rc::new(document))
}

fn structs(name: &'static str) -> Document<Vec<data::Record>> {
    Document::response(name, data::records(1000))
}

const TEXT: usize = 1 << 20;
const BLOB: usize = 10 << 20;

/// Every document, by its name.
pub(crate) const ALL: &[(&str, Make)] = &[
    ("tiny_call", || boxed(tiny_call())),
    ("tiny_response", || {
        boxed(Document::response(
            "tiny_response",
            "South Dakota".to_owned(),
        ))
    }),
    ("ints_1000", || {
        boxed(Document::response("ints_1000", data::ints(1000)))
    }),
    ("ints_100000", || {
        boxed(Document::response("ints_100000", data::ints(100_000)))
    }),
    ("doubles_100000", || {
        boxed(Document::response("doubles_100000", data::doubles(100_000)))
    }),
    ("structs_1000", || boxed(structs("structs_1000"))),
    ("structs_1000_python", || {
        boxed(structs("structs_1000_python").in_layout(Layout::Python))
    }),
    ("structs_1000_indented", || {
        boxed(structs("structs_1000_indented").in_layout(Layout::Indented))
    }),
    ("structs_1000_apache", || {
        boxed(
            structs("structs_1000_apache")
                .with_long("visits")
                .in_layout(Layout::Apache),
        )
    }),
    ("structs_1000_late", || {
        boxed(structs("structs_1000_late").with_late_comment())
    }),
    ("multicall_1000", || {
        boxed(multicall("multicall_1000", data::entries(1000)))
    }),
    ("text_1mb", || {
        boxed(Document::response("text_1mb", data::plain_text(TEXT)))
    }),
    ("text_1mb_escapes", || {
        boxed(Document::response(
            "text_1mb_escapes",
            data::escape_heavy_text(TEXT),
        ))
    }),
    ("text_1mb_non_ascii", || {
        boxed(Document::response(
            "text_1mb_non_ascii",
            data::non_ascii_text(TEXT),
        ))
    }),
    ("nesting_64", || {
        boxed(Document::response("nesting_64", data::nest(64)))
    }),
    ("base64_10mb", || {
        boxed(Document::response("base64_10mb", data::blob(BLOB)))
    }),
    ("base64_10mb_lines", || {
        boxed(Document::response("base64_10mb_lines", data::blob(BLOB)).in_layout(Layout::Python))
    }),
];
