//! The text of elements that have no meaning in XML-RPC.

use memchr::{memchr, memmem};

use super::syntax::character_reference;

/// The texts between the tags of a well-formed piece of XML, without the white space around them,
/// joined by spaces.
pub(super) fn markup_text(xml: &str) -> String {
    let mut texts = String::new();
    let mut text = String::new();
    let mut rest = xml;
    while let Some(first) = rest.bytes().next() {
        if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let (content, after) = split(section, "]]>");
            push(content, &mut text);
            rest = after;
        } else if rest.starts_with("<!--") {
            rest = split(&rest[4..], "-->").1;
        } else if rest.starts_with("<?") {
            rest = split(rest, "?>").1;
        } else if first == b'<' {
            add(&mut text, &mut texts);
            rest = after_tag(rest);
        } else if first == b'&' {
            let (c, after) = reference(rest);
            text.push(c);
            rest = after;
        } else {
            let end = rest.find(['<', '&']).unwrap_or(rest.len());
            push(&rest[..end], &mut text);
            rest = &rest[end..];
        }
    }
    add(&mut text, &mut texts);
    texts
}

/// Adds a text to the others, and clears it.
fn add(text: &mut String, texts: &mut String) {
    let trimmed = text.trim_ascii();
    if !trimmed.is_empty() {
        if !texts.is_empty() {
            texts.push(' ');
        }
        texts.push_str(trimmed);
    }
    text.clear();
}

/// Appends text with the line ends of XML.
fn push(text: &str, out: &mut String) {
    for (index, line) in text.split('\r').enumerate() {
        if index == 0 {
            out.push_str(line);
        } else {
            out.push('\n');
            out.push_str(line.strip_prefix('\n').unwrap_or(line));
        }
    }
}

/// The parts before and after a marker.
fn split<'a>(text: &'a str, marker: &str) -> (&'a str, &'a str) {
    match memmem::find(text.as_bytes(), marker.as_bytes()) {
        Some(at) => (&text[..at], &text[at + marker.len()..]),
        None => (text, ""),
    }
}

/// What follows the tag at the beginning. Its attributes may contain `>`.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return &tag[at + 1..],
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

/// The character of the reference at the beginning, and what follows it.
fn reference(text: &str) -> (char, &str) {
    let bytes = text.as_bytes();
    if let Some((first, end)) = character_reference(bytes, 0) {
        // Two references to the surrogates of a character are one reference.
        let (code, end) = match character_reference(bytes, end) {
            Some((second @ 0xDC00..0xE000, end)) if (0xD800..0xDC00).contains(&first) => {
                (0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00), end)
            }
            _ => (first, end),
        };
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        return (c, &text[end..]);
    }
    let end = memchr(b';', bytes).map_or(text.len(), |end| end + 1);
    let c = match &text[..end] {
        "&lt;" => '<',
        "&gt;" => '>',
        "&quot;" => '"',
        "&apos;" => '\'',
        "&amp;" => '&',
        _ => char::REPLACEMENT_CHARACTER,
    };
    (c, &text[end..])
}
