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

use core::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{
    attributes::Attributes,
    lexis::{character_reference, find_tag, name_end, plain_tag_end},
    piece::{Piece, short, widened},
    position::position,
    scope::Scope,
    special::find,
};
use crate::{Category, Error, Limits, error::Excerpt};

/// `<value><struct><member>` for a level of data, and the envelope around it.
const ELEMENTS_A_LEVEL: usize = 4;
const ENVELOPE: usize = 16;
/// So few that their tree needs less than the 128 KiB from which on allocators ask the system for
/// memory, and give it back at once.
const NODES_OF_A_PIECE: usize = 1024;
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
        full: NODES_OF_A_PIECE,
        read,
    };
    guard.count_equals()?;
    let end = guard.document(start)?;
    // What is still open there is roxmltree's to complain about.
    guard.piece.end(end, &[]);
    (guard.read)(&guard.piece)?;
    Ok(end)
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
    /// How many nodes there are when the piece is complete.
    full: usize,
    read: F,
}

impl<'a, F: FnMut(&Piece<'_>) -> Result<(), Error>> Guard<'a, F> {
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
        self.piece.begin(at, outer, &self.scope);
        self.full = self.nodes + NODES_OF_A_PIECE.max(SHARE * outer);
        Ok(())
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
        if (self.has_child || opens) && find::<b']'>(self.bytes, range.start) == range.end {
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
        let (name, end) = match plain_tag_end(self.bytes, at + 2) {
            Some(end) => (at + 2..end, end + 1),
            None => self.odd_close(at)?,
        };
        let Some(opened) = self.open.pop() else {
            return Err(self.syntax(at, "a closing tag without an opening one"));
        };
        let depth = self.open.len();
        if self.piece.is_within(depth) {
            // roxmltree compares it with a name of its own piece.
            let (opened, found) = (&self.text[widened(opened)], &self.text[name.clone()]);
            if opened != found {
                let message = format_args!(
                    "expected </{}>, found </{}>",
                    Excerpt(opened),
                    Excerpt(found)
                );
                return Err(self.syntax(at, message));
            }
            self.piece.close(depth, name);
        }
        self.has_child = true;
        self.scope.leave(depth);
        Ok(end)
    }

    /// The name in a closing tag that has more than a name, and the end of the tag.
    #[inline(never)]
    fn odd_close(&mut self, at: usize) -> Result<(Range<usize>, usize), Error> {
        let name = at + 2..name_end(self.bytes, at + 2);
        let Some(found) = memchr(b'>', &self.bytes[name.end..]) else {
            return Err(self.syntax(at, "the closing tag has no end"));
        };
        let end = name.end + found + 1;
        Ok((self.without_prefix(name), end))
    }

    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.count(1, at)?;
        let (name, end) = match plain_tag_end(self.bytes, at + 1) {
            Some(end) => (at + 1..end, end + 1),
            None => match self.odd_open(at)? {
                (Some(name), end) => (name, end),
                (None, end) => return Ok(end),
            },
        };
        if self.open.len() == self.max_open {
            let message = format_args!(
                "elements nest deeper than the {} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`",
                self.limits.depth
            );
            return Err(self.error(Category::Limit, at, message));
        }
        self.has_child = false;
        self.open.push((short(name.start), short(name.end)));
        Ok(end)
    }

    /// The name in a tag that has more than a name, unless the element is empty; and the end of the
    /// tag.
    #[inline(never)]
    fn odd_open(&mut self, at: usize) -> Result<(Option<Range<usize>>, usize), Error> {
        let name = at + 1..name_end(self.bytes, at + 1);
        if name.is_empty() {
            return Err(self.syntax(at, "`<` begins no tag here"));
        }
        let depth = self.open.len();
        let (end, is_empty) = self.attributes.read(name.end, &mut self.scope, depth)?;
        let name = self.without_prefix(name);
        self.attributes.leave_out(&mut self.piece);
        if is_empty {
            self.has_child = true;
            self.scope.leave(depth);
            return Ok((None, end));
        }
        Ok((Some(name), end))
    }

    /// Leaves out a prefix that is declared nowhere. What remains is the name.
    fn without_prefix(&mut self, mut name: Range<usize>) -> Range<usize> {
        if let Some(length) = self.scope.undeclared(&self.text[name.clone()]) {
            self.piece.replace(name.start, name.start + length, "");
            name.start += length;
        }
        name
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

pub(super) fn syntax(text: &str, at: usize, message: impl core::fmt::Display) -> Error {
    refusal(text, Category::Syntax, at, message)
}

/// The error for what a document has at an offset.
pub(super) fn refusal(
    text: &str,
    category: Category,
    at: usize,
    message: impl core::fmt::Display,
) -> Error {
    Error::custom(category, message).at(|| position(text, at))
}
