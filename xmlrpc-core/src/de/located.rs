//! Values of a document that the scanner has read to its end, with positions in their errors.

use std::borrow::Cow;

use super::reader::{Item, NamedMember, Reader};
use crate::{
    Error,
    xml::{Document, ScanPosition, Scanner},
};

/// The scanner, for a document whose only problem is the type of a value.
///
/// It reports such an error without the lenient reader. The scanner does not stop in such a document;
/// if it stops nevertheless, drop its results.
pub(crate) struct LocatedScanner<'de> {
    text: &'de str,
    /// The offset of the entry.
    entry: usize,
    scanner: Scanner<'de>,
}

impl<'de> LocatedScanner<'de> {
    /// A scanner before the value at an offset.
    pub(crate) fn at(document: &'de Document, offset: usize) -> Self {
        Self {
            text: document.text(),
            entry: offset,
            scanner: document.scanner(offset),
        }
    }

    /// Changes which value is the entry.
    pub(crate) fn set_entry(&mut self, offset: usize) {
        self.entry = offset;
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.scanner.is_stopped()
    }

    /// Leaves arrays and structs until at most `depth` are open. Only looks for the ends of their values.
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

impl<'de> Reader<'de> for LocatedScanner<'de> {
    type Bookmark = ScanPosition;
    /// The name.
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

    fn option_failed(&mut self) {
        self.scanner.stop();
    }

    fn is_entry(&self, value: ScanPosition) -> bool {
        value.offset == self.entry
    }

    fn element(&mut self, array: ScanPosition) -> Result<bool, Error> {
        self.scanner.element(array)
    }

    #[inline]
    fn member_named(&mut self, name: &'static str) -> Option<Cow<'de, str>> {
        self.scanner
            .member_named(name)
            .map(|()| Cow::Borrowed(name))
    }

    fn member(
        &mut self,
        structure: ScanPosition,
    ) -> Result<Option<NamedMember<'de, Cow<'de, str>>>, Error> {
        let member = self.scanner.member(structure)?;
        Ok(member.map(|(name, ())| (name.clone(), name)))
    }

    fn end_member(&mut self, _: Cow<'de, str>) -> Result<(), Error> {
        self.scanner.end_member(())
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        self.scanner.skip_value()
    }

    fn here(&self) -> ScanPosition {
        self.scanner.here()
    }

    fn leave_value(&mut self, value: ScanPosition) {
        if self.here().depth > value.depth {
            self.leave_to(value.depth);
        } else {
            self.scanner.leave_value(value);
        }
    }

    fn locate_value(&self, error: Error, value: ScanPosition) -> Error {
        let rest = self.text.as_bytes().get(value.offset..).unwrap_or_default();
        // The position of its type, if it has one.
        let within = rest.strip_prefix(b"<value>").map(<[u8]>::trim_ascii_start);
        error.at_offset(match within {
            Some(within @ [b'<', next, ..]) if *next != b'/' => self.text.len() - within.len(),
            _ => value.offset,
        })
    }

    fn locate_member(&self, error: Error, value: ScanPosition, name: &Cow<'de, str>) -> Error {
        self.locate_value(error, value).in_member(name)
    }

    fn check(&mut self) -> Result<(), Error> {
        self.scanner.check()
    }
}
