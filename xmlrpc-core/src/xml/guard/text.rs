//! What stands between tags.

use core::ops::Range;

use memchr::{memchr_iter, memchr2, memmem};

use super::{Guard, Piece};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{lexis::character_reference, special::find},
};

impl<F: FnMut(&Piece<'_>) -> Result<(), Error>> Guard<'_, F> {
    pub(super) fn text(&mut self, range: Range<usize>) -> Result<(), Error> {
        if self.open.is_empty() {
            let text = &self.bytes[range.clone()];
            return if text.trim_ascii().is_empty() {
                Ok(())
            } else {
                Err(self.not_xml(range.start))
            };
        }
        self.count(1, range.start)?;
        // Text beside an element means nothing, and what is not special is well-formed.
        let opens = !matches!(self.bytes.get(range.end + 1), Some(b'/' | b'!' | b'?'));
        if (self.has_child || opens) && find(self.bytes, range.start) == range.end {
            self.piece.replace(range.start, range.end, "");
            return Ok(());
        }
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
        self.piece.replace(at, at + 1, replacement);
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
        self.piece.replace(at, end, &format!("&#{code};"));
        Ok(end)
    }

    pub(super) fn declaration(&mut self, at: usize) -> Result<usize, Error> {
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
    pub(super) fn section(
        &mut self,
        at: usize,
        head: usize,
        end: &[u8],
        what: &str,
    ) -> Result<usize, Error> {
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
}
