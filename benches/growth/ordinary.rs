//! Documents as peers send them.

use serde::Serialize;
use xmlrpc_core::Value;

use crate::{
    documents::{
        Document,
        data::{self, Blob, Entry, Record},
        multicall, off_the_fast_path,
        xml::{Layout, Root},
    },
    reading::{call, entries, response, responses},
    shape::{RESPONSE, Shape},
};

type Ints = Vec<i32>;
type Records = Vec<Record>;

const fn made(
    name: &'static str,
    make: fn(usize, usize) -> Vec<u8>,
    read: crate::reading::Read,
) -> Shape {
    Shape::made(name, make, read)
}

pub(crate) const ALL: &[Shape] = &[
    made("ints", |b, n| ints(b, n).xml, response::<Ints>),
    made("ints_value", |b, n| ints(b, n).xml, response::<Value>),
    made("ints_call", |b, n| call_of_ints(b, n).xml, call::<Ints>),
    made("doubles", |b, n| doubles(b, n).xml, response::<Vec<f64>>),
    made("structs", |b, n| structs(b, n).xml, response::<Records>),
    made("structs_value", |b, n| structs(b, n).xml, response::<Value>),
    made("structs_python", structs_python, response::<Records>),
    made("structs_indented", structs_indented, response::<Records>),
    made("structs_comment", valid_with_comment, response::<Records>),
    made("structs_apache", structs_apache, response::<Records>),
    made("text", |b, _| text(b).xml, response::<String>),
    made("text_escapes", |b, _| escapes(b).xml, response::<String>),
    made("text_non_ascii", non_ascii, response::<String>),
    made("text_latin_1", latin_1, response::<String>),
    made("text_comment", text_comment, response::<String>),
    made("base64", |b, _| base64(b).xml, response::<Blob>),
    made("base64_lines", base64_lines, response::<Blob>),
    made("multicall", |b, n| calls(b, n).xml, entries),
    made("multicall_comment", multicall_comment, entries),
    made("multicall_response", multicall_response, responses),
];

/// The valid response that hostile documents are compared with: structs.
pub(crate) fn valid(bytes: usize) -> Vec<u8> {
    structs(bytes, 0).xml
}

/// The same with a comment, so that the lenient reader reads it.
pub(crate) fn valid_with_comment(bytes: usize, nth: usize) -> Vec<u8> {
    off_the_fast_path(&structs(bytes, nth).xml)
}

fn ints(bytes: usize, nth: usize) -> Document<Ints> {
    let make = |count| Document::response("ints", of_many(data::ints, count, nth));
    sized(bytes, make)
}

fn call_of_ints(bytes: usize, nth: usize) -> Document<Ints> {
    let root = Root::Call { method: "sum" };
    let make = |count| Document::new("ints_call", root, of_many(data::ints, count, nth));
    sized(bytes, make)
}

fn doubles(bytes: usize, nth: usize) -> Document<Vec<f64>> {
    let make = |count| Document::response("doubles", of_many(data::doubles, count, nth));
    sized(bytes, make)
}

fn structs(bytes: usize, nth: usize) -> Document<Records> {
    let make = |count| Document::response("structs", of_many(data::records, count, nth));
    sized(bytes, make)
}

fn structs_python(bytes: usize, nth: usize) -> Vec<u8> {
    structs(bytes, nth).in_layout(Layout::Python).xml
}

fn structs_indented(bytes: usize, nth: usize) -> Vec<u8> {
    structs(bytes, nth).in_layout(Layout::Indented).xml
}

fn structs_apache(bytes: usize, nth: usize) -> Vec<u8> {
    let document = structs(bytes, nth).with_long("visits");
    document.in_layout(Layout::Apache).xml
}

fn text(bytes: usize) -> Document<String> {
    Document::response("text", data::plain_text(bytes))
}

fn text_comment(bytes: usize, _: usize) -> Vec<u8> {
    off_the_fast_path(&text(bytes).xml)
}

fn escapes(bytes: usize) -> Document<String> {
    let make = |count| Document::response("escapes", data::escape_heavy_text(count));
    sized(bytes, make)
}

fn non_ascii(bytes: usize, _: usize) -> Vec<u8> {
    Document::response("non_ascii", data::non_ascii_text(bytes)).xml
}

/// Declared as ISO-8859-1; every eighth character is not ASCII.
fn latin_1(bytes: usize, _: usize) -> Vec<u8> {
    let (head, tail) = RESPONSE;
    let head = head.replacen("\"1.0\"", "\"1.0\" encoding=\"ISO-8859-1\"", 1);
    let text = b"Z\xFCrich. ".repeat(bytes / 8);
    let head = [head.as_bytes(), b"<value>"].concat();
    [&*head, &text, b"</value>", tail.as_bytes()].concat()
}

fn base64(bytes: usize) -> Document<Blob> {
    Document::response("base64", data::blob(bytes / 4 * 3))
}

fn base64_lines(bytes: usize, _: usize) -> Vec<u8> {
    base64(bytes).in_layout(Layout::Python).xml
}

fn calls(bytes: usize, nth: usize) -> Document<Vec<Entry>> {
    let entries = |count| data::entries(i32::try_from(count).unwrap_or(i32::MAX));
    let make = |count| multicall("multicall", of_many(entries, count, nth));
    sized(bytes, make)
}

fn multicall_comment(bytes: usize, nth: usize) -> Vec<u8> {
    off_the_fast_path(&calls(bytes, nth).xml)
}

fn multicall_response(bytes: usize, nth: usize) -> Vec<u8> {
    let results = |count| {
        let results = of_many(data::ints, count, nth).into_iter();
        results.map(|it| [it]).collect::<Vec<_>>()
    };
    let make = |count| Document::response("multicall_response", results(count));
    sized(bytes, make).xml
}

/// The `nth` group of `count` items.
fn of_many<T>(make: impl Fn(usize) -> Vec<T>, count: usize, nth: usize) -> Vec<T> {
    make(count * (nth + 1)).split_off(count * nth)
}

/// A document of about so many bytes: as many items as fit.
fn sized<T: Serialize>(bytes: usize, make: impl Fn(usize) -> Document<T>) -> Document<T> {
    const SAMPLE: usize = 64;
    let (empty, sample) = (make(0).xml.len(), make(SAMPLE).xml.len());
    let one = (sample - empty).div_ceil(SAMPLE);
    make(bytes.saturating_sub(empty) / one)
}
