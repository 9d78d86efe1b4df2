//! The unusual parts of a document, as roxmltree reads them.

use core::ops::Range;

use ::roxmltree::{Document, Error as XmlError, StringStorage};

use crate::{
    Category, Error, Limits,
    error::{Exceeded, Excerpt},
    xml::{
        events::{Events, short},
        position,
    },
};

/// A batch of so many nodes needs less than 128 KiB. From there on, allocators ask the system for
/// memory and give it back at once.
const NODES: usize = 800;
const BYTES: usize = 1 << 16;

/// The element around the parts of a batch, and the separator of texts: the shortest names.
const OPEN: &str = "<a>";
const CLOSE: &str = "</a>";
const SEPARATOR: &str = "<a/>";

/// The parts of a document that roxmltree has to read, joined in order into a document of their own.
///
/// Parts that need a repair are rewritten. The texts that roxmltree finds fill the slots that were
/// left for them among the events; the other parts are only checked for errors.
pub(super) struct Batch<'a> {
    text: &'a str,
    limits: &'a Limits,
    /// The document for roxmltree.
    written: String,
    /// The offset up to which the current text has been written.
    copied: usize,
    /// The number of `=` in an XML declaration within the batch, up to the three that one can have.
    declared: usize,
    /// Whether the element around the parts has been opened.
    is_open: bool,
    /// Whether the current text differs from the document although it is equally long.
    is_altered: bool,
    parts: Vec<Part>,
    /// The number of comments and sections within the parts.
    nodes: usize,
    /// Pairs of offsets in `written` and in the text, from which on both correspond.
    anchors: Vec<(u32, u32)>,
}

/// A part of a batch.
enum Part {
    /// An element without content.
    Tag,
    /// The content between two tags, followed by a separator. Its text fills the slot, a step of the
    /// events.
    Text { slot: Option<u32>, is_altered: bool },
}

