//! The maximum size of the document that this thread writes.
//!
//! It is not a field of the serializers: they are made for every value, and another field makes all of
//! them slower. It is read once for each struct and each key of a map, at the first element of an array, and after
//! each 256 elements.

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
