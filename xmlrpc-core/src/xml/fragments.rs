//! What is odd in a document, as roxmltree reads it.

use core::ops::Range;

use roxmltree::{Document, Error as XmlError, StringStorage};

use super::{position, tape::Tape};
use crate::{Category, Error, Limits, error::Excerpt};

/// So many nodes that their tree needs less than the 128 KiB from which on allocators ask the system
/// for memory, and give it back at once.
const NODES: usize = 800;
const BYTES: usize = 1 << 16;

/// The element around fragments, and what separates them: names that cost little.
const OPEN: &str = "<a>";
const CLOSE: &str = "</a>";
const SEPARATOR: &str = "<a/>";

/// Parts of a document that are put together, in order, to one of their own: for roxmltree to read.
///
/// What has to be repaired is written anew. The texts that it finds go to the holes in the tape that
/// were left for them; of all else it says whether it is well-formed.
pub(super) struct Fragments<'a> {
    text: &'a str,
    limits: &'a Limits,
    written: String,
    /// Up to where the fragment at hand has been written.
    copied: usize,
    /// How many `=` an XML declaration among it has, as far as one needs them.
    declared: usize,
    /// Whether the element around fragments has been opened.
    is_open: bool,
    /// Whether the text of the fragment at hand is not that of the document, although it is as long.
    is_altered: bool,
    parts: Vec<Fragment>,
    /// Comments and the like within them.
    nodes: usize,
    /// Pairs of offsets, in `written` and in the text, from which on both run in step.
    steps: Vec<(u32, u32)>,
}

enum Fragment {
    /// An element without content.
    Tag,
    /// What stands between two tags, with a separator behind it, and the step in the tape that its
    /// text becomes.
    Run { hole: Option<u32>, is_altered: bool },
}

