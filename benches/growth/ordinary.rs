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

/// A shape whose documents are no two alike: `make` takes the number of the document as well.
macro_rules! varied {
    ($name:literal, $make:expr, $read:expr) => {{
        const MAKE: fn(usize, usize) -> Vec<u8> = $make;
        Shape::read($name, |bytes| MAKE(bytes, 0), $read).another(MAKE)
    }};
}

pub(crate) const ALL: &[Shape] = &[
    varied!(
        "ints",
        |bytes, nth| ints(bytes, nth).xml,
        response::<Vec<i32>>
    ),
    varied!(
        "ints_value",
        |bytes, nth| ints(bytes, nth).xml,
        response::<Value>
    ),
    varied!(
        "ints_call",
        |bytes, nth| call_of_ints(bytes, nth).xml,
        call::<Vec<i32>>
    ),
    varied!(
        "doubles",
        |bytes, nth| doubles(bytes, nth).xml,
        response::<Vec<f64>>
    ),
    varied!(
        "structs",
        |bytes, nth| structs(bytes, nth).xml,
        response::<Records>
    ),
    varied!(
        "structs_value",
        |bytes, nth| structs(bytes, nth).xml,
        response::<Value>
    ),
    varied!(
        "structs_python",
        |bytes, nth| structs(bytes, nth).in_layout(Layout::Python).xml,
        response::<Records>
    ),
    varied!(
        "structs_indented",
        |bytes, nth| structs(bytes, nth).in_layout(Layout::Indented).xml,
        response::<Records>
    ),
    varied!(
        "structs_comment",
        |bytes, nth| off_the_fast_path(&structs(bytes, nth).xml),
        response::<Records>
    ),
    varied!("structs_apache", structs_apache, response::<Records>),
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
    varied!("multicall", |bytes, nth| calls(bytes, nth).xml, entries),
    varied!(
        "multicall_comment",
        |bytes, nth| off_the_fast_path(&calls(bytes, nth).xml),
        entries
    ),
    varied!("multicall_answer", multicall_answer, answers),
];

pub(crate) type Records = Vec<data::Record>;

/// What hostile documents are compared with: an answer of structs, read as a `Value`, as they are.
pub(crate) fn valid(bytes: usize) -> Vec<u8> {
    structs(bytes, 0).xml
}

/// The same with a comment in it, for which roxmltree has to read it.
pub(crate) fn valid_with_comment(bytes: usize) -> Vec<u8> {
    off_the_fast_path(&structs(bytes, 0).xml)
}

pub(crate) fn ints(bytes: usize, nth: usize) -> Document<Vec<i32>> {
    sized(bytes, |count| {
        Document::response("ints", of_many(data::ints, count, nth))
    })
}

fn call_of_ints(bytes: usize, nth: usize) -> Document<Vec<i32>> {
    let shape = xml::Shape::Call { method: "sum" };
    sized(bytes, |count| {
        Document::new("ints_call", shape, of_many(data::ints, count, nth))
    })
}

pub(crate) fn doubles(bytes: usize, nth: usize) -> Document<Vec<f64>> {
    sized(bytes, |count| {
        Document::response("doubles", of_many(data::doubles, count, nth))
    })
}

pub(crate) fn structs(bytes: usize, nth: usize) -> Document<Records> {
    sized(bytes, |count| {
        Document::response("structs", of_many(data::records, count, nth))
    })
}

fn structs_apache(bytes: usize, nth: usize) -> Vec<u8> {
    structs(bytes, nth)
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
    let (head, tail) = shape::RESPONSE;
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

pub(crate) fn calls(bytes: usize, nth: usize) -> Document<Vec<data::Entry>> {
    let entries = |count| data::entries(i32::try_from(count).unwrap_or(i32::MAX));
    sized(bytes, |count| {
        multicall("multicall", of_many(entries, count, nth))
    })
}

fn multicall_answer(bytes: usize, nth: usize) -> Vec<u8> {
    let results = |count| {
        of_many(data::ints, count, nth)
            .into_iter()
            .map(|it| [it])
            .collect::<Vec<_>>()
    };
    sized(bytes, |count| {
        Document::response("multicall_answer", results(count))
    })
    .xml
}

/// The `nth` lot of so many.
fn of_many<T>(make: impl Fn(usize) -> Vec<T>, count: usize, nth: usize) -> Vec<T> {
    make(count * (nth + 1)).split_off(count * nth)
}

/// As many pieces as make a document of about so many bytes.
fn sized<T: Serialize>(bytes: usize, make: impl Fn(usize) -> Document<T>) -> Document<T> {
    const SAMPLE: usize = 64;
    let (empty, sample) = (make(0).xml.len(), make(SAMPLE).xml.len());
    let one = (sample - empty).div_ceil(SAMPLE);
    make(bytes.saturating_sub(empty) / one)
}
