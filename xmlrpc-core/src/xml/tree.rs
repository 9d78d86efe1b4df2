//! From the pieces of a document to its events, through roxmltree.

use roxmltree::{Document, Error as XmlError, Node, StringStorage};

use super::{
    Tag,
    piece::{Originals, Piece, short},
    position,
    tag::APACHE,
    tape::{Step, Tape},
};
use crate::{Category, Error, Limits, error::Excerpt};

/// Makes events of the pieces of a document, one after the other.
pub(super) struct Flattener<'a> {
    /// The whole document, to which all offsets refer.
    text: &'a str,
    limits: &'a Limits,
    open: Vec<Open>,
    /// How many of the open elements are arrays or structs.
    depth: usize,
    tape: Tape,
}

/// An element that is open.
struct Open {
    /// The step that opens it.
    step: u32,
    /// Where it ends in the piece at hand.
    end: u32,
}

impl<'a> Flattener<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            limits,
            open: Vec::new(),
            depth: 0,
            tape: Tape::default(),
        }
    }

    pub(super) fn finish(self) -> Tape {
        self.tape
    }

    pub(super) fn read(&mut self, piece: &Piece<'_>) -> Result<(), Error> {
        let source = piece.as_str();
        let document = Document::parse(source).map_err(|err| {
            let (error, offset) = syntax(&err, source);
            error.at(|| position::position(self.text, piece.original(offset)))
        })?;
        let mut nodes = document.descendants().skip(1);
        // The elements around the piece have been told.
        for (open, node) in self.open.iter_mut().zip(nodes.by_ref()) {
            open.end = short(node.range().end);
        }
        let mut originals = piece.originals();
        for node in nodes {
            if node.is_element() {
                let range = node.range();
                self.close_before(range.start, &mut originals);
                let tag = tag(node, source, range.start);
                self.element(tag, originals.original(range.start), range.end)?;
            } else if let Some(text) = node.text_storage().filter(|_| node.is_text()) {
                self.close_before(node.range().start, &mut originals);
                self.text(text, source, &mut originals);
            }
        }
        while self.open.len() > piece.inner() {
            self.close(&mut originals);
        }
        Ok(())
    }

    fn element(&mut self, tag: Tag, start: usize, end: usize) -> Result<(), Error> {
        // Text beside a child element means nothing.
        match self.tape.steps.last() {
            Some(Step::Lent { .. }) => _ = self.tape.steps.pop(),
            Some(Step::Joined { start, .. }) => {
                self.tape.joined.truncate(*start as usize);
                self.tape.steps.pop();
            }
            _ => {}
        }
        if is_level(tag) {
            self.depth += 1;
            if self.depth > self.limits.depth {
                return Err(self.too_deep().at(|| position::position(self.text, start)));
            }
        }
        self.open.push(Open {
            step: short(self.tape.steps.len()),
            end: short(end),
        });
        self.tape.steps.push(Step::Open {
            tag,
            offset: short(start),
            close: 0,
        });
        Ok(())
    }

    fn too_deep(&self) -> Error {
        Error::limit(format_args!(
            "arrays and structs nest deeper than the {} levels of `Limits::depth`; raise it with `Limits::depth(n)`",
            self.limits.depth
        ))
    }

    /// Closes the elements that end before an offset of the piece.
    #[inline]
    fn close_before(&mut self, start: usize, originals: &mut Originals<'_>) {
        while let Some(last) = self.open.last()
            && last.end as usize <= start
        {
            self.close(originals);
        }
    }

    /// Closes the innermost element that is open.
    #[inline]
    fn close(&mut self, originals: &mut Originals<'_>) {
        let Some(last) = self.open.pop() else {
            return;
        };
        let steps = &mut self.tape.steps;
        let at = steps.len();
        if let Some(Step::Open { tag, close, .. }) = steps.get_mut(last.step as usize) {
            *close = short(at);
            self.depth -= usize::from(is_level(*tag));
        }
        // What follows the tag may have been left out.
        let end = originals.original((last.end as usize).saturating_sub(1)) + 1;
        steps.push(Step::Close { offset: short(end) });
    }

    fn text(&mut self, text: &StringStorage<'_>, source: &str, originals: &mut Originals<'_>) {
        let Tape { steps, joined } = &mut self.tape;
        let is_first = match steps.last() {
            Some(Step::Open { tag, .. }) => tag.holds_text(),
            Some(Step::Lent { .. } | Step::Joined { .. }) => false,
            _ => return,
        };
        if text.is_empty() {
            return;
        }
        if is_first {
            if let StringStorage::Borrowed(text) = text {
                let start = offset_of(text, source);
                if let Some(start) = originals.in_one_piece(start, start + text.len()) {
                    let (start, end) = (short(start), short(start + text.len()));
                    steps.push(Step::Lent { start, end });
                    return;
                }
            }
            let start = short(joined.len());
            steps.push(Step::Joined { start, end: start });
        }
        if let Some(step) = steps.last_mut()
            && let Step::Lent { start, end } = *step
        {
            let joins = short(joined.len());
            joined.push_str(&self.text[start as usize..end as usize]);
            *step = Step::Joined {
                start: joins,
                end: joins,
            };
        }
        if let Some(Step::Joined { end, .. }) = steps.last_mut() {
            joined.push_str(text.as_str());
            *end = short(joined.len());
        }
    }
}

/// A prefix counts as none if it is that of the Apache namespace; default namespaces never count.
#[inline]
fn tag(node: Node<'_, '_>, source: &str, start: usize) -> Tag {
    let name = node.tag_name();
    let has_prefix = offset_of(name.name(), source) > start + 1;
    if has_prefix && name.namespace() != Some(APACHE) {
        return Tag::Other;
    }
    Tag::from_local_name(name.name())
}

/// Where a part of a text is in it.
fn offset_of(part: &str, text: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

const fn is_level(tag: Tag) -> bool {
    matches!(tag, Tag::Array | Tag::Struct)
}

/// The error of roxmltree in words without its position, which is kept beside it.
fn syntax(err: &XmlError, source: &str) -> (Error, usize) {
    let pos = err.pos();
    let offset = match err {
        XmlError::UnclosedRootNode | XmlError::UnexpectedEndOfStream => source.len(),
        _ => position::offset(source, pos.row, pos.col),
    };
    let error = match err {
        XmlError::UnexpectedCloseTag(expected, found, _) => Error::syntax(format_args!(
            "expected </{}>, found </{}>",
            Excerpt(expected),
            Excerpt(found)
        )),
        XmlError::UnknownEntityReference(name, _) => {
            Error::syntax(format_args!("unknown entity &{};", Excerpt(name)))
        }
        XmlError::DuplicatedAttribute(name, _) => Error::syntax(format_args!(
            "the attribute {} is there twice",
            Excerpt(name)
        )),
        XmlError::DuplicatedNamespace(name, _) => Error::syntax(format_args!(
            "the namespace prefix {} is declared twice",
            Excerpt(name)
        )),
        XmlError::UnknownNamespace(prefix, _) => Error::syntax(format_args!(
            "the namespace prefix {} is not declared",
            Excerpt(prefix)
        )),
        XmlError::UnclosedRootNode => {
            Error::syntax("the document ends before its root element does")
        }
        XmlError::NodesLimitReached
        | XmlError::AttributesLimitReached
        | XmlError::NamespacesLimitReached => Error::custom(Category::Limit, err),
        other => Error::syntax(other.to_string().replacen(&format!(" at {pos}"), "", 1)),
    };
    (error, offset)
}
