//! From the text of a document to its events, through roxmltree.

use roxmltree::{Error as XmlError, Node, NodeId, StringStorage};

use super::{
    Tag, position,
    repair::short,
    tag::APACHE,
    tape::{Step, Tape},
};
use crate::{Category, Error, Limits, error::Excerpt};

/// The events of a document; an error comes with its offset in `source`.
pub(super) fn flatten(source: &str, limits: &Limits) -> Result<Tape, (Error, usize)> {
    let document = roxmltree::Document::parse(source).map_err(|err| syntax(&err, source))?;
    let mut flattener = Flattener {
        source,
        limits,
        open: Vec::new(),
        depth: 0,
        text: Text::None,
        tape: Tape::default(),
    };
    for node in document.root_element().descendants() {
        if node.is_element() {
            flattener.close_down_to(node.parent().map(|parent| parent.id()));
            flattener.element(node)?;
        } else if let Some(text) = node.text_storage().filter(|_| node.is_text()) {
            flattener.close_down_to(node.parent().map(|parent| parent.id()));
            flattener.text(text);
        }
    }
    flattener.close_down_to(None);
    Ok(flattener.tape)
}

struct Flattener<'a> {
    source: &'a str,
    limits: &'a Limits,
    open: Vec<Open>,
    /// How many of the open elements are arrays or structs.
    depth: usize,
    /// The text of the innermost open element, as long as it has no child.
    text: Text,
    tape: Tape,
}

struct Open {
    id: NodeId,
    tag: Tag,
    step: usize,
    start: u32,
    end: u32,
    has_child: bool,
}

#[derive(Clone, Copy)]
enum Text {
    None,
    Lent(u32, u32),
    Joined(u32),
}

impl Flattener<'_> {
    fn element(&mut self, node: Node<'_, '_>) -> Result<(), (Error, usize)> {
        let range = node.range();
        let tag = self.tag(node, range.start);
        self.discard_text();
        if let Some(parent) = self.open.last_mut() {
            parent.has_child = true;
        }
        if is_level(tag) {
            self.depth += 1;
            if self.depth > self.limits.depth {
                return Err((self.too_deep(), range.start));
            }
        }
        let step = self.tape.steps.len();
        self.open.push(Open {
            id: node.id(),
            tag,
            step,
            start: short(range.start),
            end: short(range.end),
            has_child: false,
        });
        self.tape.steps.push(Step::Open {
            tag,
            offset: short(range.start),
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
        while let Some(last) = self.open.pop_if(|last| Some(last.id) != parent) {
            match core::mem::replace(&mut self.text, Text::None) {
                Text::None => {}
                Text::Lent(start, end) => self.tape.steps.push(Step::Lent { start, end }),
                Text::Joined(start) => self.tape.steps.push(Step::Joined {
                    start,
                    end: short(self.tape.joined.len()),
                    offset: last.start,
                }),
            }
            let at = self.tape.steps.len();
            if let Step::Open { close, .. } = &mut self.tape.steps[last.step] {
                *close = short(at);
            }
            self.tape.steps.push(Step::Close { offset: last.end });
            self.depth -= usize::from(is_level(last.tag));
        }
    }

    fn text(&mut self, text: &StringStorage<'_>) {
        let wanted = self
            .open
            .last()
            .is_some_and(|last| last.tag.holds_text() && !last.has_child);
        if !wanted || text.is_empty() {
            return;
        }
        match (self.text, text) {
            (Text::None, StringStorage::Borrowed(text)) => {
                let start = self.offset_of(text);
                self.text = Text::Lent(short(start), short(start + text.len()));
                return;
            }
            (Text::None, StringStorage::Owned(_)) => {
                self.text = Text::Joined(short(self.tape.joined.len()));
            }
            (Text::Lent(start, end), _) => {
                self.text = Text::Joined(short(self.tape.joined.len()));
                self.tape
                    .joined
                    .push_str(&self.source[start as usize..end as usize]);
            }
            (Text::Joined(_), _) => {}
        }
        self.tape.joined.push_str(text.as_str());
    }

    /// Text beside a child element means nothing.
    fn discard_text(&mut self) {
        if let Text::Joined(start) = self.text {
            self.tape.joined.truncate(start as usize);
        }
        self.text = Text::None;
    }

    /// Where a piece of the source is in it.
    fn offset_of(&self, piece: &str) -> usize {
        piece.as_ptr().addr() - self.source.as_ptr().addr()
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
