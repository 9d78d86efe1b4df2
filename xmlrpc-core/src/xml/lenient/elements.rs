//! Elements: the tags that open and close them.

use core::ops::Range;

use memchr::{memchr, memchr_iter};

use super::{
    error::{too_deep, too_many_open},
    namespaces::Prefix,
    reader::{LenientReader, OpenElement},
};
use crate::{
    Error,
    dialect::APACHE_NAMESPACE,
    error::Excerpt,
    xml::{
        bytes::usual_name_end,
        element_names::Tag,
        events::short,
        syntax::{is_simple_name, name_end, skip_space},
    },
};

fn is_level(tag: Tag) -> bool {
    matches!(tag, Tag::Array | Tag::Struct)
}

/// The name of an element.
struct Name {
    /// The whole name, which the closing tag must repeat.
    range: Range<usize>,
    /// The name without its prefix; the whole name if the prefix is unusual.
    local: Range<usize>,
    tag: Tag,
    /// Whether the local name is valid without a look by roxmltree.
    is_simple: bool,
}

impl LenientReader<'_> {
    /// Reads the document from `start` on, and returns the end of its root element.
    #[inline]
    pub(super) fn document(&mut self, start: usize) -> Result<usize, Error> {
        if start == self.bytes.len() {
            return Err(self.syntax(start, "the document is empty"));
        }
        let mut at = self.prolog(start)?;
        loop {
            if !self.events.has_room() {
                self.make_room(at);
            }
            at = match self.bytes.get(at + 1) {
                Some(b'/') => self.close(at)?,
                _ => self.open(at)?,
            };
            if self.open.is_empty() {
                return Ok(at);
            }
            at = self.between_tags(at)?;
        }
    }

    /// Makes room for the rest, counted by its tags. A list that doubles would take up to twice the
    /// memory of a large document, which the system provides anew for every document.
    #[cold]
    fn make_room(&mut self, at: usize) {
        let tags = memchr_iter(b'<', &self.bytes[at..]).count();
        // A document beyond the limit is refused, and needs no room.
        self.events
            .reserve(tags.min(self.limits.elements.saturating_mul(2)));
    }

    #[inline]
    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.count(1, at)?;
        let plain = usual_name_end(self.bytes, at + 1);
        let (end, is_empty) = match self.bytes.get(plain..).unwrap_or_default() {
            [b'>', ..] => (plain + 1, false),
            [b'/', b'>', ..] => (plain + 2, true),
            _ => return self.open_unusual(at),
        };
        let tag = Tag::from_local_name(&self.text[at + 1..plain]);
        if tag == Tag::Other && !is_simple_name(&self.bytes[at + 1..plain]) {
            return self.open_unusual(at);
        }
        self.element(at..end, at + 1..plain, tag, is_empty)?;
        Ok(end)
    }

    /// Opens an element with attributes, with a prefix, or with another unusual name.
    #[inline(never)]
    fn open_unusual(&mut self, at: usize) -> Result<usize, Error> {
        let whole = at + 1..name_end(self.bytes, at + 1);
        if whole.is_empty() {
            return Err(self.syntax(at, "`<` does not begin a tag here"));
        }
        let depth = self.open.len();
        let (end, is_empty) = self
            .attributes
            .read(whole.end, &mut self.namespaces, depth)?;
        for (name, end) in self.attributes.unusual() {
            self.batch.attribute(name, end);
        }
        let name = self.name(whole);
        if !name.is_simple || self.attributes.declares() {
            let declarations = self.attributes.declarations();
            self.batch.tag(name.local, declarations);
        }
        self.batch.read_if_full(&mut self.events)?;
        self.element(at..end, name.range, name.tag, is_empty)?;
        if is_empty {
            self.namespaces.leave(depth);
        }
        Ok(end)
    }

    /// The meaning of a name. Undeclared prefixes and that of the Apache namespace are ignored; an
    /// element in another namespace is unknown. Default namespaces are ignored as well.
    fn name(&self, whole: Range<usize>) -> Name {
        let text = &self.text[whole.clone()];
        let (local, is_known) = match self.namespaces.resolve(text) {
            Prefix::None => (whole.clone(), true),
            Prefix::Undeclared(length) => (whole.start + length..whole.end, true),
            Prefix::Declared(length, namespace) => (
                whole.start + length..whole.end,
                namespace == APACHE_NAMESPACE,
            ),
            Prefix::Unusual => {
                return Name {
                    range: whole.clone(),
                    local: whole,
                    tag: Tag::Other,
                    is_simple: false,
                };
            }
        };
        let tag = if is_known {
            Tag::from_local_name(&self.text[local.clone()])
        } else {
            Tag::Other
        };
        Name {
            is_simple: is_simple_name(&self.bytes[local.clone()]),
            range: whole,
            local,
            tag,
        }
    }

    /// Appends the element whose opening tag is at `tag_range`.
    #[inline]
    fn element(
        &mut self,
        tag_range: Range<usize>,
        name: Range<usize>,
        tag: Tag,
        is_empty: bool,
    ) -> Result<(), Error> {
        let is_level = is_level(tag);
        if is_level && self.levels >= self.limits.depth {
            return Err(too_deep(self.text, tag_range.start, self.limits));
        }
        let step = self.events.open(tag, tag_range.start);
        if is_empty {
            self.events.close(step, tag_range.end);
            return Ok(());
        }
        if self.open.len() >= self.max_open {
            return Err(too_many_open(self.text, tag_range.start, self.limits));
        }
        self.levels += usize::from(is_level);
        self.open.push(OpenElement {
            step,
            name_end: short(name.end),
        });
        Ok(())
    }

    #[inline]
    fn close(&mut self, at: usize) -> Result<usize, Error> {
        let plain = usual_name_end(self.bytes, at + 2);
        let (name, end) = match self.bytes.get(plain) {
            Some(b'>') => (at + 2..plain, plain + 1),
            _ => self.close_unusual(at)?,
        };
        let Some(opened) = self.open.last() else {
            return Err(self.syntax(at, "a closing tag without an opening one"));
        };
        let (tag, start) = self.events.opened(opened.step);
        let opened_name = start + 1..opened.name_end as usize;
        if self.bytes[opened_name.clone()] != self.bytes[name.clone()] {
            return Err(self.another_name(opened_name, name, at));
        }
        self.events.close(opened.step, end);
        self.levels -= usize::from(is_level(tag));
        self.open.pop();
        self.namespaces.leave(self.open.len());
        Ok(end)
    }

    /// The name in a closing tag with white space or an unusual name, and the end of the tag.
    #[inline(never)]
    fn close_unusual(&self, at: usize) -> Result<(Range<usize>, usize), Error> {
        let name = at + 2..name_end(self.bytes, at + 2);
        let end = skip_space(self.bytes, name.end);
        match self.bytes.get(end) {
            Some(b'>') => Ok((name, end + 1)),
            Some(_) if memchr(b'>', &self.bytes[end..]).is_some() => {
                Err(self.syntax(end, "expected `>` after the name in a closing tag"))
            }
            _ => Err(self.syntax(at, "the closing tag has no end")),
        }
    }

    #[cold]
    fn another_name(&self, opened: Range<usize>, found: Range<usize>, at: usize) -> Error {
        let (opened, found) = (Excerpt(&self.text[opened]), Excerpt(&self.text[found]));
        self.syntax(at, format_args!("expected </{opened}>, found </{found}>"))
    }
}
