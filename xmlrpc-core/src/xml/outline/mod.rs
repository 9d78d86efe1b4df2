//! One linear pass over a document on which the scanner has given up: its elements become events.
//!
//! It knows tags, plain text and plain comments, and that every element ends with its own tag. What is
//! odd in any way (references, CDATA, rare characters, declarations of namespaces, unusual names)
//! roxmltree reads: see [`Fragments`].
//!
//! The same pass is a guard. roxmltree takes quadratic to cubic time on attributes and namespaces,
//! and memory for every `<` and `=` before it looks at one; what XML-RPC has no use for is refused
//! here. And it repairs what real peers send although it is not well-formed: prefixes that are
//! declared nowhere, characters as two surrogate references, bytes around the document; and turns
//! line ends into newlines, which roxmltree forgets to do before a character reference.

mod attributes;
mod run;
mod scope;

use core::ops::Range;

use memchr::{memchr, memchr_iter};

use self::{attributes::Attributes, scope::Scope};
use super::{
    Tag,
    fragments::{Fragments, short},
    lexis::{is_simple_name, name_end, plain_name_end, skip_space},
    position::position,
    tag::APACHE,
    tape::Tape,
};
use crate::{Category, Error, Limits, error::Excerpt};

/// `<value><struct><member>` for a level of data, and the envelope around it.
const ELEMENTS_A_LEVEL: usize = 4;
const ENVELOPE: usize = 16;

/// Reads a document, and says where it ends within the bytes around it.
pub(super) fn outline(text: &str, limits: &Limits) -> Result<(Tape, usize), Error> {
    let start = text.len() - text.trim_start_matches(is_before_document).len();
    let mut outline = Outline {
        text,
        bytes: text.as_bytes(),
        limits,
        nodes: 0,
        open: Vec::new(),
        max_open: limits
            .depth
            .saturating_mul(ELEMENTS_A_LEVEL)
            .saturating_add(ENVELOPE),
        levels: 0,
        tape: Tape::default(),
        scope: Scope::default(),
        attributes: Attributes::new(text),
        fragments: Fragments::new(text, limits),
    };
    let end = outline.document(start);
    // The first error of a document counts, and what is left for roxmltree lies before that of the
    // outline.
    outline.fragments.read(&mut outline.tape)?;
    Ok((outline.tape, end?))
}

fn is_level(tag: Tag) -> bool {
    matches!(tag, Tag::Array | Tag::Struct)
}

fn is_before_document(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{FEFF}')
}

struct Outline<'a> {
    text: &'a str,
    bytes: &'a [u8],
    limits: &'a Limits,
    nodes: usize,
    open: Vec<Open>,
    max_open: usize,
    /// How many of the open elements are arrays or structs.
    levels: usize,
    tape: Tape,
    scope: Scope<'a>,
    attributes: Attributes<'a>,
    fragments: Fragments<'a>,
}

/// An element that is open.
struct Open {
    /// The step that opens it.
    step: u32,
    /// Where its name ends, which begins behind the `<`.
    name_end: u32,
}

/// The name of an element as a closing tag has to repeat it, and what it means.
struct Name {
    range: Range<usize>,
    /// Without the prefix, unless that may be none.
    local: Range<usize>,
    tag: Tag,
    /// Whether it certainly is a name.
    is_simple: bool,
}

