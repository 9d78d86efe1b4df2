//! The content between tags: text, comments, CDATA sections and processing instructions.

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{error::error_at, reader::LenientReader};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{
        bytes::{find_tag, plain},
        syntax::{character_reference, is_simple_name, is_space},
    },
};

impl LenientReader<'_> {
    /// Skips the declarations and comments before the root element.
    pub(super) fn prolog(&mut self, start: usize) -> Result<usize, Error> {
        let mut at = start;
        loop {
            let Some(tag) = find_tag(self.bytes, at) else {
                return Err(self.not_xml(at));
            };
            if !self.bytes[at..tag].trim_ascii().is_empty() {
                return Err(self.not_xml(at));
            }
            let end = match self.bytes.get(tag + 1) {
                Some(b'!') => self.declaration(tag),
                // The XML declaration is not counted.
                Some(b'?') if tag == start && is_declaration(&self.bytes[tag..]) => {
                    let end = find_end(self.bytes, tag, b"?>").map(|end| end + 2);
                    end.ok_or_else(|| self.syntax(tag, "the processing instruction has no end"))
                }
                Some(b'?') => self.instruction(tag),
                _ => {
                    self.batch.prolog(start, tag);
                    return Ok(tag);
                }
            };
            if end.is_err() {
                self.batch.prolog(start, tag);
            }
            at = end?;
        }
    }

    fn not_xml(&self, at: usize) -> Error {
        let found = Excerpt(self.text[at..].trim_ascii_end());
        self.syntax(at, format_args!("expected an element, found {found:?}"))
    }

    /// Reads what stands before the next tag of an element, and returns the offset of that tag.
    #[inline]
    pub(super) fn between_tags(&mut self, start: usize) -> Result<usize, Error> {
        let mut end = start + plain(&self.bytes[start..]);
        let is_plain = self.bytes.get(end) == Some(&b'<');
        if !is_plain {
            end = self.past_line_ends(end);
        }
        match self.bytes.get(end..).unwrap_or_default() {
            [b'<', b'!' | b'?', ..] => {}
            [b'<', ..] if end == start => return Ok(end),
            [b'<', ..] => {
                let has_meaning = self.has_meaning(end);
                if is_plain || !has_meaning {
                    self.count(1, start)?;
                    if has_meaning {
                        self.events.lend(start, end);
                    }
                    return Ok(end);
                }
            }
            _ => {}
        }
        self.unusual_text(start)
    }

    /// Skips carriage returns and the plain text between them.
    fn past_line_ends(&self, mut end: usize) -> usize {
        while self.bytes.get(end) == Some(&b'\r') {
            let rest = self.bytes[end..].iter();
            end += rest.take_while(|byte| **byte == b'\r').count();
            end += plain(&self.bytes[end..]);
        }
        end
    }

    /// Whether text before the tag at an offset has a meaning: it is the whole content of an element
    /// that can hold text.
    #[inline]
    fn has_meaning(&self, tag: usize) -> bool {
        self.bytes.get(tag + 1) == Some(&b'/') && self.events.expects_text()
    }

    /// The same for content that roxmltree has to read.
    #[inline(never)]
    fn unusual_text(&mut self, start: usize) -> Result<usize, Error> {
        let slot = self
            .events
            .expects_text()
            .then(|| self.events.lend(start, start));
        self.batch.begin(start);
        match self.parts(start, slot) {
            Ok(end) if self.bytes.get(end + 1) == Some(&b'/') => {
                self.batch.end(end, slot);
                self.batch.read_if_full(&mut self.events)?;
                Ok(end)
            }
            Ok(end) => {
                self.batch.end(end, None);
                if slot.is_some() {
                    self.events.take_back();
                }
                Ok(end)
            }
            Err((error, at)) => {
                self.batch.end(at, None);
                Err(error)
            }
        }
    }

    /// Goes through texts, comments and sections up to the next tag. An error comes with the end of
    /// the valid content before it.
    fn parts(&mut self, mut at: usize, slot: Option<u32>) -> Result<usize, (Error, usize)> {
        loop {
            let tag = find_tag(self.bytes, at);
            let end = tag.unwrap_or(self.bytes.len());
            let is_complete = self.text(at, end)?;
            let Some(tag) = tag else {
                let message = "the document ends before its root element does";
                return Err((self.syntax(end, message), end));
            };
            let part = match self.bytes.get(tag + 1) {
                Some(b'!') => self.declaration(tag),
                Some(b'?') => self.instruction(tag),
                _ => return Ok(tag),
            };
            at = part.map_err(|error| (error, tag))?;
            if is_complete && can_be_dropped(&self.bytes[tag..at]) {
                self.batch.replace(tag, at, "");
            }
            // Long content is read in several batches.
            if self.batch.is_full() {
                self.batch.end(at, slot);
                let read = self.batch.read(&mut self.events);
                self.batch.begin(at);
                read.map_err(|error| (error, at))?;
            }
        }
    }

    /// Reads a text. Returns whether it can be joined with the text behind the next comment.
    fn text(&mut self, start: usize, end: usize) -> Result<bool, (Error, usize)> {
        if start == end {
            return Ok(true);
        }
        self.count(1, start).map_err(|error| (error, start))?;
        let text = &self.bytes[start..end];
        let mut at = start;
        // Only numeric references may need a repair.
        while let Some(found) = memchr2(b'#', b'\r', &self.bytes[at..end]) {
            let found = at + found;
            at = match self.bytes[found] {
                b'\r' => self.line_ends(found),
                _ if self.bytes[start..found].last() == Some(&b'&') => self
                    .reference(found - 1)
                    .map_err(|error| (error, found - 1))?,
                _ => found + 1,
            };
        }
        // A text that may end within a reference or within `]]>` must stay apart.
        let is_complete = !text.ends_with(b"]") && memchr(b'&', text).is_none();
        Ok(is_complete)
    }

    /// Turns the consecutive carriage returns at `at` into line feeds.
    fn line_ends(&mut self, mut at: usize) -> usize {
        while self.bytes.get(at) == Some(&b'\r') {
            let is_alone = self.bytes.get(at + 1) != Some(&b'\n');
            self.batch.line_end(at, is_alone);
            at += 1;
        }
        at
    }

    /// Skips a reference. Two references to the surrogates of a character become one reference.
    fn reference(&mut self, at: usize) -> Result<usize, Error> {
        let Some((first, end)) = character_reference(self.bytes, at) else {
            return Ok(at + "&#".len());
        };
        if char::from_u32(first).is_some() {
            return Ok(end);
        }
        let second =
            character_reference(self.bytes, end).filter(|_| (0xD800..0xDC00).contains(&first));
        let Some((second @ 0xDC00..0xE000, end)) = second else {
            let reference = Excerpt(&self.text[at..end]);
            return Err(self.syntax(
                at,
                format_args!("{reference} does not refer to a character"),
            ));
        };
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        self.batch.replace(at, end, &format!("&#{code};"));
        Ok(end)
    }

    fn declaration(&mut self, at: usize) -> Result<usize, Error> {
        let rest = &self.bytes[at..];
        if rest.starts_with(b"<!--") {
            return self.section(at, 4, b"-->", "comment");
        }
        if rest.starts_with(b"<![CDATA[") {
            let end = self.section(at, 9, b"]]>", "CDATA section")?;
            let mut from = at;
            while let Some(found) = memchr(b'\r', &self.bytes[from..end]) {
                from = self.line_ends(from + found);
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
        let message = "document type declarations are not accepted";
        Err(error_at(self.text, Category::Protocol, at, message))
    }

    fn instruction(&mut self, at: usize) -> Result<usize, Error> {
        self.section(at, 2, b"?>", "processing instruction")
    }

    /// Skips a construct that ends with `end`.
    fn section<const N: usize>(
        &mut self,
        at: usize,
        head: usize,
        end: &[u8; N],
        what: &str,
    ) -> Result<usize, Error> {
        let from = at + head;
        let Some(to) = find_end(self.bytes, from, end) else {
            return Err(self.syntax(at, format_args!("the {what} has no end")));
        };
        self.count(1 + memchr_iter(b'<', &self.bytes[from..to]).count(), at)?;
        self.batch.node();
        Ok(to + end.len())
    }
}

fn is_declaration(rest: &[u8]) -> bool {
    let name = rest.strip_prefix(b"<?xml");
    name.is_some_and(|rest| rest.first().is_some_and(|byte| is_space(*byte)))
}

/// Whether a section is a plain well-formed comment or processing instruction, which can be dropped.
fn can_be_dropped(section: &[u8]) -> bool {
    let is_plain = |text: &[u8]| plain(text) == text.len();
    match section {
        [b'<', b'!', b'-', b'-', text @ .., b'-', b'-', b'>'] => {
            is_plain(text) && !text.ends_with(b"-") && memmem::find(text, b"--").is_none()
        }
        [b'<', b'?', text @ .., b'?', b'>'] => {
            let end = text.iter().position(|byte| is_space(*byte));
            let (name, text) = text.split_at(end.unwrap_or(text.len()));
            is_simple_name(name) && !name.eq_ignore_ascii_case(b"xml") && is_plain(text)
        }
        _ => false,
    }
}

/// The offset of the end marker of a section.
fn find_end<const N: usize>(bytes: &[u8], from: usize, end: &[u8; N]) -> Option<usize> {
    // A cache line. Most sections are shorter, and preparing a search for several bytes takes longer
    // than this loop.
    const NEAR: usize = 64;
    let rest = bytes.get(from..)?;
    let near = &rest[..rest.len().min(NEAR)];
    for found in memchr_iter(end[0], near) {
        if rest[found..].starts_with(end) {
            return Some(from + found);
        }
    }
    memmem::find(rest, end).map(|found| from + found)
}
