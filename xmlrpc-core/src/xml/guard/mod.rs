//! One linear pass over a document on its way to roxmltree.
//!
//! roxmltree takes quadratic to cubic time on attributes and namespaces, and memory for every
//! `<` before it looks at one; what XML-RPC has no use for is refused here. The same pass
//! repairs what real peers send although it is not well-formed: prefixes that are declared
//! nowhere, characters as two surrogate references, bytes around the document; and it turns line
//! ends into newlines, which roxmltree forgets to do before a character reference.
//!
//! A large document goes there in pieces, because memory costs more than parsing: a tree takes ten
//! times the room of the document and more, and that of a piece stays where the last one was.

mod attributes;
mod scope;
mod text;

use core::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use self::{attributes::Attributes, scope::Scope};
use super::{
    lexis::{find_tag, name_end, plain_name_end},
    piece::{Piece, short, widened},
    position::position,
};
use crate::{Category, Error, Limits, error::Excerpt};

/// `<value><struct><member>` for a level of data, and the envelope around it.
const ELEMENTS_A_LEVEL: usize = 4;
const ENVELOPE: usize = 16;
/// So few that their tree needs less than the 128 KiB from which on allocators ask the system for
/// memory, and give it back at once.
const NODES_OF_A_PIECE: usize = 800;
/// A piece is so many times what comes before it, so that all of them together are no more than
/// the document and a bit.
const SHARE: usize = 8;

/// Hands a document over, piece by piece, and says where it ends within the bytes around it.
pub(super) fn guard(
    text: &str,
    limits: &Limits,
    read: impl FnMut(&Piece<'_>) -> Result<(), Error>,
) -> Result<usize, Error> {
    let start = text.len() - text.trim_start_matches(is_before_document).len();
    let mut guard = Guard {
        text,
        bytes: text.as_bytes(),
        limits,
        nodes: 0,
        open: Vec::new(),
        max_open: limits
            .depth
            .saturating_mul(ELEMENTS_A_LEVEL)
            .saturating_add(ENVELOPE),
        has_child: false,
        scope: Scope::default(),
        attributes: Attributes::new(text),
        rare: memmem::find(text.as_bytes(), b"&#").is_some()
            || memchr(b'\r', text.as_bytes()).is_some(),
        piece: Piece::new(text, start),
        at: start,
        full: NODES_OF_A_PIECE,
        read,
    };
    guard.count_equals()?;
    match guard.document(start) {
        Ok(end) => {
            // What is still open there is roxmltree's to complain about.
            guard.piece.end(end, &[]);
            (guard.read)(&guard.piece)?;
            Ok(end)
        }
        Err(error) => {
            guard.read_up_to_error()?;
            Err(error)
        }
    }
}

fn is_before_document(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{FEFF}')
}

struct Guard<'a, F> {
    text: &'a str,
    bytes: &'a [u8],
    limits: &'a Limits,
    nodes: usize,
    /// Where the names of the elements are that are open.
    open: Vec<(u32, u32)>,
    max_open: usize,
    /// Whether the innermost of them holds an element.
    has_child: bool,
    scope: Scope<'a>,
    attributes: Attributes<'a>,
    /// Whether text has to be looked at at all.
    rare: bool,
    piece: Piece<'a>,
    /// Where the tag or text at hand begins.
    at: usize,
    /// How many nodes there are when the piece is complete.
    full: usize,
    read: F,
}