impl Outline<'_> {
    /// Goes to the end of the root element.
    fn document(&mut self, start: usize) -> Result<usize, Error> {
        if start == self.bytes.len() {
            return Err(self.syntax(start, "the document is empty"));
        }
        let mut at = self.prolog(start)?;
        loop {
            if !self.tape.has_room() {
                self.make_room(at);
            }
            at = match self.bytes.get(at + 1) {
                Some(b'/') => self.close(at)?,
                _ => self.open(at)?,
            };
            if self.open.is_empty() {
                return Ok(at);
            }
            at = self.run(at)?;
        }
    }

    /// Makes room for what is to come. By its tags, for a tape that doubles would take twice as much
    /// of a large document, and such room is had anew from the system for every document.
    #[cold]
    fn make_room(&mut self, at: usize) {
        let tags = memchr_iter(b'<', &self.bytes[at..]).count();
        // What is refused for its number is not made room for.
        self.tape
            .reserve(tags.min(self.limits.elements.saturating_mul(2)));
    }

    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.count(1, at)?;
        let plain = plain_name_end(self.bytes, at + 1);
        let (end, is_empty) = match self.bytes.get(plain..).unwrap_or_default() {
            [b'>', ..] => (plain + 1, false),
            [b'/', b'>', ..] => (plain + 2, true),
            _ => return self.odd_open(at),
        };
        let tag = Tag::from_local_name(&self.text[at + 1..plain]);
        if tag == Tag::Other && !is_simple_name(&self.bytes[at + 1..plain]) {
            return self.odd_open(at);
        }
        self.element(at..end, at + 1..plain, tag, is_empty)?;
        Ok(end)
    }

    /// Opens an element with attributes, with a prefix, or with any other unusual name.
    #[inline(never)]
    fn odd_open(&mut self, at: usize) -> Result<usize, Error> {
        let whole = at + 1..name_end(self.bytes, at + 1);
        if whole.is_empty() {
            return Err(self.syntax(at, "`<` begins no tag here"));
        }
        let depth = self.open.len();
        let (end, is_empty) = self.attributes.read(whole.end, &mut self.scope, depth)?;
        for (name, end) in self.attributes.odd() {
            self.fragments.attribute(name, end);
        }
        let name = self.name(whole);
        if !name.is_simple || self.attributes.declares() {
            let declarations = self.attributes.declarations();
            self.fragments.tag(name.local, declarations);
        }
        self.fragments.read_if_full(&mut self.tape)?;
        self.element(at..end, name.range, name.tag, is_empty)?;
        if is_empty {
            self.scope.leave(depth);
        }
        Ok(end)
    }

    /// What a name means. A prefix counts as none if it is declared nowhere, or is that of the Apache
    /// namespace; default namespaces never count.
    fn name(&self, whole: Range<usize>) -> Name {
        let text = &self.text[whole.clone()];
        let (local, is_known) = match self.scope.resolve(text) {
            scope::Prefix::None => (whole.clone(), true),
            scope::Prefix::Undeclared(length) => (whole.start + length..whole.end, true),
            scope::Prefix::Declared(length, namespace) => {
                (whole.start + length..whole.end, namespace == APACHE)
            }
            scope::Prefix::Odd => {
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

    /// Takes note of an element whose opening tag is at a place.
    #[inline]
    fn element(
        &mut self,
        place: Range<usize>,
        name: Range<usize>,
        tag: Tag,
        is_empty: bool,
    ) -> Result<(), Error> {
        let is_level = is_level(tag);
        if is_level && self.levels >= self.limits.depth {
            return Err(self.too_deep(place.start));
        }
        let step = self.tape.open(tag, place.start);
        if is_empty {
            self.tape.close(step, place.end);
            return Ok(());
        }
        if self.open.len() >= self.max_open {
            return Err(self.too_many_open(place.start));
        }
        self.levels += usize::from(is_level);
        self.open.push(Open {
            step,
            name_end: short(name.end),
        });
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<usize, Error> {
        let plain = plain_name_end(self.bytes, at + 2);
        let (name, end) = match self.bytes.get(plain) {
            Some(b'>') => (at + 2..plain, plain + 1),
            _ => self.odd_close(at)?,
        };
        let Some(opened) = self.open.last() else {
            return Err(self.syntax(at, "a closing tag without an opening one"));
        };
        let (tag, start) = self.tape.opened(opened.step);
        let opened_name = start + 1..opened.name_end as usize;
        if self.bytes[opened_name.clone()] != self.bytes[name.clone()] {
            return Err(self.another_name(opened_name, name, at));
        }
        self.tape.close(opened.step, end);
        self.levels -= usize::from(is_level(tag));
        self.open.pop();
        self.scope.leave(self.open.len());
        Ok(end)
    }

    /// The name in a closing tag that has more than a name, and the end of the tag.
    #[inline(never)]
    fn odd_close(&self, at: usize) -> Result<(Range<usize>, usize), Error> {
        let name = at + 2..name_end(self.bytes, at + 2);
        let end = skip_space(self.bytes, name.end);
        match self.bytes.get(end) {
            Some(b'>') => Ok((name, end + 1)),
            Some(_) if memchr(b'>', &self.bytes[end..]).is_some() => {
                Err(self.syntax(end, "expected `>` behind the name in a closing tag"))
            }
            _ => Err(self.syntax(at, "the closing tag has no end")),
        }
    }

    #[cold]
    fn another_name(&self, opened: Range<usize>, found: Range<usize>, at: usize) -> Error {
        let (opened, found) = (Excerpt(&self.text[opened]), Excerpt(&self.text[found]));
        self.syntax(at, format_args!("expected </{opened}>, found </{found}>"))
    }

    #[inline]
    fn count(&mut self, nodes: usize, at: usize) -> Result<(), Error> {
        self.nodes += nodes;
        if self.nodes > self.limits.elements {
            return Err(self.too_many_nodes(at));
        }
        Ok(())
    }

    #[cold]
    fn too_many_nodes(&self, at: usize) -> Error {
        let message = format_args!(
            "the document has more than the {} elements and texts of `Limits::elements`; \
             raise it with `Limits::elements(n)`",
            self.limits.elements
        );
        refusal(self.text, Category::Limit, at, message)
    }

    #[cold]
    fn too_deep(&self, at: usize) -> Error {
        let message = format_args!(
            "arrays and structs nest deeper than the {} levels of `Limits::depth`; raise it with `Limits::depth(n)`",
            self.limits.depth
        );
        refusal(self.text, Category::Limit, at, message)
    }

    #[cold]
    fn too_many_open(&self, at: usize) -> Error {
        let message = format_args!(
            "elements nest deeper than the {} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`",
            self.limits.depth
        );
        refusal(self.text, Category::Limit, at, message)
    }

    #[cold]
    fn syntax(&self, at: usize, message: impl core::fmt::Display) -> Error {
        syntax(self.text, at, message)
    }
}

#[cold]
fn syntax(text: &str, at: usize, message: impl core::fmt::Display) -> Error {
    refusal(text, Category::Syntax, at, message)
}

/// The error for what a document has at an offset.
#[cold]
fn refusal(text: &str, category: Category, at: usize, message: impl core::fmt::Display) -> Error {
    Error::custom(category, message).at(|| position(text, at))
}
