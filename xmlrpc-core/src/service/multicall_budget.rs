//! The bytes of the response to a multicall, and of the results of its entries.

use std::sync::{Arc, Mutex, PoisonError};

use crate::ResponseBudget;

/// For the budget of the transport, a multicall is one response.
pub(super) struct MulticallBudget {
    transport: Arc<dyn ResponseBudget>,
    bytes: Mutex<usize>,
}

impl MulticallBudget {
    pub(super) fn within(transport: Arc<dyn ResponseBudget>) -> Arc<dyn ResponseBudget> {
        Arc::new(Self {
            transport,
            bytes: Mutex::new(0),
        })
    }
}

impl ResponseBudget for MulticallBudget {
    fn resize(&self, from: usize, to: usize) -> bool {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let then = bytes.saturating_sub(from).saturating_add(to);
        let fits = self.transport.resize(*bytes, then);
        if fits {
            *bytes = then;
        }
        fits
    }
}
