use std::borrow::Cow;

use super::{
    element_names::Tag,
    events::{EventIndex, Events, Step},
    markup_text::markup_text,
};
use crate::{Category, Error, error::Message};

/// One step through a document.
///
/// Text comes in one piece, and only from elements that can hold text and have no child elements.
/// XML-RPC gives no meaning to other text, so it is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event<'de> {
    Open(Tag),
    Text(Cow<'de, str>),
    Close,
    End,
}

/// A reader of the [`Events`] of a document.
#[derive(Clone)]
pub(crate) struct Cursor<'a, 'de> {
    events: &'a Events,
    text: &'a str,
    /// The same as `text`, and as the joined texts of the events, if they live long enough to be lent.
    lent: Option<&'de str>,
    joined: Option<&'de str>,
    next: usize,
    /// The entry of a multicall that is read, if it is one.
    entry: Option<EventIndex>,
}

impl<'de> Cursor<'de, 'de> {
    /// A cursor that lends all texts.
    pub(crate) fn new(events: &'de Events, text: &'de str) -> Self {
        Self {
            events,
            text,
            lent: Some(text),
            joined: Some(events.joined()),
            next: 0,
            entry: None,
        }
    }
}

impl<'a, 'de> Cursor<'a, 'de> {
    /// A cursor that lends parts of the document, which lives longer than the events.
    pub(crate) fn lending_text(events: &'a Events, text: &'de str) -> Self
    where
        'de: 'a,
    {
        Self {
            events,
            text,
            lent: Some(text),
            joined: None,
            next: 0,
            entry: None,
        }
    }

    /// A cursor that copies all texts.
    pub(crate) fn copying(events: &'a Events, text: &'a str) -> Self {
        Self {
            events,
            text,
            lent: None,
            joined: None,
            next: 0,
            entry: None,
        }
    }

    /// The same cursor at another event.
    pub(crate) fn at(mut self, event: EventIndex) -> Self {
        self.rewind(event);
        self
    }

    /// The same cursor, at the entry of a multicall.
    pub(crate) fn at_entry(mut self, entry: EventIndex) -> Self {
        self.entry = Some(entry);
        self.at(entry)
    }

    /// Whether an element is the entry of a multicall that is read.
    pub(crate) fn is_entry(&self, element: EventIndex) -> bool {
        self.entry == Some(element)
    }

    /// The sibling elements, starting with the element at an offset of the text.
    pub(crate) fn siblings_at(self, offset: usize) -> Vec<EventIndex> {
        let first = self.events.first_from(offset);
        self.at(first).siblings()
    }

    /// The element that begins at an offset of the text.
    pub(crate) fn element_at(&self, offset: usize) -> Option<EventIndex> {
        self.events.element_at(offset)
    }

    /// The next element and the siblings that follow it.
    pub(crate) fn siblings(mut self) -> Vec<EventIndex> {
        let mut elements = Vec::new();
        while self.peek_open().is_some() {
            elements.push(self.here());
            self.skip();
        }
        elements
    }

    /// The tag of the next element, if the next event opens one.
    pub(crate) fn peek_open(&self) -> Option<Tag> {
        match self.step(self.next)? {
            Step::Open { tag, .. } => Some(tag),
            _ => None,
        }
    }