impl<F: FnMut(&Piece<'_>) -> Result<(), Error>> Guard<'_, F> {
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
            if self.bytes.get(at) != Some(&b'<') {
                self.at = at;
                let Some(tag) = find_tag(self.bytes, at) else {
                    return if self.open.is_empty() {
                        Err(self.not_xml(at))
                    } else {
                        // roxmltree knows better what is missing.
                        Ok(self.bytes.len())
                    };
                };
                self.text(at..tag)?;
                at = tag;
            }
            if self.nodes >= self.full && !self.open.is_empty() {
                self.cut(at)?;
            }
            self.at = at;
            let kind = self.bytes.get(at + 1);
            at = match kind {
                Some(b'/') => self.close(at)?,
                Some(b'!') => self.declaration(at)?,
                Some(b'?') => self.section(at, 2, b"?>", "processing instruction")?,
                _ => self.open(at)?,
            };
            if self.open.is_empty() && !matches!(kind, Some(b'!' | b'?')) {
                return Ok(at);
            }
        }
    }

    /// Ends a piece before a tag, and begins the next.
    fn cut(&mut self, at: usize) -> Result<(), Error> {
        if at - self.piece.start() < SHARE * self.piece.head() {
            return Ok(());
        }
        self.piece.end(at, &self.open);
        (self.read)(&self.piece)?;
        let outer = self.open.len();
        self.piece.begin(at, outer, self.scope.declarations());
        self.full = self.nodes + NODES_OF_A_PIECE.max(SHARE * outer);
        Ok(())
    }

    /// The first error of a document counts: roxmltree may know one before that of the guard.
    fn read_up_to_error(&mut self) -> Result<(), Error> {
        if self.open.is_empty() {
            return Ok(());
        }
        self.piece.end(self.at, &self.open);
        (self.read)(&self.piece)
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

    fn close(&mut self, at: usize) -> Result<usize, Error> {
        let plain = plain_name_end(self.bytes, at + 2);
        let (name, end) = match self.bytes.get(plain) {
            Some(b'>') => (at + 2..plain, plain + 1),
            _ => self.odd_close(at)?,
        };
        let Some(&opened) = self.open.last() else {
            return Err(self.syntax(at, "a closing tag without an opening one"));
        };
        let depth = self.open.len() - 1;
        if self.piece.is_within(depth) {
            // roxmltree would compare it with a name of its own piece.
            let (opened, found) = (&self.text[widened(opened)], &self.text[name.clone()]);
            if opened != found {
                let message = format_args!(
                    "expected </{}>, found </{}>",
                    Excerpt(opened),
                    Excerpt(found)
                );
                return Err(self.syntax(at, message));
            }
            self.piece.close(depth, at + 2..name.end);
        } else if name.start > at + 2 {
            self.piece.replace(at + 2, name.start, "");
        }
        self.open.pop();
        self.has_child = true;
        self.scope.leave(depth);
        Ok(end)
    }

    /// The name in a closing tag that has more than a name, and the end of the tag.
    #[inline(never)]
    fn odd_close(&self, at: usize) -> Result<(Range<usize>, usize), Error> {
        let name = at + 2..name_end(self.bytes, at + 2);
        let Some(found) = memchr(b'>', &self.bytes[name.end..]) else {
            return Err(self.syntax(at, "the closing tag has no end"));
        };
        let end = name.end + found + 1;
        Ok((self.without_prefix(name), end))
    }

    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.count(1, at)?;
        let plain = plain_name_end(self.bytes, at + 1);
        let (name, end, is_empty) = match self.bytes.get(plain..).unwrap_or_default() {
            [b'>', ..] if plain > at + 1 => (at + 1..plain, plain + 1, false),
            [b'/', b'>', ..] if plain > at + 1 => (at + 1..plain, plain + 2, true),
            _ => self.odd_open(at)?,
        };
        self.has_child = is_empty;
        if !is_empty {
            self.check_depth(at)?;
            self.open.push((short(name.start), short(name.end)));
        }
        Ok(end)
    }

    /// The name in a tag that has more than a name, the end of the tag, and whether the element is
    /// empty.
    #[inline(never)]
    fn odd_open(&mut self, at: usize) -> Result<(Range<usize>, usize, bool), Error> {
        let whole = at + 1..name_end(self.bytes, at + 1);
        if whole.is_empty() {
            return Err(self.syntax(at, "`<` begins no tag here"));
        }
        let depth = self.open.len();
        let (end, is_empty) = self.attributes.read(whole.end, &mut self.scope, depth)?;
        if !is_empty {
            // Before anything is written that lies behind the place of the error.
            self.check_depth(at)?;
        }
        let name = self.without_prefix(whole.clone());
        if name != whole {
            self.piece.replace(whole.start, name.start, "");
        }
        self.attributes.leave_out(&mut self.piece);
        if is_empty {
            self.scope.leave(depth);
        }
        Ok((name, end, is_empty))
    }

    fn check_depth(&self, at: usize) -> Result<(), Error> {
        if self.open.len() < self.max_open {
            return Ok(());
        }
        let message = format_args!(
            "elements nest deeper than the {} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`",
            self.limits.depth
        );
        Err(self.error(Category::Limit, at, message))
    }

    /// What remains of a name without a prefix that is declared nowhere.
    fn without_prefix(&self, name: Range<usize>) -> Range<usize> {
        let length = self.scope.undeclared(&self.text[name.clone()]);
        name.start + length.unwrap_or_default()..name.end
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

    #[cold]
    fn syntax(&self, at: usize, message: impl core::fmt::Display) -> Error {
        syntax(self.text, at, message)
    }

    #[cold]
    fn error(&self, category: Category, at: usize, message: impl core::fmt::Display) -> Error {
        refusal(self.text, category, at, message)
    }
}

fn syntax(text: &str, at: usize, message: impl core::fmt::Display) -> Error {
    refusal(text, Category::Syntax, at, message)
}

/// The error for what a document has at an offset.
fn refusal(text: &str, category: Category, at: usize, message: impl core::fmt::Display) -> Error {
    Error::custom(category, message).at(|| position(text, at))
}
