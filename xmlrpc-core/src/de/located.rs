//! Values of a document that the scanner has read to its end, with errors that say where they are.

use std::borrow::Cow;

use super::{Item, Named, Reader};
use crate::{
    Error,
    xml::{Document, Mark, Scanner},
};

/// The scanner, for a document with which nothing is wrong but that a value is of another type: to say
/// that takes no tree. It does not stop in such a document; where it does, nothing that it said counts.
pub(crate) struct Explaining<'de> {
    text: &'de str,
    scanner: Scanner<'de>,
}

impl<'de> Explaining<'de> {
    /// Before the value at an offset.
    pub(crate) fn at(document: &'de Document, offset: usize) -> Self {
        Self {
            text: document.text(),
            scanner: document.scanner(offset),
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.scanner.is_stopped()
    }

    /// Leaves arrays and structs, from within them, until no more than `depth` are open: it looks for
    /// nothing but the ends of their values.
    fn leave_to(&mut self, depth: usize) {
        let mut rest = self.scanner.rest();
        let mut open = self.here().depth.saturating_sub(depth);
        for _ in 0..open {
            self.scanner.leave();
        }
        while open > 0 {
            let Some(tag) = memchr::memchr(b'<', rest) else {
                return self.scanner.stop();
            };
            rest = &rest[tag + 1..];
            if let Some(behind) = rest.strip_prefix(b"/value>") {
                rest = behind;
                open -= 1;
            } else if let Some(within) = rest.strip_prefix(b"value>") {
                rest = within;
                open += 1;
            }
        }
        self.scanner.advance_to(rest, 0);
    }
}

impl<'de> Reader<'de> for Explaining<'de> {
    /// Its name.
    type Member = Cow<'de, str>;

    #[inline]
    fn int(&mut self) -> Option<i64> {
        self.scanner.int()
    }

    #[inline]
    fn double(&mut self) -> Option<f64> {
        self.scanner.double()
    }

    #[inline]
    fn boolean(&mut self) -> Option<bool> {
        self.scanner.boolean()
    }

    #[inline]
    fn string(&mut self) -> Option<Cow<'de, str>> {
        self.scanner.string()
    }

    fn item(&mut self) -> Result<Item<'de>, Error> {
        self.scanner.item()
    }

    fn nil(&mut self) -> Result<bool, Error> {
        self.scanner.nil()
    }

    fn element(&mut self, array: Mark) -> Result<bool, Error> {
        self.scanner.element(array)
    }

    #[inline]
    fn member_named(&mut self, name: &'static str) -> Option<Cow<'de, str>> {
        self.scanner
            .member_named(name)
            .map(|()| Cow::Borrowed(name))
    }

    fn member(&mut self, structure: Mark) -> Result<Option<Named<'de, Cow<'de, str>>>, Error> {
        let member = self.scanner.member(structure)?;
        Ok(member.map(|(name, ())| (name.clone(), name)))
    }

    fn end_member(&mut self, _: Cow<'de, str>) -> Result<(), Error> {
        self.scanner.end_member(())
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        self.scanner.skip_value()
    }

    fn here(&self) -> Mark {
        self.scanner.here()
    }

    fn leave_value(&mut self, mark: Mark) {
        if self.here().depth > mark.depth {
            self.leave_to(mark.depth);
        } else {
            self.scanner.leave_value(mark);
        }
    }

    fn locate_value(&self, error: Error, mark: Mark) -> Error {
        let value = self.text.as_bytes().get(mark.index()..).unwrap_or_default();
        // At its type, if it has one.
        let within = value.strip_prefix(b"<value>").map(<[u8]>::trim_ascii_start);
        error.at_offset(match within {
            Some(within @ [b'<', next, ..]) if *next != b'/' => self.text.len() - within.len(),
            _ => mark.index(),
        })
    }

    fn locate_member(&self, error: Error, mark: Mark, name: &Cow<'de, str>) -> Error {
        self.locate_value(error, mark).in_member(name)
    }

    fn check(&mut self) -> Result<(), Error> {
        self.scanner.check()
    }
}