    pub(crate) fn next(&mut self) -> Event<'de> {
        let Some(step) = self.step(self.next) else {
            return Event::End;
        };
        self.next += 1;
        match step {
            Step::Open { tag, .. } => Event::Open(tag),
            Step::Lent { start, end } => Event::Text(part(self.lent, self.text, start, end)),
            Step::Joined { start, end } => {
                Event::Text(part(self.joined, self.events.joined(), start, end))
            }
            Step::Close { .. } => Event::Close,
        }
    }

    /// Reads the next value if it contains only text and at most the element of a type.
    ///
    /// Returns the tag of the type, which is a string if there is none, and the text.
    pub(crate) fn leaf_value(&mut self) -> Option<(Tag, Cow<'de, str>)> {
        let steps = self.events.steps().get(self.next..)?;
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
            Step::Joined { start, end } => part(self.joined, self.events.joined(), *start, *end),
            _ => return None,
        };
        self.next += length;
        Some((tag, text))
    }

    /// The tag of the type and the text of the next value, if it has no other content. The tag of an
    /// untyped value is that of a string.
    #[inline]
    pub(crate) fn leaf(&self) -> Option<(Tag, &'a str)> {
        use Step::{Close, Open};
        let steps = self.events.steps().get(self.next..)?;
        let (is_wrapped, steps) = match steps {
            [
                Open {
                    tag: Tag::Value, ..
                },
                steps @ ..,
            ] => (true, steps),
            steps => (false, steps),
        };
        let (tag, closes, steps) = match steps {
            [Open { tag, .. }, steps @ ..] => (*tag, 1 + usize::from(is_wrapped), steps),
            steps if is_wrapped => (Tag::String, 1, steps),
            _ => return None,
        };
        let (text, steps) = match steps {
            [Step::Lent { start, end }, steps @ ..] => {
                (&self.text[*start as usize..*end as usize], steps)
            }
            [Step::Joined { start, end }, steps @ ..] => {
                let range = *start as usize..*end as usize;
                (&self.events.joined()[range], steps)
            }
            steps => ("", steps),
        };
        let mut ends = steps.get(..closes)?.iter();
        ends.all(|step| matches!(step, Close { .. }))
            .then_some((tag, text))
    }

    /// Skips the next element.
    pub(crate) fn skip(&mut self) {
        self.leave(self.here());
    }

    /// The index of the next event.
    pub(crate) fn here(&self) -> EventIndex {
        EventIndex(self.next)
    }

    pub(crate) fn rewind(&mut self, event: EventIndex) {
        self.next = event.0;
    }

    /// Moves the cursor behind the given element, from any position.
    pub(crate) fn leave(&mut self, element: EventIndex) {
        if let Some(Step::Open { close, .. }) = self.step(element.0) {
            self.next = close as usize + 1;
        }
    }

    /// Whether the next event closes the given element.
    pub(crate) fn is_at_end_of(&self, element: EventIndex) -> bool {
        matches!(self.step(element.0), Some(Step::Open { close, .. }) if close as usize == self.next)
    }

    /// All text within the given element, also beside other elements.
    pub(crate) fn all_text(&self, element: EventIndex) -> String {
        let Some(Step::Open { offset, close, .. }) = self.step(element.0) else {
            return String::new();
        };
        let end = self.events.offset_or_end(EventIndex(close as usize));
        markup_text(&self.text[offset as usize..end])
    }

    /// Goes from within the given element behind it. If another element opens before its end, that
    /// one is the error.
    pub(crate) fn close(&mut self, element: EventIndex) -> Result<(), EventIndex> {
        let Some(Step::Open { close, .. }) = self.step(element.0) else {
            return Ok(());
        };
        while self.next <= close as usize {
            if self.peek_open().is_some() {
                return Err(self.here());
            }
            self.next += 1;
        }
        Ok(())
    }

    /// The name of the given element.
    pub(crate) fn name(&self, element: EventIndex) -> &str {
        let Some(Step::Open { offset, .. }) = self.step(element.0) else {
            return "";
        };
        let rest = &self.text[offset as usize + 1..];
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// Adds the offset of an event to an error that has none.
    pub(crate) fn locate(&self, error: Error, event: EventIndex) -> Error {
        error.at_offset(self.events.offset_or_end(event))
    }

    /// An error at an event.
    pub(crate) fn error(
        &self,
        category: Category,
        event: EventIndex,
        message: impl Into<Message>,
    ) -> Error {
        self.locate(Error::new(category, message), event)
    }

    fn step(&self, index: usize) -> Option<Step> {
        self.events.steps().get(index).copied()
    }
}

/// A part of a text: lent if the text lives long enough, otherwise copied.
fn part<'de>(lent: Option<&'de str>, text: &str, start: u32, end: u32) -> Cow<'de, str> {
    let range = start as usize..end as usize;
    match lent {
        Some(lent) => Cow::Borrowed(&lent[range]),
        None => Cow::Owned(text[range].to_owned()),
    }
}
