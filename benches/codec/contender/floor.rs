//! Lower bounds for every codec: parsers that build nothing, and copies of the document.

use std::rc::Rc;

use xmlrpc_core::Value;

use crate::{
    datum::Datum,
    documents::Document,
    harness::{
        task::{Case, Verdict, borrowing},
        text,
    },
};

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let mut cases = vec![parse(document), copy(&document.xml)];
    cases.extend(decode_base64(document));
    cases
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let mut cases = vec![copy(&document.xml)];
    cases.extend(encode_base64(document));
    cases
}

/// Makes a tree, and reads nothing from it.
fn parse<T: Datum>(document: &Rc<Document<T>>) -> Case {
    let document = Rc::clone(document);
    let bytes = document.xml.len();
    borrowing(
        "roxmltree_parse",
        move || {
            let xml = core::str::from_utf8(&document.xml).map_err(text)?;
            let tree = roxmltree::Document::parse(xml).map_err(text)?;
            Ok(tree.root_element().has_children())
        },
        move |has_children| Verdict(has_children, bytes),
    )
}

fn copy(xml: &[u8]) -> Case {
    let source = xml.to_vec();
    let bytes = source.len();
    let expected = source.clone();
    let buffer = Rc::new(std::cell::RefCell::new(vec![0; bytes]));
    let copied = Rc::clone(&buffer);
    borrowing(
        "memcpy",
        move || {
            buffer.borrow_mut().copy_from_slice(&source);
            core::hint::black_box(&*buffer.borrow());
            Ok(())
        },
        move |()| Verdict(*copied.borrow() == expected, bytes),
    )
}

/// Decodes the text between the tags.
fn decode_base64<T>(document: &Document<T>) -> Option<Case> {
    let Value::Base64(expected) = document.value.clone() else {
        return None;
    };
    let start = memchr::memmem::find(&document.xml, b"<base64>")? + b"<base64>".len();
    let end = memchr::memmem::find(&document.xml, b"</base64>")?;
    let encoded = document.xml[start..end].to_vec();
    let bytes = encoded.len();
    let is_one_line = !encoded.contains(&b'\n');
    Some(borrowing(
        "base64_simd",
        move || {
            let decoded = if is_one_line {
                base64_simd::STANDARD.decode_to_vec(&encoded)
            } else {
                base64_simd::forgiving_decode_to_vec(&encoded)
            };
            decoded.map_err(text)
        },
        move |decoded| Verdict(decoded == expected, bytes),
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
        move |text| {
            let decoded = base64_simd::STANDARD.decode_to_vec(&text).ok();
            Verdict(decoded.as_ref() == Some(&expected), text.len())
        },
    ))
}
