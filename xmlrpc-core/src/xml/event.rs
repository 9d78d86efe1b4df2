use std::borrow::Cow;

use super::Tag;
use crate::{Category, Error, error::Message};

/// One step through a document.
///
/// Text comes only from an element that can hold text and has no child element, and in one piece;
/// all other text means nothing in XML-RPC and is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event<'de> {
    Open(Tag),
    Text(Cow<'de, str>),
    Close,
    End,
}

/// A place in a document: the index of an event, or an offset with the depth there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    at: usize,
    pub(crate) depth: usize,
}

impl Mark {
    #[inline]
    pub(crate) fn at(index: usize) -> Self {
        Self::within(index, 0)
    }

    #[inline]
    pub(crate) fn within(index: usize, depth: usize) -> Self {
        Self { at: index, depth }
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.at
    }
}

/// A stream of events over one document.
pub(crate) trait Events<'de> {
    /// The tag of the element that is opened next, if one is.
    fn peek_open(&self) -> Option<Tag>;

    fn next(&mut self) -> Event<'de>;

    /// Goes past the element that is opened next.
    fn skip(&mut self);

    /// The place before the next event.
    fn mark(&self) -> Mark;

    fn rewind(&mut self, mark: Mark);

    /// Goes past the element that is opened at `mark`, from wherever it is now.
    fn leave(&mut self, mark: Mark);

    /// Goes past the element that is opened at `mark`, from within it; if another element is
    /// opened before its end, the place of that one is the error.
    fn close(&mut self, mark: Mark) -> Result<(), Mark>;

    /// The name of the element that is opened at `mark`.
    fn name(&self, mark: Mark) -> &str;

    /// Says that `error` happened at `mark`, unless it knows better already.
    fn locate(&self, error: Error, mark: Mark) -> Error;

    /// An error at `mark`.
    fn error(&self, category: Category, mark: Mark, message: impl Into<Message>) -> Error {
        self.locate(Error::new(category, message), mark)
    }
}