impl<'a> Batch<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            limits,
            written: String::new(),
            copied: 0,
            declared: 0,
            is_open: false,
            is_altered: false,
            parts: Vec::new(),
            nodes: 0,
            anchors: Vec::new(),
        }
    }

    /// Adds what stands before the root element.
    pub(super) fn prolog(&mut self, start: usize, end: usize) {
        if start < end {
            self.anchor(start);
            let prolog = &self.text[start..end];
            self.written.push_str(prolog);
            if let Some((declaration, _)) = prolog.split_once("?>")
                && declaration.starts_with("<?xml")
            {
                let equals = memchr::memchr_iter(b'=', declaration.as_bytes());
                self.declared = equals.take(3).count();
            }
        }
    }

    /// Adds the name of an element and its declarations of namespaces.
    pub(super) fn tag(&mut self, name: Range<usize>, declarations: impl Iterator<Item = &'a str>) {
        self.open();
        self.written.push('<');
        self.anchor(name.start);
        self.written.push_str(&self.text[name]);
        for declaration in declarations {
            self.written.push(' ');
            self.anchor(declaration.as_ptr().addr() - self.text.as_ptr().addr());
            self.written.push_str(declaration);
        }
        self.written.push_str("/>");
        self.parts.push(Part::Tag);
    }

    /// Adds an attribute: the range of its name, and its end. Its prefix is checked as a name.
    pub(super) fn attribute(&mut self, name: Range<usize>, end: usize) {
        self.open();
        let mut local = name.start;
        // Where the prefix or the name is invalid, roxmltree reports the whole.
        if let Some((prefix, rest)) = self.text[name.clone()].split_once(':')
            && !prefix.is_empty()
            && !rest.contains(':')
        {
            local += prefix.len() + 1;
            self.written.push_str("<a ");
            self.anchor(name.start);
            self.written.push_str(prefix);
            self.written.push_str("=''/>");
            self.parts.push(Part::Tag);
        }
        self.written.push_str("<a ");
        self.anchor(local);
        self.written.push_str(&self.text[local..end]);
        self.written.push_str("/>");
        self.parts.push(Part::Tag);
    }

    /// Begins a text. Parts of it may be [replaced](Self::replace) before it [ends](Self::end).
    pub(super) fn begin(&mut self, start: usize) {
        self.open();
        self.anchor(start);
        self.copied = start;
        self.is_altered = false;
    }

    /// Writes `replacement` instead of the bytes of the text from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, replacement: &str) {
        self.written.push_str(&self.text[self.copied..start]);
        self.written.push_str(replacement);
        self.anchor(end);
        self.copied = end;
    }

    /// Replaces a carriage return by a line feed, or drops it if a line feed follows.
    pub(super) fn line_end(&mut self, at: usize, is_alone: bool) {
        self.written.push_str(&self.text[self.copied..at]);
        self.copied = at + 1;
        if is_alone {
            self.written.push('\n');
            self.is_altered = true;
        } else {
            self.anchor(at + 1);
        }
    }

    /// Counts a comment or a section.
    pub(super) fn node(&mut self) {
        self.nodes += 1;
    }

    /// Ends a text.
    pub(super) fn end(&mut self, end: usize, slot: Option<u32>) {
        if let Some(rest) = self.text.get(self.copied..end) {
            self.written.push_str(rest);
        }
        self.anchor(end);
        self.written.push_str(SEPARATOR);
        let is_altered = self.is_altered;
        self.parts.push(Part::Text { slot, is_altered });
    }

    fn open(&mut self) {
        if !self.is_open {
            self.written.push_str(OPEN);
            self.is_open = true;
        }
    }

    /// Notes that the bytes written from now on stand at an offset of the text.
    fn anchor(&mut self, original: usize) {
        self.anchors
            .push((short(self.written.len()), short(original)));
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.parts.len() + self.nodes >= NODES || self.written.len() >= BYTES
    }

    /// Has roxmltree read the batch if it is full.
    #[inline]
    pub(super) fn read_if_full(&mut self, events: &mut Events) -> Result<(), Error> {
        if self.is_full() {
            self.read(events)
        } else {
            Ok(())
        }
    }

    /// Has roxmltree read the batch, fills the slots, and empties the batch.
    pub(super) fn read(&mut self, events: &mut Events) -> Result<(), Error> {
        if self.written.is_empty() {
            return Ok(());
        }
        let result = self.parse(events);
        self.written.clear();
        self.declared = 0;
        self.is_open = false;
        self.parts.clear();
        self.nodes = 0;
        self.anchors.clear();
        result
    }

    fn parse(&mut self, events: &mut Events) -> Result<(), Error> {
        self.open();
        self.written.push_str(CLOSE);
        self.count_equals()?;
        let source = self.written.as_str();
        let document = Document::parse(source).map_err(|err| {
            let (error, offset) = syntax(&err, source);
            self.error_at(error, offset)
        })?;
        let mut nodes = document.root_element().children();
        let mut anchors = Anchors(&self.anchors);
        for part in &self.parts {
            let Part::Text { slot, is_altered } = part else {
                nodes.next();
                continue;
            };
            for node in nodes.by_ref().take_while(|node| !node.is_element()) {
                if let Some(slot) = slot
                    && let Some(text) = node.text_storage().filter(|_| node.is_text())
                {
                    let original = in_document(text, source, &mut anchors).filter(|_| !is_altered);
                    events.fill(*slot, text.as_str(), original, self.text);
                }
            }
        }
        Ok(())
    }

    /// Bounds the number of `=`, because roxmltree reserves room for an attribute at each of them.
    fn count_equals(&self) -> Result<(), Error> {
        let allowed = self.limits.elements.saturating_add(self.declared);
        let found = memchr::memchr_iter(b'=', self.written.as_bytes()).nth(allowed);
        found.map_or(Ok(()), |offset| {
            let error = Error::limit(Exceeded::Equals(self.limits.elements));
            Err(self.error_at(error, offset))
        })
    }

    fn error_at(&self, error: Error, offset: usize) -> Error {
        let original = Anchors(&self.anchors).original(offset);
        error.at(|| position::position(self.text, original))
    }
}

/// Maps offsets of a batch, in ascending order, back to the text.
///
/// Begins with the last anchor before the current offset.
struct Anchors<'a>(&'a [(u32, u32)]);

impl Anchors<'_> {
    fn original(&mut self, offset: usize) -> usize {
        while let [_, next, ..] = self.0
            && next.0 as usize <= offset
        {
            self.0 = &self.0[1..];
        }
        self.0.first().map_or(offset, |(new, old)| {
            *old as usize + offset.saturating_sub(*new as usize)
        })
    }

    /// The offset of a range in the text, if the text contains it in one piece.
    fn in_one_piece(&mut self, start: usize, end: usize) -> Option<usize> {
        let original = self.original(start);
        let next = self.0.get(1);
        next.is_none_or(|(new, _)| *new as usize >= end)
            .then_some(original)
    }
}

/// The offset of a text in the document, if the document contains it as it is.
fn in_document(text: &StringStorage<'_>, source: &str, anchors: &mut Anchors<'_>) -> Option<usize> {
    let StringStorage::Borrowed(text) = text else {
        return None;
    };
    let start = text.as_ptr().addr() - source.as_ptr().addr();
    anchors.in_one_piece(start, start + text.len())
}

/// The error of roxmltree with a text of ours, and its offset.
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
        XmlError::DuplicatedAttribute(name, _) => {
            Error::syntax(format_args!("duplicate attribute {}", Excerpt(name)))
        }
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
        | XmlError::NamespacesLimitReached => Error::with_category(Category::Limit, err),
        other => Error::syntax(other.to_string().replacen(&format!(" at {pos}"), "", 1)),
    };
    (error, offset)
}
