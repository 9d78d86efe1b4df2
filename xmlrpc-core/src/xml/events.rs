use super::element_names::Tag;

/// The events of a document that has been read to its end, in order.
///
/// The lenient reader appends them; a [`Cursor`](super::Cursor) reads them.
#[derive(Default)]
pub(crate) struct Events {
    steps: Vec<Step>,
    /// Texts that are not one piece of the document.
    joined: String,
    /// The end of the document within its text.
    end: u32,
}

/// One event. Offsets are those of the text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
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
    /// A part of `Events::joined`.
    Joined {
        start: u32,
        end: u32,
    },
    Close {
        offset: u32,
    },
}

/// The index of an event in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventIndex(pub(super) usize);

/// An offset as it is stored. Documents of 4 GiB and more are refused before anything is read.
pub(super) fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Events {
    /// Whether there is room for an element, its text and its end without an allocation.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.steps.capacity() - self.steps.len() >= 3
    }

    /// Makes room for the given number of tags and some text between them.
    pub(super) fn reserve(&mut self, tags: usize) {
        const AT_FIRST: usize = 1 << 10;
        let wanted = tags + tags / 4 + 3;
        // The reader may refuse a small document before it has filled all this room.
        if self.steps.is_empty() && wanted > AT_FIRST {
            self.steps.reserve_exact(AT_FIRST);
        } else {
            self.steps.reserve_exact(wanted);
        }
    }

    /// The tag of an element, and the offset at which it begins.
    #[inline]
    pub(super) fn opened(&self, step: u32) -> (Tag, usize) {
        match self.steps.get(step as usize) {
            Some(Step::Open { tag, offset, .. }) => (*tag, *offset as usize),
            _ => (Tag::Other, 0),
        }
    }

    /// Appends the beginning of an element, which [`close`](Self::close) ends later.
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

    /// Whether the innermost element is still empty and can hold text.
    #[inline]
    pub(super) fn expects_text(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Open { tag, .. }) if tag.holds_text())
    }

    /// Appends a text that is a part of the document. [`fill`](Self::fill) may add to it later.
    #[inline]
    pub(super) fn lend(&mut self, start: usize, end: usize) -> u32 {
        let step = short(self.steps.len());
        self.steps.push(Step::Lent {
            start: short(start),
            end: short(end),
        });
        step
    }

    /// Removes the last event.
    pub(super) fn take_back(&mut self) {
        self.steps.pop();
    }

    /// Adds to the text of a step. `original` is the offset of the addition in the document, if the
    /// document contains it as it is.
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

    /// Notes the offset at which the document ends.
    pub(super) fn finish(&mut self, end: usize) {
        self.end = short(end);
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(super) fn joined(&self) -> &str {
        &self.joined
    }

    /// The offset of an event, or of the end of the document. A joined text has that of its element.
    pub(super) fn offset_or_end(&self, index: EventIndex) -> usize {
        self.offset(index.0).unwrap_or(self.end as usize)
    }

    fn offset(&self, index: usize) -> Option<usize> {
        match self.steps.get(index)? {
            Step::Open { offset, .. }
            | Step::Close { offset }
            | Step::Lent { start: offset, .. } => Some(*offset as usize),
            Step::Joined { .. } => self.offset(index.checked_sub(1)?),
        }
    }

    /// The first event that does not begin before an offset.
    pub(super) fn first_from(&self, offset: usize) -> EventIndex {
        let (mut low, mut high) = (0, self.steps.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.offset(middle) < Some(offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        EventIndex(low)
    }

    /// The element that begins at an offset of the text.
    pub(super) fn element_at(&self, offset: usize) -> Option<EventIndex> {
        let EventIndex(first) = self.first_from(offset);
        // The element before it may end at the same offset.
        let mut near = self.steps.iter().enumerate().skip(first).take(2);
        let found = near.find(|(_, step)| matches!(step, Step::Open { .. }));
        found
            .filter(|(index, _)| self.offset(*index) == Some(offset))
            .map(|(index, _)| EventIndex(index))
    }
}
