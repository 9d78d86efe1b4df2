//! A kind of document that can be made in any size.

use xmlrpc_core::{Category, Value};

use crate::reading::{Read, response};

#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    source: Source,
    pub(crate) read: Read,
    /// Why it is refused with raised limits; nothing if it is read.
    pub(crate) refused: Option<Category>,
    /// The size of a document with a million of the repeated pieces, in bytes.
    pub(crate) million: Option<usize>,
}

#[derive(Clone, Copy)]
enum Source {
    /// A frame, and a template that stands in it.
    Template(Frame, &'static str),
    /// Makes a document of a size. The number tells apart documents of the same size.
    Function(fn(usize, usize) -> Vec<u8>),
}

/// What stands before and after a template.
pub(crate) type Frame = (&'static str, &'static str);

macro_rules! response {
    ($open:literal, $close:literal) => {
        (
            concat!(
                "<?xml version=\"1.0\"?><methodResponse><params><param>",
                $open
            ),
            concat!($close, "</param></params></methodResponse>"),
        )
    };
}

macro_rules! call {
    ($method:literal, $open:literal, $close:literal) => {
        (
            concat!(
                "<methodCall><methodName>",
                $method,
                "</methodName><params>",
                $open
            ),
            concat!($close, "</params></methodCall>"),
        )
    };
}

/// The template is the whole document.
pub(crate) const NOTHING: Frame = ("", "");
/// The template is the value of a response.
pub(crate) const RESPONSE: Frame = response!("", "");
/// The template is the content of an array in a response.
pub(crate) const ARRAY: Frame = response!("<value><array><data>", "</data></array></value>");
/// The same, with a comment at which the scanner gives up.
pub(crate) const LATE: Frame = response!("<value><array><data>", "<!----></data></array></value>");
/// The template is the content of a struct in a response.
pub(crate) const STRUCT: Frame = response!("<value><struct>", "</struct></value>");
/// The template is the parameters of a call.
pub(crate) const PARAMS: Frame = call!("sum", "", "");
/// The template is the entries of a multicall.
pub(crate) const ENTRIES: Frame = call!(
    "system.multicall",
    "<param><value><array><data>",
    "</data></array></value></param>"
);

impl Shape {
    const fn new(name: &'static str, source: Source, read: Read) -> Self {
        Self {
            name,
            source,
            read,
            refused: None,
            million: None,
        }
    }

    /// A document by a template, read as a `Value`.
    ///
    /// The template repeats the part in braces until the document has its size. If it has two such parts, each
    /// takes a level of nesting. A `%` in braces stands for the number of the repetition.
    pub(crate) const fn of(frame: Frame, name: &'static str, template: &'static str) -> Self {
        Self::new(name, Source::Template(frame, template), response::<Value>)
    }

    /// A document by a function.
    pub(crate) const fn made(
        name: &'static str,
        make: fn(usize, usize) -> Vec<u8>,
        read: Read,
    ) -> Self {
        Self::new(name, Source::Function(make), read)
    }

    pub(crate) const fn read_by(mut self, read: Read) -> Self {
        self.read = read;
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

    /// A document of about so many bytes; those of two numbers differ if the shape has varied data.
    pub(crate) fn make(&self, bytes: usize, nth: usize) -> Vec<u8> {
        match self.source {
            Source::Template(frame, template) => filled(bytes, frame, template),
            Source::Function(make) => make(bytes, nth),
        }
    }
}

/// A document of about so many bytes by a template.
pub(crate) fn filled(bytes: usize, (head, tail): Frame, template: &str) -> Vec<u8> {
    match *template.split(['{', '}']).collect::<Vec<_>>() {
        [open, unit, close] if unit.contains('%') => {
            let mut document = [head, open].concat();
            let end = bytes.saturating_sub(close.len() + tail.len());
            let mut units = (0..).map(|index: usize| unit.replace('%', &index.to_string()));
            while document.len() < end {
                document.extend(units.next());
            }
            [&*document, close, tail].concat()
        }
        [open, unit, close] => {
            let rest = [head, open, close, tail].concat().len();
            let times = bytes.saturating_sub(rest) / unit.len();
            [head, open, &unit.repeat(times), close, tail].concat()
        }
        [open, down, middle, up, close] => {
            let levels = bytes / (down.len() + up.len());
            let (down, up) = (down.repeat(levels), up.repeat(levels));
            [head, open, &down, middle, &up, close, tail].concat()
        }
        _ => unreachable!("{template} has one or two parts in braces"),
    }
    .into_bytes()
}
