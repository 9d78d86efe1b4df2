use core::ops::{Deref, DerefMut};

use crate::Error;

/// The bytes written so far, and their maximum.
///
/// Arrays and structs check the maximum after each element. So a value of any size stops soon after
/// it, and a `Serialize` that never ends does too.
pub(crate) struct Output {
    bytes: Vec<u8>,
    max_bytes: usize,
}

impl Output {
    pub(super) fn new(bytes: Vec<u8>, max_bytes: usize) -> Self {
        Self { bytes, max_bytes }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    #[inline]
    pub(super) fn is_beyond(&self) -> bool {
        self.bytes.len() > self.max_bytes
    }

    #[inline]
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.is_beyond() {
            return Err(self.beyond());
        }
        Ok(())
    }

    #[cold]
    fn beyond(&self) -> Error {
        Error::limit(format_args!(
            "the document would have more than {} bytes",
            self.max_bytes
        ))
    }
}

impl Deref for Output {
    type Target = Vec<u8>;

    #[inline]
    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Output {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}