impl<'a> Fragments<'a> {
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
            steps: Vec::new(),
        }
    }

    /// Takes what stands before the root element.
    pub(super) fn prolog(&mut self, start: usize, end: usize) {
        if start < end {
            self.in_step(start);
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

    /// Takes the name of an element and its declarations of namespaces.
    pub(super) fn tag(&mut self, name: Range<usize>, declarations: impl Iterator<Item = &'a str>) {
        self.open();
        self.written.push('<');
        self.in_step(name.start);
        self.written.push_str(&self.text[name]);
        for declaration in declarations {
            self.written.push(' ');
            self.in_step(declaration.as_ptr().addr() - self.text.as_ptr().addr());
            self.written.push_str(declaration);
        }
        self.written.push_str("/>");
        self.parts.push(Fragment::Tag);
    }

    /// Takes an attribute without what its prefix means: the place of its name, and its end.
    pub(super) fn attribute(&mut self, name: Range<usize>, end: usize) {
        self.open();
        let mut local = name.start;
        // Where that is no prefix and no name, roxmltree says what it is.
        if let Some((prefix, rest)) = self.text[name.clone()].split_once(':')
            && !prefix.is_empty()
            && !rest.contains(':')
        {
            local += prefix.len() + 1;
            self.written.push_str("<a ");
            self.in_step(name.start);
            self.written.push_str(prefix);
            self.written.push_str("=''/>");
            self.parts.push(Fragment::Tag);
        }
        self.written.push_str("<a ");
        self.in_step(local);
        self.written.push_str(&self.text[local..end]);
        self.written.push_str("/>");
        self.parts.push(Fragment::Tag);
    }

    /// Begins a run, of which parts may be [replaced](Self::replace) before it [ends](Self::end).
    pub(super) fn begin(&mut self, start: usize) {
        self.open();
        self.in_step(start);
        self.copied = start;
        self.is_altered = false;
    }

    /// Puts `replacement` in the place of the bytes of the text from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, replacement: &str) {
        self.written.push_str(&self.text[self.copied..start]);
        self.written.push_str(replacement);
        self.in_step(end);
        self.copied = end;
    }

    /// Goes past a carriage return, which stands for a line feed unless one follows it.
    pub(super) fn line_end(&mut self, at: usize, is_alone: bool) {
        self.written.push_str(&self.text[self.copied..at]);
        self.copied = at + 1;
        if is_alone {
            self.written.push('\n');
            self.is_altered = true;
        } else {
            self.in_step(at + 1);
        }
    }

    /// Takes note of a comment, or the like.
    pub(super) fn node(&mut self) {
        self.nodes += 1;
    }

    pub(super) fn end(&mut self, end: usize, hole: Option<u32>) {
        if let Some(rest) = self.text.get(self.copied..end) {
            self.written.push_str(rest);
        }
        self.in_step(end);
        self.written.push_str(SEPARATOR);
        let is_altered = self.is_altered;
        self.parts.push(Fragment::Run { hole, is_altered });
    }

    fn open(&mut self) {
        if !self.is_open {
            self.written.push_str(OPEN);
            self.is_open = true;
        }
    }

    /// Says that what is written from now on stands at an offset of the text.
    fn in_step(&mut self, original: usize) {
        self.steps
            .push((short(self.written.len()), short(original)));
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.parts.len() + self.nodes >= NODES || self.written.len() >= BYTES
    }

    /// Has them read if they are many.
    #[inline]
    pub(super) fn read_if_full(&mut self, tape: &mut Tape) -> Result<(), Error> {
        if self.is_full() {
            self.read(tape)
        } else {
            Ok(())
        }
    }

    /// Has them read, and fills the holes.
    pub(super) fn read(&mut self, tape: &mut Tape) -> Result<(), Error> {
        if self.written.is_empty() {
            return Ok(());
        }
        let result = self.parse(tape);
        self.written.clear();
        self.declared = 0;
        self.is_open = false;
        self.parts.clear();
        self.nodes = 0;
        self.steps.clear();
        result
    }

    fn parse(&mut self, tape: &mut Tape) -> Result<(), Error> {
        self.open();
        self.written.push_str(CLOSE);
        self.count_equals()?;
        let source = self.written.as_str();
        let document = Document::parse(source).map_err(|err| {
            let (error, offset) = syntax(&err, source);
            self.error_at(error, offset)
        })?;
        let mut nodes = document.root_element().children();
        let mut originals = Originals { steps: &self.steps };
        for fragment in &self.parts {
            let Fragment::Run { hole, is_altered } = fragment else {
                nodes.next();
                continue;
            };
            for node in nodes.by_ref().take_while(|node| !node.is_element()) {
                if let Some(hole) = hole
                    && let Some(text) = node.text_storage().filter(|_| node.is_text())
                {
                    let original = lent(text, source, &mut originals).filter(|_| !is_altered);
                    tape.fill(*hole, text.as_str(), original, self.text);
                }
            }
        }
        Ok(())
    }

    /// roxmltree reserves room for an attribute at every `=`, wherever it stands.
    fn count_equals(&self) -> Result<(), Error> {
        let allowed = self.limits.elements.saturating_add(self.declared);
        let found = memchr::memchr_iter(b'=', self.written.as_bytes()).nth(allowed);
        found.map_or(Ok(()), |offset| {
            let error = Error::limit(format_args!(
                "the document has more `=` than the {} of `Limits::elements`; raise it with `Limits::elements(n)`",
                self.limits.elements
            ));
            Err(self.error_at(error, offset))
        })
    }

    fn error_at(&self, error: Error, offset: usize) -> Error {
        let original = Originals { steps: &self.steps }.original(offset);
        error.at(|| position::position(self.text, original))
    }
}

/// The way back to the text, for offsets that come in order.
struct Originals<'a> {
    /// From the last step before the offset at hand on.
    steps: &'a [(u32, u32)],
}

impl Originals<'_> {
    fn original(&mut self, offset: usize) -> usize {
        while let [_, next, ..] = self.steps
            && next.0 as usize <= offset
        {
            self.steps = &self.steps[1..];
        }
        self.steps.first().map_or(offset, |(new, old)| {
            *old as usize + offset.saturating_sub(*new as usize)
        })
    }

    /// Where a range begins in the text, if it is there in one piece.
    fn in_one_piece(&mut self, start: usize, end: usize) -> Option<usize> {
        let original = self.original(start);
        let next = self.steps.get(1);
        next.is_none_or(|(new, _)| *new as usize >= end)
            .then_some(original)
    }
}

/// Where a text stands in the document, if it stands there as it is.
fn lent(text: &StringStorage<'_>, source: &str, originals: &mut Originals<'_>) -> Option<usize> {
    let StringStorage::Borrowed(text) = text else {
        return None;
    };
    let start = text.as_ptr().addr() - source.as_ptr().addr();
    originals.in_one_piece(start, start + text.len())
}

/// Documents of 4 GiB and more are refused before anything else is done with them.
pub(super) fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
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
