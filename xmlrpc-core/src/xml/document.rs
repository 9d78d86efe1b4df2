use std::{borrow::Cow, fmt, sync::OnceLock};

use bytes::Bytes;
use bytestring::ByteString;

use super::{Pause, Scanner, Tree, encoding};
use crate::{Error, Limits};

/// A document: its text, and its tree from the moment on at which the scanner gives up on it.
pub(crate) struct Document {
    text: ByteString,
    limits: Limits,
    tree: OnceLock<Tree>,
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

    /// What was scanned in this document, trimmed, without a copy where there is a choice.
    pub(crate) fn name(&self, scanned: Cow<'_, str>) -> ByteString {
        match scanned {
            Cow::Borrowed(piece) if self.holds(piece) => self.text.slice_ref(piece.trim_ascii()),
            piece => ByteString::from(piece.trim_ascii()),
        }
    }

    /// Whether a piece of text is one of this document's, and not just the same.
    fn holds(&self, piece: &str) -> bool {
        let (all, piece) = (
            self.text.as_bytes().as_ptr_range(),
            piece.as_bytes().as_ptr_range(),
        );
        all.start <= piece.start && piece.end <= all.end
    }

    /// The fast way through it, from an offset on.
    pub(crate) fn scanner(&self, offset: usize) -> Scanner<'_> {
        Scanner::new(&self.text, offset, &self.limits)
    }

    /// The fast way on from where a scanner of this document has paused.
    pub(crate) fn resumed(&self, pause: Pause) -> Scanner<'_> {
        Scanner::resume(&self.text, pause, &self.limits)
    }

    /// The whole of it, as roxmltree reads it; every bound has been checked.
    pub(crate) fn tree(&self) -> Result<&Tree, Error> {
        if let Some(tree) = self.tree.get() {
            return Ok(tree);
        }
        let tree = Tree::read(&self.text, &self.limits)?;
        Ok(self.tree.get_or_init(|| tree))
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
