//! How a document grows that has a budget.

use std::sync::Arc;

use super::Unwritten;
use crate::response_budget::{ResponseBudget, ResponseCharge};

/// Smaller documents do not ask the budget: they are encoded in a moment, and the transport counts them
/// then.
const SMALL: usize = 64 << 10;

/// A document asks again when so many bytes of its memory are left. In between it grows by single elements
/// and short texts, which are not checked.
const MARGIN: usize = 64 << 10;

pub(super) struct Growth {
    /// The maximum size of the document.
    max_bytes: usize,
    /// The size up to which it may grow without asking.
    limit: usize,
    budget: Arc<dyn ResponseBudget>,
    charge: Option<Box<ResponseCharge>>,
    refused: Option<Unwritten>,
}

impl Growth {
    pub(super) fn new(max_bytes: usize, budget: Arc<dyn ResponseBudget>) -> Self {
        Self {
            max_bytes,
            limit: max_bytes.min(SMALL),
            budget,
            charge: None,
            refused: None,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the document may grow to `needed` bytes.
    pub(super) fn grow(&mut self, needed: usize, written: &mut Vec<u8>) -> bool {
        if needed > self.max_bytes {
            self.refused.get_or_insert(Unwritten::TooLarge);
            return false;
        }
        let memory = needed.saturating_add((needed / 7 + 1).min(MARGIN));
        let most = self.max_bytes.saturating_add(MARGIN);
        let charge = self
            .charge
            .get_or_insert_with(|| Box::new(ResponseCharge::new(Arc::clone(&self.budget))));
        if self.refused.is_some() || !charge.grow(written, memory, most) {
            self.refused.get_or_insert(Unwritten::NoRoom);
            return false;
        }
        let bytes = charge.bytes();
        self.limit = (bytes - (bytes / 8).min(MARGIN)).min(self.max_bytes);
        true
    }

    /// Why the document was refused, if it was, and its charge. A `Serialize` may have ignored the
    /// error.
    pub(super) fn end(self) -> (Option<Unwritten>, Option<Box<ResponseCharge>>) {
        (self.refused, self.charge)
    }
}
