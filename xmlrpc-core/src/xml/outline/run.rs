//! What stands between tags: text, comments, CDATA sections and processing instructions.

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{Outline, refusal};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{
        lexis::{character_reference, find_tag, is_simple_name},
        special::plain,
    },
};

impl Outline<'_> {
    /// Goes to the first tag of an element.
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
                // A declaration is none of the things that are counted.
                Some(b'?') if tag == start && is_declaration(&self.bytes[tag..]) => {
                    let end = find_end(self.bytes, tag, b"?>").map(|end| end + 2);
                    end.ok_or_else(|| self.syntax(tag, "the processing instruction has no end"))
                }
                Some(b'?') => self.instruction(tag),
                _ => {
                    self.fragments.prolog(start, tag);
                    return Ok(tag);
                }
            };
            if end.is_err() {
                self.fragments.prolog(start, tag);
            }
            at = end?;
        }
    }

    fn not_xml(&self, at: usize) -> Error {
        let found = Excerpt(self.text[at..].trim_ascii_end());
        self.syntax(at, format_args!("expected an element, found {found:?}"))
    }

    /// Goes to the next tag of an element.
    #[inline]
    pub(super) fn run(&mut self, start: usize) -> Result<usize, Error> {
        let mut end = start + plain(&self.bytes[start..]);
        let is_plain = self.bytes.get(end) == Some(&b'<');
        if !is_plain {
            end = self.past_line_ends(end);
        }
        match self.bytes.get(end..).unwrap_or_default() {
            [b'<', b'!' | b'?', ..] => {}
            [b'<', ..] if end == start => return Ok(end),
            [b'<', ..] => {
                let is_meant = self.is_meant(end);
                if is_plain || !is_meant {
                    self.count(1, start)?;
                    if is_meant {
                        self.tape.lend(start, end);
                    }
                    return Ok(end);
                }
            }
            _ => {}
        }
        self.odd_run(start)
    }

    /// Goes on where line ends of two characters are all that is odd.
    fn past_line_ends(&self, mut end: usize) -> usize {
        while self.bytes.get(end) == Some(&b'\r') {
            let rest = self.bytes[end..].iter();
            end += rest.take_while(|byte| **byte == b'\r').count();
            end += plain(&self.bytes[end..]);
        }
        end
    }

    /// Whether text before the tag at an offset means anything: it is all that an element holds, and
    /// one that can hold text.
    #[inline]
    fn is_meant(&self, tag: usize) -> bool {
        self.bytes.get(tag + 1) == Some(&b'/') && self.tape.expects_text()
    }

    /// The same for a run that roxmltree has to read.
    #[inline(never)]
    fn odd_run(&mut self, start: usize) -> Result<usize, Error> {
        let hole = self
            .tape
            .expects_text()
            .then(|| self.tape.lend(start, start));
        self.fragments.begin(start);
        match self.parts(start, hole) {
            Ok(end) if self.bytes.get(end + 1) == Some(&b'/') => {
                self.fragments.end(end, hole);
                self.fragments.read_if_full(&mut self.tape)?;
                Ok(end)
            }
            Ok(end) => {
                self.fragments.end(end, None);
                if hole.is_some() {
                    self.tape.take_back();
                }
                Ok(end)
            }
            Err((error, at)) => {
                self.fragments.end(at, None);
                Err(error)
            }
        }
    }

    /// Goes through the parts of a run; an error is there with the end of what was right before it.
    fn parts(&mut self, mut at: usize, hole: Option<u32>) -> Result<usize, (Error, usize)> {
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
            if is_complete && means_nothing(&self.bytes[tag..at]) {
                self.fragments.replace(tag, at, "");
            }
            // A long run is read part by part.
            if self.fragments.is_full() {
                self.fragments.end(at, hole);
                let read = self.fragments.read(&mut self.tape);
                self.fragments.begin(at);
                read.map_err(|error| (error, at))?;
            }
        }
    }

    /// Says whether no part of it can be misread together with what follows it.
    fn text(&mut self, start: usize, end: usize) -> Result<bool, (Error, usize)> {
        if start == end {
            return Ok(true);
        }
        self.count(1, start).map_err(|error| (error, start))?;
        let text = &self.bytes[start..end];
        let mut at = start;
        // Of references, only those by number have to be looked at.
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
        // What begins a reference, or the end of a CDATA section, has to be seen as it is.
        let is_complete = !text.ends_with(b"]") && memchr(b'&', text).is_none();
        Ok(is_complete)
    }

    /// Makes newlines of the carriage returns that stand here, one behind the other.
    fn line_ends(&mut self, mut at: usize) -> usize {
        while self.bytes.get(at) == Some(&b'\r') {
            let is_alone = self.bytes.get(at + 1) != Some(&b'\n');
            self.fragments.line_end(at, is_alone);
            at += 1;
        }
        at
    }

    /// Makes one character of two references to surrogates.
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
            return Err(self.syntax(at, format_args!("{reference} refers to no character")));
        };
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        self.fragments.replace(at, end, &format!("&#{code};"));
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
        Err(refusal(self.text, Category::Protocol, at, message))
    }

    fn instruction(&mut self, at: usize) -> Result<usize, Error> {
        self.section(at, 2, b"?>", "processing instruction")
    }

    /// Goes past a construct that ends with `end`.
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
        self.fragments.node();
        Ok(to + end.len())
    }
}

fn is_declaration(rest: &[u8]) -> bool {
    let name = rest.strip_prefix(b"<?xml");
    name.is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_whitespace))
}

/// Whether a section is certainly a comment, or a processing instruction, that is well-formed.
fn means_nothing(section: &[u8]) -> bool {
    let is_plain = |text: &[u8]| plain(text) == text.len();
    match section {
        [b'<', b'!', b'-', b'-', text @ .., b'-', b'-', b'>'] => {
            is_plain(text) && !text.ends_with(b"-") && memmem::find(text, b"--").is_none()
        }
        [b'<', b'?', text @ .., b'?', b'>'] => {
            let end = text.iter().position(u8::is_ascii_whitespace);
            let (name, text) = text.split_at(end.unwrap_or(text.len()));
            is_simple_name(name) && !name.eq_ignore_ascii_case(b"xml") && is_plain(text)
        }
        _ => false,
    }
}

/// Where the end of a section begins.
fn find_end<const N: usize>(bytes: &[u8], from: usize, end: &[u8; N]) -> Option<usize> {
    // Most are short, and to prepare a search for more than one byte takes longer than they do.
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
