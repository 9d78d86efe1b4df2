use std::borrow::Cow;

use super::{
    Tag,
    event::{Event, Events, Mark},
    guard::{Guarded, guard},
    position::position,
    repair::Repair,
    tree,
};
use crate::{Error, Limits};

/// A document as roxmltree has read it, flattened into its events.
pub(crate) struct Tree {
    /// Where the document begins and ends in its text.
    body: core::ops::Range<usize>,
    /// What was read in place of the text, where something had to be repaired.
    repair: Option<Repair>,
    tape: Tape,
}

/// The events of a document, in order.
#[derive(Default)]
pub(super) struct Tape {
    pub(super) steps: Vec<Step>,
    /// Texts that are not in the source in one piece.
    pub(super) joined: String,
}

/// One event; offsets are those of the source.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// `close` is the index of the step that closes the element.
    Open {
        tag: Tag,
        offset: u32,
        close: u32,
    },
    /// A piece of the source.
    Lent {
        start: u32,
        end: u32,
    },
    /// A piece of `Tape::joined`; the offset is that of its element.
    Joined {
        start: u32,
        end: u32,
        offset: u32,
    },
    Close {
        offset: u32,
    },
}

impl Step {
    fn offset(&self) -> usize {
        let (Self::Open { offset, .. }
        | Self::Close { offset }
        | Self::Joined { offset, .. }
        | Self::Lent { start: offset, .. }) = self;
        *offset as usize
    }
}

impl Tree {
    /// Reads a whole document; every bound of `limits` has been checked when it returns.
    pub(crate) fn read(text: &str, limits: &Limits) -> Result<Self, Error> {
        if u32::try_from(text.len()).is_err() {
            return Err(Error::limit("documents of 4 GiB and more cannot be read"));
        }
        let Guarded { body, repair } = guard(text, limits)?;
        let mut tree = Self {
            body,
            repair,
            tape: Tape::default(),
        };
        tree.tape = tree::flatten(tree.source(text), limits)
            .map_err(|(error, offset)| error.at(|| position(text, tree.original(offset))))?;
        Ok(tree)
    }

    /// The events, for whom the text, and what was repaired in it, live long enough to be lent.
    pub(crate) fn cursor<'de>(&'de self, text: &'de str) -> Cursor<'de, 'de> {
        let source = self.source(text);
        Cursor {
            tree: self,
            source,
            lent: Some(source),
            joined: Some(&self.tape.joined),
            next: 0,
        }
    }

    /// The events, for whom the text lives longer than the tree, and is lent where it was not
    /// repaired.
    pub(crate) fn short_cursor<'a, 'de: 'a>(&'a self, text: &'de str) -> Cursor<'a, 'de> {
        let lent = self.repair.is_none().then(|| &text[self.body.clone()]);
        Cursor {
            tree: self,
            source: self.source(text),
            lent,
            joined: None,
            next: 0,
        }
    }

    /// The events, for whom nothing lives long enough to be lent.
    pub(crate) fn owning_cursor<'a, 'de>(&'a self, text: &'a str) -> Cursor<'a, 'de> {
        Cursor {
            tree: self,
            source: self.source(text),
            lent: None,
            joined: None,
            next: 0,
        }
    }

    /// The elements side by side, the first of which begins at an offset of the text.
    pub(crate) fn elements_at(&self, text: &str, offset: usize) -> Vec<Mark> {
        let steps = &self.tape.steps;
        let first = steps.partition_point(|step| self.original(step.offset()) < offset);
        let mut cursor = self.cursor(text).at(Mark::at(first));
        let mut elements = Vec::new();
        while cursor.peek_open().is_some() {
            elements.push(cursor.mark());
            cursor.skip();
        }
        elements
    }

    /// The element that begins at an offset of the text.
    pub(crate) fn element_at(&self, offset: usize) -> Option<Mark> {
        let steps = &self.tape.steps;
        let first = steps.partition_point(|step| self.original(step.offset()) < offset);
        // The element before it may end where it begins.
        let mut near = steps.iter().enumerate().skip(first).take(2);
        let found = near.find(|(_, step)| matches!(step, Step::Open { .. }));
        found
            .filter(|(_, step)| self.original(step.offset()) == offset)
            .map(|(index, _)| Mark::at(index))
    }

    /// What the offsets of the steps refer to.
    fn source<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.repair {
            Some(repair) => repair.as_str(),
            None => &text[self.body.clone()],
        }
    }

    /// The offset in the text of an offset in the source.
    fn original(&self, offset: usize) -> usize {
        match &self.repair {
            Some(repair) => repair.original(offset),
            None => self.body.start + offset,
        }
    }
}

/// A reader of the events of a document.
#[derive(Clone)]
pub(crate) struct Cursor<'a, 'de> {
    tree: &'a Tree,
    source: &'a str,
    /// The same as the source, and as the joined texts of the tape, where they live longer.
    lent: Option<&'de str>,
    joined: Option<&'de str>,
    next: usize,
}

impl Cursor<'_, '_> {
    pub(crate) fn at(mut self, mark: Mark) -> Self {
        self.next = mark.index();
        self
    }

    fn step(&self, index: usize) -> Option<Step> {
        self.tree.tape.steps.get(index).copied()
    }
}

impl<'de> Events<'de> for Cursor<'_, 'de> {
    fn peek_open(&self) -> Option<Tag> {
        match self.step(self.next)? {
            Step::Open { tag, .. } => Some(tag),
            _ => None,
        }
    }

    fn next(&mut self) -> Event<'de> {
        let Some(step) = self.step(self.next) else {
            return Event::End;
        };
        self.next += 1;
        match step {
            Step::Open { tag, .. } => Event::Open(tag),
            Step::Lent { start, end } => piece(self.lent, self.source, start, end),
            Step::Joined { start, end, .. } => {
                piece(self.joined, &self.tree.tape.joined, start, end)
            }
            Step::Close { .. } => Event::Close,
        }
    }

    fn skip(&mut self) {
        self.leave(self.mark());
    }

    fn mark(&self) -> Mark {
        Mark::at(self.next)
    }

    fn rewind(&mut self, mark: Mark) {
        self.next = mark.index();
    }

    fn leave(&mut self, mark: Mark) {
        if let Some(Step::Open { close, .. }) = self.step(mark.index()) {
            self.next = close as usize + 1;
        }
    }

    fn close(&mut self, mark: Mark) -> Result<(), Mark> {
        let Some(Step::Open { close, .. }) = self.step(mark.index()) else {
            return Ok(());
        };
        while self.next <= close as usize {
            if self.peek_open().is_some() {
                return Err(self.mark());
            }
            self.next += 1;
        }
        Ok(())
    }

    fn name(&self, mark: Mark) -> &str {
        let Some(Step::Open { offset, .. }) = self.step(mark.index()) else {
            return "";
        };
        let rest = &self.source[offset as usize + 1..];
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn locate(&self, error: Error, mark: Mark) -> Error {
        let offset = self.step(mark.index()).map(|step| step.offset());
        error.at_offset(self.tree.original(offset.unwrap_or(self.source.len())))
    }
}

/// A piece of a text that is lent where it lives long enough, and copied where it does not.
fn piece<'de>(lent: Option<&'de str>, source: &str, start: u32, end: u32) -> Event<'de> {
    let range = start as usize..end as usize;
    Event::Text(match lent {
        Some(lent) => Cow::Borrowed(&lent[range]),
        None => Cow::Owned(source[range].to_owned()),
    })
}
