//! One linear pass before a document goes to roxmltree.
//!
//! roxmltree takes quadratic to cubic time on attributes and namespaces, and memory for every
//! `<` before it looks at one; what XML-RPC has no use for is refused here. The same pass
//! repairs what real peers send although it is not well-formed: prefixes that are declared
//! nowhere, characters as two surrogate references, bytes around the document; and it turns line
//! ends into newlines, which roxmltree forgets to do before a character reference.

use core::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{
    lexis::{character_reference, name_end, skip_space},
    position::position,
    repair::{Repair, Repairer},
    scope::{DECLARATIONS, Scope},
};
use crate::{Category, Error, Limits, error::Excerpt};

/// More than any element of XML-RPC has.
const ATTRIBUTES: usize = 64;
/// `<value><struct><member>` for a level of data, and the envelope around it.
const ELEMENTS_A_LEVEL: usize = 4;
const ENVELOPE: usize = 16;

/// What is to be given to roxmltree.
pub(super) struct Guarded {
    /// The document within the bytes around it.
    pub(super) body: Range<usize>,
    pub(super) repair: Option<Repair>,
}

pub(super) fn guard(text: &str, limits: &Limits) -> Result<Guarded, Error> {
    let start = text.len() - text.trim_start_matches(is_before_document).len();
    let mut guard = Guard {
        text,
        bytes: text.as_bytes(),
        limits,
        nodes: 0,
        depth: 0,
        scope: Scope::default(),
        attributes: Vec::new(),
        rare: memmem::find(text.as_bytes(), b"&#").is_some()
            || memchr(b'\r', text.as_bytes()).is_some(),
        repairer: Repairer::new(text, start),
    };
    guard.count_equals()?;
    let end = guard.document(start)?;
    Ok(Guarded {
        body: start..end,
        repair: guard.repairer.finish(end),
    })
}

fn is_before_document(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{FEFF}')
}

struct Guard<'a> {
    text: &'a str,
    bytes: &'a [u8],
    limits: &'a Limits,
    nodes: usize,
    depth: usize,
    scope: Scope<'a>,
    /// The attributes of the element at hand: the name, and the end of the value.
    attributes: Vec<(Range<usize>, usize)>,
    /// Whether text has to be looked at at all.
    rare: bool,
    repairer: Repairer<'a>,
}

