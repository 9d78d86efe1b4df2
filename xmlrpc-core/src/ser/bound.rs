//! The maximum size of the document that this thread writes.
//!
//! It is not a field of the serializers: they are made for every value, and another field makes all of
//! them slower. It is read at the end of each array and struct, after each 256 elements or members,
//! and before a long text. So a document stops soon after its maximum, whatever it contains.
//!
//! With a budget, the maximum begins low. When the document reaches it, the budget is asked for more.

use std::cell::Cell;
#[cfg(feature = "server")]
use std::sync::Arc;

#[cfg(feature = "server")]
use super::{Unwritten, growth::Growth};
use crate::Error;
#[cfg(feature = "server")]
use crate::response_budget::{ResponseBudget, ResponseCharge};

thread_local! {
    static MAX_BYTES: Cell<usize> = const { Cell::new(usize::MAX) };
}

#[cfg(feature = "server")]
thread_local! {
    static GROWTH: Cell<Option<Growth>> = const { Cell::new(None) };
}

/// Stands instead of a maximum: the document has been refused. A `Serialize` may ignore the error.
#[cfg(feature = "server")]
const REFUSED: usize = 0;

/// Sets the maximum until it is dropped.
#[cfg(feature = "server")]
pub(super) struct Bound {
    outer: usize,
    /// Whether this one has replaced the growth of the document around it, and that growth.
    replaces: bool,
    outer_growth: Option<Growth>,
}

#[cfg(feature = "server")]
impl Bound {
    pub(super) fn set(max_bytes: usize, budget: Option<Arc<dyn ResponseBudget>>) -> Self {
        let growth = budget.map(|budget| Growth::new(max_bytes, budget));
        let limit = growth.as_ref().map_or(max_bytes, Growth::limit);
        let outer = MAX_BYTES.replace(limit);
        // Most documents have no budget and are not inside of another one.
        let replaces = growth.is_some() || outer != usize::MAX;
        Self {
            outer,
            replaces,
            outer_growth: if replaces {
                GROWTH.replace(growth)
            } else {
                None
            },
        }
    }

    /// Returns why the document was refused, if it was, and its charge.
    pub(super) fn end(self) -> (Option<Unwritten>, Option<Box<ResponseCharge>>) {
        if self.replaces
            && let Some(growth) = GROWTH.take()
        {
            return growth.end();
        }
        let refused = MAX_BYTES.get() == REFUSED;
        (refused.then_some(Unwritten::TooLarge), None)
    }
}

#[cfg(feature = "server")]
impl Drop for Bound {
    fn drop(&mut self) {
        MAX_BYTES.set(self.outer);
        if self.replaces {
            GROWTH.set(self.outer_growth.take());
        }
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
    pub(super) fn next(&mut self, written: &mut Vec<u8>) -> Result<(), Error> {
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
fn check_now(written: &mut Vec<u8>) -> Result<(), Error> {
    check(written)
}

/// Returns an error if this is more than the maximum.
#[inline]
pub(super) fn check(written: &mut Vec<u8>) -> Result<(), Error> {
    if written.len() > MAX_BYTES.get() && !may_grow(0, written) {
        return Err(refusal());
    }
    Ok(())
}

/// Returns an error if this and so many bytes are more than the maximum.
#[cold]
#[inline(never)]
pub(super) fn check_with(length: usize, written: &mut Vec<u8>) -> Result<(), Error> {
    if written.len().saturating_add(length) > MAX_BYTES.get() && !may_grow(length, written) {
        return Err(refusal());
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn refusal() -> Error {
    Error::limit("there is no room for the document")
}

/// Raises the maximum if the document may grow by so many bytes.
///
/// It does not return the error: a result that is an error or nothing would be tested once more for each
/// element of an array.
#[cold]
#[inline(never)]
#[cfg(feature = "server")]
fn may_grow(length: usize, written: &mut Vec<u8>) -> bool {
    // Taken out, because a budget could encode something itself.
    let Some(mut growth) = GROWTH.take() else {
        MAX_BYTES.set(REFUSED);
        return false;
    };
    let needed = written.len().saturating_add(length);
    let has_grown = growth.grow(needed, written);
    MAX_BYTES.set(growth.limit());
    GROWTH.set(Some(growth));
    has_grown
}

/// Without a server, there is no maximum.
#[cold]
#[cfg(not(feature = "server"))]
fn may_grow(_: usize, _: &mut Vec<u8>) -> bool {
    true
}
