//! What stands between tags: text, comments, CDATA sections and processing instructions.

use memchr::{memchr_iter, memchr2, memmem};

use super::{Outline, refusal};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{
        lexis::{character_reference, find_tag},
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
            end += 1;
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
        self.fragments.begin(start);
        match self.parts(start) {
            Ok(end) => {
                let hole = self.is_meant(end).then(|| self.tape.lend(end, end));
                self.fragments.end(end, hole);
                self.fragments.read_if_full(&mut self.tape)?;
                Ok(end)
            }
            Err((error, at)) => {
                self.fragments.end(at, None);
                Err(error)
            }
        }
    }

    /// Goes through the parts of a run; an error is there with the end of what was right before it.
    fn parts(&mut self, mut at: usize) -> Result<usize, (Error, usize)> {
        loop {
            let tag = find_tag(self.bytes, at);
            let end = tag.unwrap_or(self.bytes.len());
            self.text(at, end)?;
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
        }
    }

    fn text(&mut self, start: usize, end: usize) -> Result<(), (Error, usize)> {
        if start == end {
            return Ok(());
        }
        self.count(1, start).map_err(|error| (error, start))?;
        let mut at = start;
        while let Some(found) = memchr2(b'&', b'\r', &self.bytes[at..end]) {
            let found = at + found;
            at = match self.bytes[found] {
                b'\r' => self.line_end(found),
                _ => self.reference(found).map_err(|error| (error, found))?,
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
        self.fragments.replace(at, at + 1, replacement);
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
            for found in memchr_iter(b'\r', &self.bytes[at..end]) {
                self.line_end(at + found);
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
        Ok(to + end.len())
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
