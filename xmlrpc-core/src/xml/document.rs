use core::ops::Range;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use bytestring::ByteString;

use super::{Pause, Scanner, Tree, encoding};
use crate::{Error, Limits};

/// A document: its text, and its tree from the moment on at which the scanner gives up on it.
///
/// Clones share both. One that is never cloned, and never needs a tree, allocates nothing.
pub(crate) struct Document {
    text: ByteString,
    limits: Limits,
    /// The inner cell is what clones share.
    tree: OnceLock<Arc<Read>>,
}

/// A tree, or why there is none: one look is enough, however many ask.
type Read = OnceLock<Result<Tree, Error>>;

impl Clone for Document {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            limits: self.limits,
            tree: OnceLock::from(Arc::clone(self.shared())),
        }
    }
}

impl Document {
    /// Takes a body as it came; of `limits`, that of its bytes has been checked when it returns.
    pub(crate) fn new(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        Ok(Self {
            text: encoding::decode(body, charset, limits)?,
            limits: *limits,
            tree: OnceLock::new(),
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a piece of text is, if it is one of this document's, and not just the same.
    pub(crate) fn place_of(&self, piece: &str) -> Option<Range<usize>> {
        let (all, piece) = (
            self.text.as_bytes().as_ptr_range(),
            piece.as_bytes().as_ptr_range(),
        );
        let start = piece.start.addr().checked_sub(all.start.addr())?;
        let end = piece.end.addr().checked_sub(all.start.addr())?;
        (piece.end <= all.end).then_some(start..end)
    }

    /// The fast way through it, from an offset on.
    pub(crate) fn scanner(&self, offset: usize) -> Scanner<'_> {
        Scanner::new(&self.text, offset, &self.limits)
    }

    /// The fast way on from where a scanner of this document has paused.
    #[inline]
    pub(crate) fn resumed(&self, pause: Pause) -> Scanner<'_> {
        Scanner::resume(&self.text, pause, &self.limits)
    }

    /// The events of the whole of it; every bound has been checked.
    pub(crate) fn tree(&self) -> Result<&Tree, Error> {
        let read = || Tree::read(&self.text, &self.limits);
        self.shared()
            .get_or_init(read)
            .as_ref()
            .map_err(Error::clone)
    }

    fn shared(&self) -> &Arc<Read> {
        self.tree.get_or_init(Arc::default)
    }

    /// Turns the offset of an error into a line and a column.
    pub(crate) fn resolve(&self, error: Error) -> Error {
        super::resolve(error, &self.text)
    }
}

impl fmt::Debug for Document {
    /// Not the text: it may be large, and hold what no log should.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}
