//! Collects the pieces of a body.

use bytes::Bytes;

use crate::{
    body::Encoding,
    inflate::{Gzip, Zlib},
    refusal::Refusal,
};

/// So much memory is reserved for a body of several pieces, if its size is unknown.
const RESERVED: usize = 64 << 10;

/// The most that one step inflates.
const STEP: usize = 64 << 10;

/// About how much memory an inflater needs: its window, its tables and its buffers.
const INFLATER: usize = 80 << 10;

/// Collects and inflates the pieces of a body. `body.rs` of the client does the same. It is too
/// little code to share through `xmlrpc_core`.
pub(crate) enum Sink {
    /// Most bodies arrive in one piece and need no copy.
    One(Bytes),
    Many(Vec<u8>),
    Gzip(Box<Gzip>),
    Zlib(Box<Zlib>),
}

impl Sink {
    pub(crate) fn new(encoding: Encoding, limit: usize) -> Self {
        match encoding {
            Encoding::Identity => Self::One(Bytes::new()),
            Encoding::Gzip => Self::Gzip(Box::new(Gzip::new(limit))),
            Encoding::Deflate => Self::Zlib(Box::new(Zlib::new(limit))),
        }
    }

    /// The size of the document so far.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::One(one) => one.len(),
            Self::Many(many) => many.len(),
            Self::Gzip(gzip) => gzip.len(),
            Self::Zlib(zlib) => zlib.len(),
        }
    }

    /// The memory of the document so far.
    pub(crate) fn capacity(&self) -> usize {
        match self {
            Self::One(one) => one.len(),
            Self::Many(many) => many.capacity(),
            Self::Gzip(gzip) => gzip.capacity(),
            Self::Zlib(zlib) => zlib.capacity(),
        }
    }

    /// The memory of the document after a [`step`](Self::step) with this piece, at most.
    pub(crate) fn capacity_with(&self, piece: &Bytes) -> usize {
        self.capacity_for(match self {
            Self::One(_) | Self::Many(_) => piece.len(),
            Self::Gzip(_) | Self::Zlib(_) => STEP,
        })
    }

    /// The memory of the document after one more step.
    pub(crate) fn capacity_soon(&self) -> usize {
        self.capacity_for(STEP)
    }

    fn capacity_for(&self, more: usize) -> usize {
        let (all, capacity) = (self.len().saturating_add(more), self.capacity());
        if all <= capacity {
            capacity
        } else {
            // It takes twice the memory.
            all.max(capacity.saturating_mul(2))
        }
    }

    /// What it holds besides the document: the state of an inflater.
    pub(crate) fn overhead(&self) -> usize {
        match self {
            Self::One(_) | Self::Many(_) => 0,
            Self::Gzip(_) | Self::Zlib(_) => INFLATER,
        }
    }

    /// The size of the document with this piece, or at least a part of it.
    pub(crate) fn len_with(&self, piece: &Bytes) -> usize {
        match self {
            Self::One(_) | Self::Many(_) => self.len().saturating_add(piece.len()),
            Self::Gzip(_) | Self::Zlib(_) => self.len(),
        }
    }

    /// Reserves memory for a document of this size.
    pub(crate) fn reserve(&mut self, size: usize) {
        match self {
            Self::One(one) => {
                let mut many = Vec::with_capacity(size.max(one.len()));
                many.extend_from_slice(one);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.reserve_exact(size.saturating_sub(many.len())),
            Self::Gzip(_) | Self::Zlib(_) => {}
        }
    }

    /// Gives back memory of a document whose size was reserved, until so much is left.
    pub(crate) fn shrink_to(&mut self, capacity: usize) {
        if let Self::Many(many) = self {
            many.shrink_to(capacity);
        }
    }

    /// Takes some of a piece: all of it, or what inflates to about 64 KiB. If the document has several
    /// pieces, this reserves memory for its size, if that is known.
    pub(crate) fn step(&mut self, piece: &mut Bytes, size: Option<usize>) -> Result<(), Refusal> {
        match self {
            Self::One(one) if one.is_empty() => *one = std::mem::take(piece),
            Self::One(one) => {
                let mut many =
                    Vec::with_capacity((one.len() + piece.len()).max(size.unwrap_or(RESERVED)));
                many.extend_from_slice(one);
                many.extend_from_slice(piece);
                piece.clear();
                *self = Self::Many(many);
            }
            Self::Many(many) => {
                many.extend_from_slice(piece);
                piece.clear();
            }
            Self::Gzip(gzip) => gzip.step(piece)?,
            Self::Zlib(zlib) => zlib.step(piece)?,
        }
        Ok(())
    }

    /// The whole document.
    pub(crate) fn finish(self) -> Result<Bytes, Refusal> {
        let mut document = match self {
            Self::One(one) => return Ok(one),
            Self::Many(many) => many,
            Self::Gzip(gzip) => gzip.finish()?,
            Self::Zlib(zlib) => zlib.finish()?,
        };
        // Memory that is reserved counts as much as memory that is used.
        if document.len() > RESERVED && document.capacity() - document.len() > document.len() / 8 {
            document.shrink_to_fit();
        }
        Ok(document.into())
    }
}
