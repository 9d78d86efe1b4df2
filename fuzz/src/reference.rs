//! What documents mean, worked out anew from the tree that roxmltree makes of the whole of them: so
//! simply that it can be seen to be right.

use std::num::IntErrorKind;

use roxmltree::{Document, Error, Node};
use xmlrpc_core::{DateTime, Struct, Value};

const APACHE: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// What roxmltree makes of the whole of a document.
#[derive(Debug)]
pub enum Whole<'a> {
    /// Its tree, or that of the root at its beginning: what follows that is not looked at.
    Tree(Document<'a>),
    /// It is not well-formed.
    Refused(Error),
    /// It may be forgiven, or the end of its root is not so easily found.
    Unclear,
}

/// Reads a whole document.
pub fn parse(text: &str) -> Whole<'_> {
    /// To look for the end of the root takes as long as the document is, and often.
    const LONGEST: usize = 4096;
    let text = text.trim_start_matches([' ', '\t', '\r', '\n', '\0', '\u{FEFF}']);
    let error = match Document::parse(text) {
        Ok(tree) => return Whole::Tree(tree),
        Err(Error::UnknownNamespace(..)) => return Whole::Unclear,
        Err(_) if text.len() > LONGEST => return Whole::Unclear,
        Err(error) => error,
    };
    for (at, end) in text.match_indices('>') {
        let tag = text[..at].rfind('<').map(|start| &text[start..at]);
        if tag.is_some_and(|tag| tag.starts_with("</") || tag.ends_with('/')) {
            match Document::parse(&text[..at + end.len()]) {
                Ok(tree) => return Whole::Tree(tree),
                Err(Error::UnclosedRootNode) => {}
                Err(Error::UnknownNamespace(..)) => return Whole::Unclear,
                // It was wrong before.
                Err(_) => break,
            }
        }
    }
    Whole::Refused(error)
}

/// A document in which there is nothing that the library repairs and roxmltree does not, prefixes and
/// what is around it aside.
///
/// None, if there are references to what is no character: roxmltree knows nothing of pairs of
/// surrogates, and takes others for U+FFFD; if the XML declaration may have its end in quotes; or if a
/// name begins with a colon, which it takes for none.
pub fn repaired(text: &str) -> Option<String> {
    let is_none = |reference: &str| {
        let digits = reference.split(';').next().unwrap_or_default();
        let number = match digits.strip_prefix('x') {
            Some(digits) => u128::from_str_radix(digits, 16),
            None => digits.parse(),
        };
        match number {
            Ok(number) => u32::try_from(number)
                .ok()
                .and_then(char::from_u32)
                .is_none(),
            Err(error) => *error.kind() == IntErrorKind::PosOverflow,
        }
    };
    let has_none = text.split("&#").skip(1).any(is_none);
    let declaration = text.split("?>").next().unwrap_or_default();
    let is_open = |quote| declaration.matches(quote).count() % 2 == 1;
    let is_cut = declaration.contains("<?xml") && (is_open('"') || is_open('\''));
    if has_none || is_cut || text.contains("<:") || text.contains("</:") {
        return None;
    }
    // roxmltree forgets some carriage returns.
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The meaning of a `<value>`, if it is one in a plain form.
pub fn value(node: Node<'_, '_>) -> Option<Value> {
    if name(node)? != "value" {
        return None;
    }
    let inner = elements(node);
    let [inner] = inner[..] else {
        return text(node).map(Value::String);
    };
    match name(inner)? {
        "string" => text(inner).map(Value::String),
        "int" | "i4" | "i1" | "i2" => {
            Some(integer(&text(inner)?)?.map_or_else(Value::String, Value::from))
        }
        "i8" => Some(integer(&text(inner)?)?.map_or_else(Value::String, Value::I8)),
        "boolean" => match text(inner)?.trim_ascii() {
            "0" => Some(Value::Bool(false)),
            "1" => Some(Value::Bool(true)),
            _ => None,
        },
        "double" => text(inner)?.trim_ascii().parse().ok().map(Value::Double),
        "dateTime.iso8601" => text(inner)?.parse::<DateTime>().ok().map(Value::DateTime),
        "base64" => base64(&text(inner)?).map(Value::Base64),
        "nil" => Some(Value::Nil),
        "array" => {
            let mut held = elements(inner);
            if let [data] = held[..]
                && name(data)? == "data"
            {
                held = elements(data);
            }
            held.into_iter()
                .map(value)
                .collect::<Option<Vec<_>>>()
                .map(Value::Array)
        }
        "struct" => structure(inner).map(Value::Struct),
        _ => None,
    }
}

fn structure(node: Node<'_, '_>) -> Option<Struct> {
    let mut members = Struct::new();
    for member in elements(node) {
        let parts = elements(member);
        let [first, second] = parts[..] else {
            return None;
        };
        let (key, held) = match (name(first)?, name(second)?) {
            ("name", "value") => (first, second),
            ("value", "name") => (second, first),
            _ => return None,
        };
        if name(member)? != "member" {
            return None;
        }
        members.insert(text(key)?, value(held)?);
    }
    Some(members)
}

/// The name of an element, if it is one that XML-RPC can know.
fn name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let tag = &node.document().input_text()[node.range()];
    let has_prefix = tag.split([' ', '\t', '\n', '>', '/']).next()?.contains(':');
    let is_known = !has_prefix || node.tag_name().namespace() == Some(APACHE);
    is_known.then(|| node.tag_name().name())
}

fn elements<'a, 'b>(node: Node<'a, 'b>) -> Vec<Node<'a, 'b>> {
    node.children().filter(Node::is_element).collect()
}

/// The text in an element that holds no other.
fn text(node: Node<'_, '_>) -> Option<String> {
    let is_leaf = !node.children().any(|child| child.is_element());
    let texts = node.children().filter(Node::is_text);
    is_leaf.then(|| texts.filter_map(|text| text.text()).collect())
}

/// An integer, or the digits of one that is too long.
fn integer(text: &str) -> Option<Result<i64, String>> {
    let text = text.trim_ascii();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then(|| text.parse().map_err(|_| text.to_owned()))
}

/// The bytes of a base64 text that is as it should be.
fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let count = text.len().div_ceil(4);
    for (index, quad) in text.as_bytes().chunks(4).enumerate() {
        let digits = quad.iter().take_while(|byte| **byte != b'=').count();
        let is_padded = quad.len() == 4 && quad[digits..].iter().all(|byte| *byte == b'=');
        let is_complete = digits == 4 || digits >= 2 && index + 1 == count;
        if !is_padded || !is_complete {
            return None;
        }
        let mut bits = 0_u32;
        for byte in &quad[..digits] {
            let digit = ALPHABET.iter().position(|it| it == byte)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        bits <<= 6 * (4 - digits);
        // Bits that no byte has room for have to be zero.
        if bits.to_be_bytes()[digits..].iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..digits]);
    }
    Some(bytes)
}
