//! The maximum size of the document that this thread writes.
//!
//! It is not a field of the serializers: they are made for every value, and another field makes all of
//! them slower. It is read at the end of each array and struct, after each 256 elements or members,
//! and before a long text. So a document stops soon after its maximum, whatever it contains.

use std::cell::Cell;

use crate::Error;

thread_local! {
    static MAX_BYTES: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Sets the maximum until it is dropped.
#[cfg(feature = "server")]
pub(super) struct Bound {
    outer: usize,
}

#[cfg(feature = "server")]
impl Bound {
    pub(super) fn set(max_bytes: usize) -> Self {
        let outer = MAX_BYTES.replace(max_bytes);
        Self { outer }
    }
}

#[cfg(feature = "server")]
impl Drop for Bound {
    fn drop(&mut self) {
        MAX_BYTES.set(self.outer);
    }
}

/// Counts the members of a struct.
///
/// It counts down, because the instruction that subtracts also tells whether 0 is reached.
pub(super) struct Pace {
    until_check: usize,
}

impl Pace {
    const EVERY: usize = 256;

    pub(super) const START: Self = Self {
        until_check: Self::EVERY,
    };

    /// Counts one more. Returns an error if it is time to check, and `written` is too long.
    #[inline]
    pub(super) fn next(&mut self, written: &[u8]) -> Result<(), Error> {
        self.until_check -= 1;
        if self.until_check == 0 {
            self.until_check = Self::EVERY;
            return check_now(written);
        }
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn check_now(written: &[u8]) -> Result<(), Error> {
    check(written)
}

/// Texts above this length are checked one by one.
const LONG: usize = 1 << 10;

/// Checks what is written before a text or bytes of this length.
#[inline]
pub(super) fn check_before(length: usize, written: &[u8]) -> Result<(), Error> {
    if length > LONG {
        return check_now(written);
    }
    Ok(())
}

/// Returns an error if this is more than the maximum.
#[inline]
pub(super) fn check(written: &[u8]) -> Result<(), Error> {
    if written.len() > MAX_BYTES.get() {
        return Err(beyond());
    }
    Ok(())
}

#[cold]
fn beyond() -> Error {
    let max = MAX_BYTES.get();
    Error::limit(format_args!(
        "the document would have more than {max} bytes"
    ))
}
