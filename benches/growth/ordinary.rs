//! Documents as peers send them.

use serde::Serialize;
use xmlrpc_core::Value;

use crate::{
    data,
    document::{Document, multicall, off_the_fast_path},
    reading::{answers, call, entries, response},
    shape::{self, Shape},
    xml::{self, Layout},
};

pub(crate) const ALL: &[Shape] = &[
    Shape::read("ints", |bytes| ints(bytes).xml, response::<Vec<i32>>),
    Shape::read("ints_value", |bytes| ints(bytes).xml, response::<Value>),
    Shape::read(
        "ints_call",
        |bytes| call_of_ints(bytes).xml,
        call::<Vec<i32>>,
    ),
    Shape::read("doubles", |bytes| doubles(bytes).xml, response::<Vec<f64>>),
    Shape::read("structs", |bytes| structs(bytes).xml, response::<Records>),
    Shape::read(
        "structs_value",
        |bytes| structs(bytes).xml,
        response::<Value>,
    ),
    Shape::read(
        "structs_python",
        |bytes| structs(bytes).in_layout(Layout::Python).xml,
        response::<Records>,
    ),
    Shape::read(
        "structs_indented",
        |bytes| structs(bytes).in_layout(Layout::Indented).xml,
        response::<Records>,
    ),
    Shape::read(
        "structs_comment",
        |bytes| off_the_fast_path(&structs(bytes).xml),
        response::<Records>,
    ),
    Shape::read("structs_apache", structs_apache, response::<Records>),
    Shape::read("text", |bytes| text(bytes).xml, response::<String>),
    Shape::read(
        "text_escapes",
        |bytes| escapes(bytes).xml,
        response::<String>,
    ),
    Shape::read(
        "text_non_ascii",
        |bytes| non_ascii(bytes).xml,
        response::<String>,
    ),
    Shape::read("text_latin_1", latin_1, response::<String>),
    Shape::read(
        "text_comment",
        |bytes| off_the_fast_path(&text(bytes).xml),
        response::<String>,
    ),
    Shape::read("base64", |bytes| base64(bytes).xml, response::<data::Blob>),
    Shape::read(
        "base64_lines",
        |bytes| base64(bytes).in_layout(Layout::Python).xml,
        response::<data::Blob>,
    ),
    Shape::read("multicall", |bytes| calls(bytes).xml, entries),
    Shape::read(
        "multicall_comment",
        |bytes| off_the_fast_path(&calls(bytes).xml),
        entries,
    ),
    Shape::read("multicall_answer", multicall_answer, answers),
];

pub(crate) type Records = Vec<data::Record>;

/// What hostile documents are compared with: an answer of structs, read as a `Value`, as they are.
pub(crate) fn valid(bytes: usize) -> Vec<u8> {
    structs(bytes).xml
}

/// The same with a comment in it, for which roxmltree has to read it.
pub(crate) fn valid_with_comment(bytes: usize) -> Vec<u8> {
    off_the_fast_path(&structs(bytes).xml)
}

pub(crate) fn ints(bytes: usize) -> Document<Vec<i32>> {
    sized(bytes, |count| Document::response("ints", data::ints(count)))
}

fn call_of_ints(bytes: usize) -> Document<Vec<i32>> {
    let shape = xml::Shape::Call { method: "sum" };
    sized(bytes, |count| {
        Document::new("ints_call", shape, data::ints(count))
    })
}

pub(crate) fn doubles(bytes: usize) -> Document<Vec<f64>> {
    sized(bytes, |count| {
        Document::response("doubles", data::doubles(count))
    })
}

pub(crate) fn structs(bytes: usize) -> Document<Records> {
    sized(bytes, |count| {
        Document::response("structs", data::records(count))
    })
}

fn structs_apache(bytes: usize) -> Vec<u8> {
    structs(bytes)
        .with_long("visits")
        .in_layout(Layout::Apache)
        .xml
}

pub(crate) fn text(bytes: usize) -> Document<String> {
    Document::response("text", data::plain_text(bytes))
}

pub(crate) fn escapes(bytes: usize) -> Document<String> {
    sized(bytes, |count| {
        Document::response("escapes", data::escape_heavy_text(count))
    })
}

fn non_ascii(bytes: usize) -> Document<String> {
    Document::response("non_ascii", data::non_ascii_text(bytes))
}

/// Declared as ISO-8859-1, every eighth character beyond ASCII.
fn latin_1(bytes: usize) -> Vec<u8> {
    let (head, tail) = shape::ANSWER;
    let head = head.replacen("\"1.0\"", "\"1.0\" encoding=\"ISO-8859-1\"", 1);
    let text = b"Z\xFCrich. ".repeat(bytes / 8);
    [
        head.as_bytes(),
        b"<value>",
        &text,
        b"</value>",
        tail.as_bytes(),
    ]
    .concat()
}

pub(crate) fn base64(bytes: usize) -> Document<data::Blob> {
    Document::response("base64", data::blob(bytes / 4 * 3))
}

pub(crate) fn calls(bytes: usize) -> Document<Vec<data::Entry>> {
    sized(bytes, |count| {
        multicall("multicall", i32::try_from(count).unwrap_or(i32::MAX))
    })
}

fn multicall_answer(bytes: usize) -> Vec<u8> {
    let results = |count| {
        data::ints(count)
            .into_iter()
            .map(|it| [it])
            .collect::<Vec<_>>()
    };
    sized(bytes, |count| {
        Document::response("multicall_answer", results(count))
    })
    .xml
}

/// As many pieces as make a document of about so many bytes.
fn sized<T: Serialize>(bytes: usize, make: impl Fn(usize) -> Document<T>) -> Document<T> {
    const SAMPLE: usize = 64;
    let (empty, sample) = (make(0).xml.len(), make(SAMPLE).xml.len());
    let one = (sample - empty).div_ceil(SAMPLE);
    make(bytes.saturating_sub(empty) / one)
}
