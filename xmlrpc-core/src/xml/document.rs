use core::{fmt, ops::Range};
use std::borrow::Cow;

use bytes::Bytes;

use super::{
    Tag, encoding,
    event::{Event, Events, Mark},
    guard::{Guarded, guard},
    position::position,
    repair::Repair,
    tree,
};
use crate::{Error, Limits, error::Position};

/// A document that was read: its text, and the events in it.
pub(crate) struct Document {
    /// As it came, in UTF-8.
    text: String,
    /// Where the document begins and ends in `text`.
    body: Range<usize>,
    /// What was read in place of `text`, where something had to be repaired.
    repair: Option<Repair>,
    tape: Tape,
}

/// The events of a document, in order.
#[derive(Debug, Default)]
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
    /// A piece of `Tape::joined`.
    Joined {
        start: u32,
        end: u32,
    },
    Close {
        offset: u32,
    },
}

impl fmt::Debug for Document {
    /// Not the text: it may be large, and hold what no log should.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl Document {
    /// Reads a whole document; every bound of `limits` has been checked when it returns.
    pub(crate) fn read(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        let text = encoding::decode(body, charset, limits)?;
        if u32::try_from(text.len()).is_err() {
            return Err(Error::limit("documents of 4 GiB and more cannot be read"));
        }
        let Guarded { body, repair } = guard(&text, limits)?;
        let mut document = Self {
            text,
            body,
            repair,
            tape: Tape::default(),
        };
        document.tape = tree::flatten(document.source(), limits)
            .map_err(|(error, offset)| error.at(|| document.position(offset)))?;
        Ok(document)
    }

    pub(crate) fn cursor(&self) -> Cursor<'_> {
        self.cursor_at(Mark(0))
    }

    pub(crate) fn cursor_at(&self, mark: Mark) -> Cursor<'_> {
        Cursor {
            document: self,
            next: mark.0 as usize,
        }
    }

    /// What the offsets of the steps refer to.
    fn source(&self) -> &str {
        match &self.repair {
            Some(repair) => repair.as_str(),
            None => &self.text[self.body.clone()],
        }
    }

    fn position(&self, offset: usize) -> Position {
        let offset = match &self.repair {
            Some(repair) => repair.original(offset),
            None => self.body.start + offset,
        };
        position(&self.text, offset)
    }
}

/// A reader of the events of a document.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'de> {
    document: &'de Document,
    next: usize,
}

impl Cursor<'_> {
    fn step(&self, index: usize) -> Option<Step> {
        self.document.tape.steps.get(index).copied()
    }
}

impl<'de> Events<'de> for Cursor<'de> {
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
        let lend = |text: &'de str, start: u32, end: u32| {
            Event::Text(Cow::Borrowed(&text[start as usize..end as usize]))
        };
        match step {
            Step::Open { tag, .. } => Event::Open(tag),
            Step::Lent { start, end } => lend(self.document.source(), start, end),
            Step::Joined { start, end } => lend(&self.document.tape.joined, start, end),
            Step::Close { .. } => Event::Close,
        }
    }

    fn skip(&mut self) {
        self.leave(self.mark());
    }

    fn mark(&self) -> Mark {
        Mark(u32::try_from(self.next).unwrap_or(u32::MAX))
    }

    fn rewind(&mut self, mark: Mark) {
        self.next = mark.0 as usize;
    }

    fn leave(&mut self, mark: Mark) {
        if let Some(Step::Open { close, .. }) = self.step(mark.0 as usize) {
            self.next = close as usize + 1;
        }
    }

    fn close(&mut self, mark: Mark) -> Result<(), Mark> {
        let Some(Step::Open { close, .. }) = self.step(mark.0 as usize) else {
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
        let Some(Step::Open { offset, .. }) = self.step(mark.0 as usize) else {
            return "";
        };
        let rest = &self.document.source()[offset as usize + 1..];
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn locate(&self, error: Error, mark: Mark) -> Error {
        let offset = match self.step(mark.0 as usize) {
            Some(Step::Open { offset, .. } | Step::Close { offset }) => offset as usize,
            Some(Step::Lent { start, .. }) => start as usize,
            Some(Step::Joined { .. }) | None => self.document.source().len(),
        };
        error.at(|| self.document.position(offset))
    }
}
