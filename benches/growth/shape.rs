//! A document that can be made in any size.

use xmlrpc_core::Category;

use crate::reading::Read;

/// A kind of document.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// A document of about so many bytes.
    pub(crate) make: fn(usize) -> Vec<u8>,
    /// Another one each time, by a number, where `make` would make the same again.
    pub(crate) another: Option<fn(usize, usize) -> Vec<u8>>,
    pub(crate) read: Read,
    /// What it is refused for when the limits are raised; nothing if it is read.
    pub(crate) refused: Option<Category>,
    /// The bytes of a document that holds as many pieces as are asked for: a million, as a rule.
    pub(crate) million: Option<usize>,
}

impl Shape {
    pub(crate) const fn read(name: &'static str, make: fn(usize) -> Vec<u8>, read: Read) -> Self {
        Self {
            name,
            make,
            another: None,
            read,
            refused: None,
            million: None,
        }
    }

    pub(crate) const fn another(mut self, make: fn(usize, usize) -> Vec<u8>) -> Self {
        self.another = Some(make);
        self
    }

    pub(crate) const fn refused(mut self, category: Category) -> Self {
        self.refused = Some(category);
        self
    }

    pub(crate) const fn million(mut self, bytes: usize) -> Self {
        self.million = Some(bytes);
        self
    }
}

/// Between these stands the one value of an answer.
pub(crate) const RESPONSE: (&str, &str) = (
    "<?xml version=\"1.0\"?><methodResponse><params><param>",
    "</param></params></methodResponse>",
);

/// A document of about so many bytes, with a unit again and again between two ends.
pub(crate) fn filled(bytes: usize, open: &str, unit: &str, close: &str) -> Vec<u8> {
    let times = bytes.saturating_sub(open.len() + close.len()) / unit.len();
    [open, &unit.repeat(times), close].concat().into_bytes()
}

/// An answer of about so many bytes.
pub(crate) fn answer(bytes: usize, open: &str, unit: &str, close: &str) -> Vec<u8> {
    let (head, tail) = RESPONSE;
    filled(bytes, &[head, open].concat(), unit, &[close, tail].concat())
}

/// The same with another unit each time.
pub(crate) fn numbered(
    bytes: usize,
    open: &str,
    unit: fn(usize) -> String,
    close: &str,
) -> Vec<u8> {
    let (head, tail) = RESPONSE;
    let mut document = [head, open].concat();
    let end = bytes.saturating_sub(close.len() + tail.len());
    for index in 0.. {
        if document.len() >= end {
            break;
        }
        document += &unit(index);
    }
    [&*document, close, tail].concat().into_bytes()
}

/// An answer of about so many bytes, that many levels deep.
pub(crate) fn nested(bytes: usize, open: &str, close: &str) -> Vec<u8> {
    let levels = bytes / (open.len() + close.len());
    let (head, tail) = RESPONSE;
    let (open, close) = (open.repeat(levels), close.repeat(levels));
    [head, "<value>", &open, &close, "</value>", tail]
        .concat()
        .into_bytes()
}
