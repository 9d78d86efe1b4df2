use std::borrow::Cow;

use super::{
    Tag,
    event::{Event, Events, Mark},
    fragments::short,
    outline::outline,
};
use crate::{Error, Limits};

/// A document that has been read to its end, as its events.
pub(crate) struct Tree {
    tape: Tape,
    /// Where the document ends in its text.
    end: u32,
}

/// The events of a document, in order.
#[derive(Default)]
pub(super) struct Tape {
    steps: Vec<Step>,
    /// Texts that are not in the document in one piece.
    joined: String,
}

/// One event; offsets are those of the text.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// `close` is the index of the step that closes the element.
    Open {
        tag: Tag,
        offset: u32,
        close: u32,
    },
    /// A part of the text.
    Lent {
        start: u32,
        end: u32,
    },
    /// A part of `Tape::joined`.
    Joined {
        start: u32,
        end: u32,
    },
    Close {
        offset: u32,
    },
}

impl Tape {
    /// Whether an element, the text in it and its end can be added without more room.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.steps.capacity() - self.steps.len() >= 3
    }

    /// Makes room for so many tags, and some text between them.
    pub(super) fn reserve(&mut self, tags: usize) {
        const AT_FIRST: usize = 1 << 10;
        let wanted = tags + tags / 4 + 3;
        // A small document may well be refused before it has filled what it seems to need.
        if self.steps.is_empty() && wanted > AT_FIRST {
            self.steps.reserve_exact(AT_FIRST);
        } else {
            self.steps.reserve_exact(wanted);
        }
    }

    /// The tag of an element, and where it begins.
    #[inline]
    pub(super) fn opened(&self, step: u32) -> (Tag, usize) {
        match self.steps.get(step as usize) {
            Some(Step::Open { tag, offset, .. }) => (*tag, *offset as usize),
            _ => (Tag::Other, 0),
        }
    }

    /// Adds the beginning of an element, which is to be [closed](Self::close) later.
    #[inline]
    pub(super) fn open(&mut self, tag: Tag, offset: usize) -> u32 {
        let step = short(self.steps.len());
        self.steps.push(Step::Open {
            tag,
            offset: short(offset),
            close: 0,
        });
        step
    }

    #[inline]
    pub(super) fn close(&mut self, step: u32, offset: usize) {
        let at = short(self.steps.len());
        if let Some(Step::Open { close, .. }) = self.steps.get_mut(step as usize) {
            *close = at;
        }
        self.steps.push(Step::Close {
            offset: short(offset),
        });
    }

    /// Whether the innermost element is empty yet, and can hold text.
    #[inline]
    pub(super) fn expects_text(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Open { tag, .. }) if tag.holds_text())
    }

    /// Adds a text that is a part of the document, and may be [filled](Self::fill) later.
    #[inline]
    pub(super) fn lend(&mut self, start: usize, end: usize) -> u32 {
        let step = short(self.steps.len());
        self.steps.push(Step::Lent {
            start: short(start),
            end: short(end),
        });
        step
    }

    /// Takes the last event back.
    pub(super) fn take_back(&mut self) {
        self.steps.pop();
    }

    /// Adds to the text of a step; `original` is where the addition stands in the document, if it
    /// does.
    pub(super) fn fill(&mut self, step: u32, text: &str, original: Option<usize>, document: &str) {
        let Some(step) = self.steps.get_mut(step as usize) else {
            return;
        };
        if let Step::Lent { start, end } = *step {
            if start == end
                && let Some(original) = original
            {
                *step = Step::Lent {
                    start: short(original),
                    end: short(original + text.len()),
                };
                return;
            }
            let joins = short(self.joined.len());
            self.joined
                .push_str(&document[start as usize..end as usize]);
            *step = Step::Joined {
                start: joins,
                end: joins,
            };
        }
        if let Step::Joined { end, .. } = step {
            self.joined.push_str(text);
            *end = short(self.joined.len());
        }
    }

    /// The offset of the event at an index; that of a joined text is that of its element.
    fn offset(&self, index: usize) -> Option<usize> {
        match self.steps.get(index)? {
            Step::Open { offset, .. }
            | Step::Close { offset }
            | Step::Lent { start: offset, .. } => Some(*offset as usize),
            Step::Joined { .. } => self.offset(index.checked_sub(1)?),
        }
    }

    /// The first event that is not before an offset.
    fn first_from(&self, offset: usize) -> usize {
        let (mut low, mut high) = (0, self.steps.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.offset(middle) < Some(offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl Tree {
    /// Reads a whole document; every bound of `limits` has been checked when it returns.
    pub(crate) fn read(text: &str, limits: &Limits) -> Result<Self, Error> {
        if u32::try_from(text.len()).is_err() {
            return Err(Error::limit("documents of 4 GiB and more cannot be read"));
        }
        let (tape, end) = outline(text, limits)?;
        Ok(Self {
            tape,
            end: short(end),
        })
    }

    /// The events, for whom the text, and what was joined of it, live long enough to be lent.
    pub(crate) fn cursor<'de>(&'de self, text: &'de str) -> Cursor<'de, 'de> {
        Cursor {
            tree: self,
            text,
            lent: Some(text),
            joined: Some(&self.tape.joined),
            next: 0,
        }
    }

    /// The events, for whom the text lives longer than the tree.
    pub(crate) fn short_cursor<'a, 'de: 'a>(&'a self, text: &'de str) -> Cursor<'a, 'de> {
        Cursor {
            tree: self,
            text,
            lent: Some(text),
            joined: None,
            next: 0,
        }
    }

    /// The events, for whom nothing lives long enough to be lent.
    pub(crate) fn owning_cursor<'a, 'de>(&'a self, text: &'a str) -> Cursor<'a, 'de> {
        Cursor {
            tree: self,
            text,
            lent: None,
            joined: None,
            next: 0,
        }
    }

    /// The elements side by side, the first of which begins at an offset of the text.
    pub(crate) fn elements_at(&self, text: &str, offset: usize) -> Vec<Mark> {
        let first = self.tape.first_from(offset);
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
        let first = self.tape.first_from(offset);
        // The element before it may end where it begins.
        let mut near = self.tape.steps.iter().enumerate().skip(first).take(2);
        let found = near.find(|(_, step)| matches!(step, Step::Open { .. }));
        found
            .filter(|(index, _)| self.tape.offset(*index) == Some(offset))
            .map(|(index, _)| Mark::at(index))
    }
}

/// A reader of the events of a document.
#[derive(Clone)]
pub(crate) struct Cursor<'a, 'de> {
    tree: &'a Tree,
    text: &'a str,
    /// The same as the text, and as the joined texts of the tape, where they live longer.
    lent: Option<&'de str>,
    joined: Option<&'de str>,
    next: usize,
}

impl<'de> Cursor<'_, 'de> {
    pub(crate) fn at(mut self, mark: Mark) -> Self {
        self.next = mark.index();
        self
    }

    /// Reads the value that comes next if there is no element in it but its type, and text: the
    /// tag of the type, which is a string where there is none, and the text.
    pub(crate) fn leaf_value(&mut self) -> Option<(Tag, Cow<'de, str>)> {
        let steps = self.tree.tape.steps.get(self.next..)?;
        let (tag, text, length) = match steps {
            [
                Step::Open {
                    tag: Tag::Value, ..
                },
                Step::Open { tag, .. },
                text,
                Step::Close { .. },
                Step::Close { .. },
                ..,
            ] => (*tag, text, 5),
            [
                Step::Open {
                    tag: Tag::Value, ..
                },
                text,
                Step::Close { .. },
                ..,
            ] => (Tag::String, text, 3),
            _ => return None,
        };
        let text = match text {
            Step::Lent { start, end } => part(self.lent, self.text, *start, *end),
            Step::Joined { start, end } => part(self.joined, &self.tree.tape.joined, *start, *end),
            _ => return None,
        };
        self.next += length;
        Some((tag, text))
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
            Step::Lent { start, end } => Event::Text(part(self.lent, self.text, start, end)),
            Step::Joined { start, end } => {
                Event::Text(part(self.joined, &self.tree.tape.joined, start, end))
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
        let rest = &self.text[offset as usize + 1..];
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn locate(&self, error: Error, mark: Mark) -> Error {
        let offset = self.tree.tape.offset(mark.index());
        error.at_offset(offset.unwrap_or(self.tree.end as usize))
    }
}

/// A part of a text that is lent where it lives long enough, and copied where it does not.
fn part<'de>(lent: Option<&'de str>, text: &str, start: u32, end: u32) -> Cow<'de, str> {
    let range = start as usize..end as usize;
    match lent {
        Some(lent) => Cow::Borrowed(&lent[range]),
        None => Cow::Owned(text[range].to_owned()),
    }
}