impl Guard<'_> {
    /// roxmltree reserves room for an attribute at every `=`, wherever it stands.
    fn count_equals(&self) -> Result<(), Error> {
        let found = memchr_iter(b'=', self.bytes).nth(self.limits.elements);
        found.map_or(Ok(()), |at| {
            let message = format_args!(
                "the document has more `=` than the {} of `Limits::elements`; raise it with `Limits::elements(n)`",
                self.limits.elements
            );
            Err(self.error(Category::Limit, at, message))
        })
    }

    /// Goes to the end of the root element.
    fn document(&mut self, mut at: usize) -> Result<usize, Error> {
        if at == self.bytes.len() {
            return Err(self.syntax(at, "the document is empty"));
        }
        loop {
            let Some(found) = memchr(b'<', &self.bytes[at..]) else {
                return if self.depth == 0 {
                    Err(self.not_xml(at))
                } else {
                    // roxmltree knows better what is missing: it compares the names of tags.
                    Ok(self.bytes.len())
                };
            };
            let tag = at + found;
            self.text(at..tag)?;
            at = match self.bytes.get(tag + 1) {
                Some(b'!') => self.declaration(tag)?,
                Some(b'?') => self.section(tag, 2, b"?>", "processing instruction")?,
                Some(b'/') => self.close(tag)?,
                _ => self.open(tag)?,
            };
            if self.depth == 0 && !matches!(self.bytes[tag + 1], b'!' | b'?') {
                return Ok(at);
            }
        }
    }

    fn not_xml(&self, at: usize) -> Error {
        self.syntax(
            at,
            format_args!(
                "expected an element, found {:?}",
                Excerpt(self.text[at..].trim_ascii_end())
            ),
        )
    }

    fn text(&mut self, range: Range<usize>) -> Result<(), Error> {
        if range.is_empty() {
            return Ok(());
        }
        if self.depth == 0 {
            let text = &self.bytes[range.clone()];
            return if text.trim_ascii().is_empty() {
                Ok(())
            } else {
                Err(self.not_xml(range.start))
            };
        }
        self.count(1, range.start)?;
        if !self.rare {
            return Ok(());
        }
        let mut at = range.start;
        while let Some(found) = memchr2(b'&', b'\r', &self.bytes[at..range.end]) {
            at = match self.bytes[at + found] {
                b'\r' => self.line_end(at + found),
                _ => self.reference(at + found)?,
            };
        }
        Ok(())
    }

    fn line_end(&mut self, at: usize) -> usize {
        let replacement = if self.bytes.get(at + 1) == Some(&b'\n') {
            ""
        } else {
            "\n"
        };
        self.repairer.replace(at, at + 1, replacement);
        at + 1
    }

    /// Makes one character of two references to surrogates.
    fn reference(&mut self, at: usize) -> Result<usize, Error> {
        let Some((first, end)) = character_reference(self.bytes, at) else {
            return Ok(at + 1);
        };
        if char::from_u32(first).is_some() {
            return Ok(end);
        }
        let second =
            character_reference(self.bytes, end).filter(|_| (0xD800..0xDC00).contains(&first));
        let Some((second @ 0xDC00..0xE000, end)) = second else {
            let reference = &self.text[at..end];
            return Err(self.syntax(
                at,
                format_args!("{} refers to no character", Excerpt(reference)),
            ));
        };
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        self.repairer.replace(at, end, &format!("&#{code};"));
        Ok(end)
    }

    fn declaration(&mut self, at: usize) -> Result<usize, Error> {
        let rest = &self.bytes[at..];
        if rest.starts_with(b"<!--") {
            return self.section(at, 4, b"-->", "comment");
        }
        if rest.starts_with(b"<![CDATA[") {
            let end = self.section(at, 9, b"]]>", "CDATA section")?;
            if self.rare {
                for found in memchr_iter(b'\r', &self.bytes[at..end]) {
                    self.line_end(at + found);
                }
            }
            return Ok(end);
        }
        let name = rest.get(2..9).unwrap_or_default();
        if !name.eq_ignore_ascii_case(b"DOCTYPE") {
            return Err(self.syntax(at, "`<!` begins neither a comment nor a CDATA section here"));
        }
        let root = rest[9..].trim_ascii_start();
        if root
            .get(..4)
            .is_some_and(|root| root.eq_ignore_ascii_case(b"html"))
        {
            return Err(self.syntax(at, "the document is HTML"));
        }
        Err(self.error(
            Category::Protocol,
            at,
            "document type declarations are not accepted",
        ))
    }

    /// Goes past a construct that ends with `end`.
    fn section(&mut self, at: usize, head: usize, end: &[u8], what: &str) -> Result<usize, Error> {
        let from = at + head;
        let Some(found) = self
            .bytes
            .get(from..)
            .and_then(|rest| memmem::find(rest, end))
        else {
            return Err(self.syntax(at, format_args!("the {what} has no end")));
        };
        let to = from + found;
        self.count(1 + memchr_iter(b'<', &self.bytes[from..to]).count(), at)?;
        Ok(to + end.len())
    }

    fn close(&mut self, at: usize) -> Result<usize, Error> {
        let name = at + 2..name_end(self.bytes, at + 2);
        let Some(found) = memchr(b'>', &self.bytes[name.end..]) else {
            return Err(self.syntax(at, "the closing tag has no end"));
        };
        if self.depth == 0 {
            return Err(self.syntax(at, "a closing tag without an opening one"));
        }
        self.drop_undeclared_prefix(name.clone());
        self.depth -= 1;
        self.scope.leave(self.depth);
        Ok(name.end + found + 1)
    }

    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.count(1, at)?;
        let name = at + 1..name_end(self.bytes, at + 1);
        if name.is_empty() {
            return Err(self.syntax(at, "`<` begins no tag here"));
        }
        let (end, is_empty) = self.attributes(name.end)?;
        self.drop_undeclared_prefix(name);
        self.drop_attributes();
        if is_empty {
            self.scope.leave(self.depth);
            return Ok(end);
        }
        self.depth += 1;
        if self.depth
            > self
                .limits
                .depth
                .saturating_mul(ELEMENTS_A_LEVEL)
                .saturating_add(ENVELOPE)
        {
            let message = format_args!(
                "elements nest deeper than the {} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`",
                self.limits.depth
            );
            return Err(self.error(Category::Limit, at, message));
        }
        Ok(end)
    }

    /// Reads up to the end of a tag; says where that is, and whether the element is empty.
    fn attributes(&mut self, mut at: usize) -> Result<(usize, bool), Error> {
        self.attributes.clear();
        loop {
            let before = at;
            at = skip_space(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'>') => return Ok((at + 1, false)),
                Some(b'/') if self.bytes.get(at + 1) == Some(&b'>') => return Ok((at + 2, true)),
                Some(_) if at == before => {
                    return Err(self.syntax(at, "expected white space before an attribute"));
                }
                Some(_) => at = self.attribute(at)?,
                None => return Err(self.syntax(at, "the tag has no end")),
            }
        }
    }

    fn attribute(&mut self, at: usize) -> Result<usize, Error> {
        let name = at..name_end(self.bytes, at);
        let equals = skip_space(self.bytes, name.end);
        if name.is_empty() || self.bytes.get(equals) != Some(&b'=') {
            return Err(self.syntax(at, "expected an attribute, `>` or `/>`"));
        }
        let quote_at = skip_space(self.bytes, equals + 1);
        let Some(quote @ (b'"' | b'\'')) = self.bytes.get(quote_at) else {
            return Err(self.syntax(quote_at, "expected a quoted attribute value"));
        };
        let Some(length) = memchr2(*quote, b'<', &self.bytes[quote_at + 1..]) else {
            return Err(self.syntax(quote_at, "the attribute value has no end"));
        };
        if self.bytes[quote_at + 1 + length] == b'<' {
            return Err(self.syntax(quote_at + 1 + length, "an attribute value cannot hold `<`"));
        }
        let end = quote_at + 1 + length + 1;
        if self.attributes.len() == ATTRIBUTES {
            return Err(self.error(
                Category::Limit,
                at,
                format_args!("an element has more than {ATTRIBUTES} attributes; XML-RPC has none"),
            ));
        }
        let text = self.text;
        let is_again =
            |(other, _): &(Range<usize>, usize)| text[other.clone()] == text[name.clone()];
        if self.attributes.iter().any(is_again) {
            let again = Excerpt(&text[name]);
            return Err(self.syntax(at, format_args!("the attribute {again} is there twice")));
        }
        if !self.scope.attribute(&text[name.clone()], self.depth) {
            return Err(self.error(
                Category::Limit,
                at,
                format_args!("the document has more than {DECLARATIONS} namespace declarations"),
            ));
        }
        self.attributes.push((name, end));
        Ok(end)
    }

    fn drop_undeclared_prefix(&mut self, name: Range<usize>) {
        let start = name.start;
        if let Some(length) = self.scope.undeclared(&self.text[name]) {
            self.repairer.replace(start, start + length, "");
        }
    }

    /// Leaves declarations of namespaces alone: no other attribute means anything here, and
    /// roxmltree compares those of an element with each other, the text of their namespaces
    /// included.
    fn drop_attributes(&mut self) {
        for index in 0..self.attributes.len() {
            let (name, end) = self.attributes[index].clone();
            if !Scope::is_declaration(&self.text[name.clone()]) {
                self.repairer.replace(name.start, end, "");
            }
        }
    }

    fn count(&mut self, nodes: usize, at: usize) -> Result<(), Error> {
        self.nodes += nodes;
        if self.nodes > self.limits.elements {
            return Err(self.error(
                Category::Limit,
                at,
                format_args!(
                    "the document has more than the {} elements and texts of `Limits::elements`; \
                     raise it with `Limits::elements(n)`",
                    self.limits.elements
                ),
            ));
        }
        Ok(())
    }

    fn syntax(&self, at: usize, message: impl core::fmt::Display) -> Error {
        self.error(Category::Syntax, at, message)
    }

    fn error(&self, category: Category, at: usize, message: impl core::fmt::Display) -> Error {
        Error::custom(category, message).at(|| position(self.text, at))
    }
}
