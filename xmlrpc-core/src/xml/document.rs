use core::ops::Range;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use bytestring::ByteString;

use super::{
    cursor::Cursor,
    encoding,
    events::Events,
    lenient, position,
    scanner::{Checkpoint, Scanner},
};
use crate::{Error, Limits};

/// The text of a document, and its events once the scanner has given up on it.
///
/// Clones share both. A document that is never cloned and never needs its events allocates nothing.
pub(crate) struct Document {
    text: ByteString,
    limits: Limits,
    /// Clones share the inner cell.
    events: OnceLock<Arc<Read>>,
}

/// The events or the error of reading them: each document is read at most once.
type Read = OnceLock<Result<Events, Error>>;

impl Clone for Document {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            limits: self.limits,
            events: OnceLock::from(Arc::clone(self.shared())),
        }
    }
}

impl Document {
    /// Decodes a body. Checks `limits.bytes`; the other limits are checked when it is read.
    pub(crate) fn new(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        Ok(Self {
            text: encoding::decode(body, charset, limits)?,
            limits: *limits,
            events: OnceLock::new(),
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The range of a piece of text that is a slice of this document's memory.
    pub(crate) fn range_of(&self, piece: &str) -> Option<Range<usize>> {
        let (all, piece) = (
            self.text.as_bytes().as_ptr_range(),
            piece.as_bytes().as_ptr_range(),
        );
        let start = piece.start.addr().checked_sub(all.start.addr())?;
        let end = piece.end.addr().checked_sub(all.start.addr())?;
        (piece.end <= all.end).then_some(start..end)
    }

    /// A scanner from an offset on.
    pub(crate) fn scanner(&self, offset: usize) -> Scanner<'_> {
        Scanner::new(&self.text, offset, &self.limits)
    }

    /// A scanner that goes on where another scanner of this document stood.
    #[inline]
    pub(crate) fn resume(&self, checkpoint: Checkpoint) -> Scanner<'_> {
        Scanner::resume(&self.text, checkpoint, &self.limits)
    }

    /// The events of the whole document, within all limits.
    pub(crate) fn events(&self) -> Result<&Events, Error> {
        let read = || lenient::read(&self.text, &self.limits);
        self.shared()
            .get_or_init(read)
            .as_ref()
            .map_err(Error::clone)
    }

    /// A cursor at the first event.
    pub(crate) fn cursor(&self) -> Result<Cursor<'_, '_>, Error> {
        Ok(Cursor::new(self.events()?, &self.text))
    }

    fn shared(&self) -> &Arc<Read> {
        self.events.get_or_init(Arc::default)
    }

    /// Turns the offset of an error into a line and a column.
    pub(crate) fn resolve(&self, error: Error) -> Error {
        position::resolve(error, &self.text)
    }
}

impl fmt::Debug for Document {
    /// Shows the size, not the text: it may be large, and contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}
