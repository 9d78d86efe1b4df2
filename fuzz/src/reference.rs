//! A second, independent reader. It reads the tree that roxmltree makes of the whole document, and is so simple that
//! one can see that it is right.

use std::num::IntErrorKind;

use roxmltree::{Document, Error, Node};
use xmlrpc_core::{DateTime, Struct, Value};

const APACHE: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// What roxmltree makes of a whole document.
#[derive(Debug)]
pub enum Whole<'a> {
    /// Its tree, or that of the root at its beginning. Anything after the root is ignored.
    Tree(Document<'a>),
    /// The document is not well-formed.
    Refused(Error),
    /// The error may be tolerated, or the end of the root is hard to find.
    Unclear,
}

/// Reads a whole document.
pub fn parse(text: &str) -> Whole<'_> {
    /// Finding the end of the root takes time proportional to the document, and happens often.
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
                Err(Error::UnknownNamespace(..)) => return Whole::Unclear,
                // The place is within the root, a comment or a processing instruction, or an error is before it.
                Err(_) => {}
            }
        }
    }
    Whole::Refused(error)
}

/// A document without anything that the library repairs and roxmltree does not, except for prefixes and what
/// surrounds the root.
///
/// `None` in three cases. The document may have references to invalid characters: roxmltree does not know pairs of
/// surrogates, and reads others as U+FFFD. The XML declaration may have `?>` in quotes. A name may begin with a colon,
/// which roxmltree reads as a name without a prefix.
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
    // roxmltree loses some carriage returns.
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The meaning of a root that is a `<value>`, if it has a plain form.
pub fn value(root: Node<'_, '_>) -> Option<Value> {
    if name(root)? != "value" {
        return None;
    }
    held(root)
}

/// The meaning of a value, whose `<value>` may be missing.
fn held(node: Node<'_, '_>) -> Option<Value> {
    if name(node)? != "value" {
        return typed(node);
    }
    let inner = elements(node);
    let [inner] = inner[..] else {
        return text(node).map(Value::String);
    };
    typed(inner)
}

/// The meaning of the element of a type, whose `<value>` may be missing.
fn typed(inner: Node<'_, '_>) -> Option<Value> {
    let name = name(inner)?;
    let is_blank = || text(inner).is_some_and(|text| text.trim_ascii().is_empty());
    match name {
        "int" | "i4" | "i1" | "i2" | "i8" | "boolean" | "double" | "dateTime.iso8601"
            if is_blank() =>
        {
            Some(Value::Nil)
        }
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
        "dateTime.iso8601" => {
            let text = text(inner)?;
            let date = text.parse::<DateTime>();
            Some(date.map_or_else(|_| text.trim_ascii().into(), Value::DateTime))
        }
        "base64" => base64(&text(inner)?).map(Value::Base64),
        "nil" => Some(Value::Nil),
        "array" => {
            let mut held = elements(inner);
            // Several `<data>` are one list.
            if !held.is_empty() && held.iter().all(|data| self::name(*data) == Some("data")) {
                held = held.into_iter().flat_map(elements).collect();
            }
            held.into_iter()
                .map(self::held)
                .collect::<Option<Vec<_>>>()
                .map(Value::from)
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
            ("name", "name") => return None,
            ("name", _) => (first, second),
            (_, "name") => (second, first),
            _ => return None,
        };
        if name(member)? != "member" {
            return None;
        }
        members.insert(text(key)?, self::held(held)?);
    }
    Some(members)
}

/// The name of an element, if XML-RPC may know it.
fn name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let tag = &node.document().input_text()[node.range()];
    let has_prefix = tag.split([' ', '\t', '\n', '>', '/']).next()?.contains(':');
    let is_known = !has_prefix || node.tag_name().namespace() == Some(APACHE);
    is_known.then(|| node.tag_name().name())
}

fn elements<'a, 'b>(node: Node<'a, 'b>) -> Vec<Node<'a, 'b>> {
    node.children().filter(Node::is_element).collect()
}

/// The text of an element without child elements.
fn text(node: Node<'_, '_>) -> Option<String> {
    let is_leaf = !node.children().any(|child| child.is_element());
    let texts = node.children().filter(Node::is_text);
    is_leaf.then(|| texts.filter_map(|text| text.text()).collect())
}

/// An integer, or the digits of an integer that is too long.
fn integer(text: &str) -> Option<Result<i64, String>> {
    let text = text.trim_ascii();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then(|| text.parse().map_err(|_| text.to_owned()))
}

/// The bytes of a valid base64 text.
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
        // Bits that do not fit into a byte have to be zero.
        if bits.to_be_bytes()[digits..].iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..digits]);
    }
    Some(bytes)
}
