//! What no codec can be faster than: parsers that make nothing of a document, and copies of it.

use std::rc::Rc;

use quick_xml::events::Event;
use xmlrpc_core::Value;

use super::text;
use crate::{
    datum::Datum,
    document::Document,
    task::{Case, Verdict, borrowing},
};

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let tags = memchr::memchr_iter(b'<', &document.xml).count();
    let mut cases = vec![
        scan(document, "roxmltree_parse", 1, |xml| {
            let text = core::str::from_utf8(xml).map_err(text)?;
            let tree = roxmltree::Document::parse(text).map_err(self::text)?;
            Ok(usize::from(tree.root_element().has_children()))
        }),
        scan(document, "quick_xml_events", tags, |xml| {
            let mut reader = quick_xml::Reader::from_reader(xml);
            let mut tags = 0;
            loop {
                match reader.read_event().map_err(text)? {
                    Event::Eof => return Ok(tags),
                    Event::Text(_) | Event::GeneralRef(_) => {}
                    _ => tags += 1,
                }
            }
        }),
        scan(document, "memchr", tags, |xml| {
            Ok(memchr::memchr_iter(b'<', xml).count())
        }),
        copy(&document.xml),
    ];
    cases.extend(decode_base64(document));
    cases
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let mut cases = vec![copy(&document.xml)];
    cases.extend(encode_base64(document));
    cases
}

/// Goes through the document and counts something.
fn scan<T: Datum>(
    document: &Rc<Document<T>>,
    contender: &'static str,
    expected: usize,
    count: fn(&[u8]) -> Result<usize, String>,
) -> Case {
    let document = Rc::clone(document);
    let bytes = document.xml.len();
    borrowing(
        contender,
        move || count(&document.xml),
        move |found| Verdict {
            correct: found == expected,
            bytes,
        },
    )
}

fn copy(xml: &[u8]) -> Case {
    let source = xml.to_vec();
    let bytes = source.len();
    let expected = source.clone();
    let buffer = std::cell::RefCell::new(vec![0; bytes]);
    let buffer = Rc::new(buffer);
    let copied = Rc::clone(&buffer);
    borrowing(
        "memcpy",
        move || {
            buffer.borrow_mut().copy_from_slice(&source);
            core::hint::black_box(&*buffer.borrow());
            Ok(())
        },
        move |()| Verdict {
            correct: *copied.borrow() == expected,
            bytes,
        },
    )
}

/// The text between the tags, as the decoder of the crate would be given it.
fn decode_base64<T>(document: &Document<T>) -> Option<Case> {
    let Value::Base64(expected) = document.value.clone() else {
        return None;
    };
    let start = memchr::memmem::find(&document.xml, b"<base64>")? + b"<base64>".len();
    let end = memchr::memmem::find(&document.xml, b"</base64>")?;
    let text = document.xml[start..end].to_vec();
    let bytes = text.len();
    let is_one_line = !text.contains(&b'\n');
    Some(borrowing(
        "base64_simd",
        move || {
            let decoded = if is_one_line {
                base64_simd::STANDARD.decode_to_vec(&text)
            } else {
                base64_simd::forgiving_decode_to_vec(&text)
            };
            decoded.map_err(super::text)
        },
        move |decoded| Verdict {
            correct: decoded == expected,
            bytes,
        },
    ))
}

fn encode_base64<T>(document: &Document<T>) -> Option<Case> {
    let Value::Base64(data) = document.value.clone() else {
        return None;
    };
    let expected = data.clone();
    Some(borrowing(
        "base64_simd",
        move || Ok(base64_simd::STANDARD.encode_to_string(&data)),
        move |text| Verdict {
            correct: base64_simd::STANDARD.decode_to_vec(&text).ok().as_ref() == Some(&expected),
            bytes: text.len(),
        },
    ))
}
