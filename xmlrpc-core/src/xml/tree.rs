//! From the pieces of a document to its events, through roxmltree.

use roxmltree::{Document, Error as XmlError, Node, NodeId, StringStorage};

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
    /// The text of the innermost open element, as long as it has no child.
    leaf: Text,
    tape: Tape,
}

struct Open {
    id: NodeId,
    tag: Tag,
    step: usize,
    /// Where it ends in the piece at hand.
    end: u32,
    has_child: bool,
}

#[derive(Clone, Copy)]
enum Text {
    None,
    Lent(u32, u32),
    Joined(u32),
}

impl<'a> Flattener<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            limits,
            open: Vec::new(),
            depth: 0,
            leaf: Text::None,
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
        // The elements around the piece have been told; here they have other numbers.
        for (open, node) in self.open.iter_mut().zip(nodes.by_ref()) {
            open.id = node.id();
            open.end = short(node.range().end);
        }
        let mut reader = PieceReader {
            source,
            originals: piece.originals(),
            flattener: self,
        };
        for node in nodes {
            if node.is_element() {
                reader.close_down_to(node.parent().map(|parent| parent.id()));
                reader.element(node)?;
            } else if let Some(text) = node.text_storage().filter(|_| node.is_text()) {
                reader.close_down_to(node.parent().map(|parent| parent.id()));
                reader.text(text);
            }
        }
        while reader.flattener.open.len() > piece.inner() {
            reader.close();
        }
        Ok(())
    }

    fn too_deep(&self) -> Error {
        Error::limit(format_args!(
            "arrays and structs nest deeper than the {} levels of `Limits::depth`; raise it with `Limits::depth(n)`",
            self.limits.depth
        ))
    }
}

/// Makes events of the nodes of a piece.
struct PieceReader<'a, 'b> {
    source: &'a str,
    originals: Originals<'a>,
    flattener: &'a mut Flattener<'b>,
}

impl PieceReader<'_, '_> {
    fn element(&mut self, node: Node<'_, '_>) -> Result<(), Error> {
        let range = node.range();
        let tag = self.tag(node, range.start);
        self.discard_text();
        let start = self.originals.original(range.start);
        let flattener = &mut *self.flattener;
        if let Some(parent) = flattener.open.last_mut() {
            parent.has_child = true;
        }
        if is_level(tag) {
            flattener.depth += 1;
            if flattener.depth > flattener.limits.depth {
                let error = flattener.too_deep();
                return Err(error.at(|| position::position(flattener.text, start)));
            }
        }
        flattener.open.push(Open {
            id: node.id(),
            tag,
            step: flattener.tape.steps.len(),
            end: short(range.end),
            has_child: false,
        });
        flattener.tape.steps.push(Step::Open {
            tag,
            offset: short(start),
            close: 0,
        });
        Ok(())
    }

    /// A prefix counts as none if it is that of the Apache namespace; default namespaces never count.
    fn tag(&self, node: Node<'_, '_>, start: usize) -> Tag {
        let name = node.tag_name();
        let has_prefix = self.offset_of(name.name()) > start + 1;
        if has_prefix && name.namespace() != Some(APACHE) {
            return Tag::Other;
        }
        Tag::from_local_name(name.name())
    }

    fn close_down_to(&mut self, parent: Option<NodeId>) {
        while self
            .flattener
            .open
            .last()
            .is_some_and(|last| Some(last.id) != parent)
        {
            self.close();
        }
    }

    /// Closes the innermost element that is open.
    fn close(&mut self) {
        let flattener = &mut *self.flattener;
        let Some(last) = flattener.open.pop() else {
            return;
        };
        let steps = &mut flattener.tape.steps;
        match core::mem::replace(&mut flattener.leaf, Text::None) {
            Text::None => {}
            Text::Lent(start, end) => steps.push(Step::Lent { start, end }),
            Text::Joined(start) => steps.push(Step::Joined {
                start,
                end: short(flattener.tape.joined.len()),
            }),
        }
        let at = steps.len();
        if let Some(Step::Open { close, .. }) = steps.get_mut(last.step) {
            *close = short(at);
        }
        // What follows the tag may have been left out.
        let end = self
            .originals
            .original((last.end as usize).saturating_sub(1))
            + 1;
        steps.push(Step::Close { offset: short(end) });
        flattener.depth -= usize::from(is_level(last.tag));
    }

    fn text(&mut self, text: &StringStorage<'_>) {
        let wanted = self
            .flattener
            .open
            .last()
            .is_some_and(|last| last.tag.holds_text() && !last.has_child);
        if !wanted || text.is_empty() {
            return;
        }
        let lent = match text {
            StringStorage::Borrowed(text) => {
                let start = self.offset_of(text);
                let original = self.originals.in_one_piece(start, start + text.len());
                original.map(|start| (short(start), short(start + text.len())))
            }
            StringStorage::Owned(_) => None,
        };
        let flattener = &mut *self.flattener;
        let joined = &mut flattener.tape.joined;
        match (flattener.leaf, lent) {
            (Text::None, Some((start, end))) => {
                flattener.leaf = Text::Lent(start, end);
                return;
            }
            (Text::None, None) => flattener.leaf = Text::Joined(short(joined.len())),
            (Text::Lent(start, end), _) => {
                flattener.leaf = Text::Joined(short(joined.len()));
                joined.push_str(&flattener.text[start as usize..end as usize]);
            }
            (Text::Joined(_), _) => {}
        }
        joined.push_str(text.as_str());
    }

    /// Text beside a child element means nothing.
    fn discard_text(&mut self) {
        let flattener = &mut *self.flattener;
        if let Text::Joined(start) = flattener.leaf {
            flattener.tape.joined.truncate(start as usize);
        }
        flattener.leaf = Text::None;
    }

    /// Where a part of the source is in it.
    fn offset_of(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.source.as_ptr().addr()
    }
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
