//! The response to a multicall, within its bounds.

use std::sync::Arc;

use super::{dispatcher::DispatcherInner, no_room};
use crate::{
    Fault, ResponseBudget,
    message::{EncodedResponse, MulticallResponseWriter},
    ser::Unwritten,
};

/// The response to a multicall, up to its maximum size, and as long as there is room for it.
pub(super) struct BoundedResponse {
    writer: MulticallResponseWriter,
    max_bytes: usize,
    /// How many entries have no result yet.
    left: usize,
    full: Option<Full>,
}

/// Why the server does not run further entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Full {
    /// An entry exceeded the maximum.
    Maximum,
    /// The budget had no room for the result of an entry.
    Budget,
}

impl BoundedResponse {
    pub(super) fn new(
        dispatcher: &DispatcherInner,
        entries: usize,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Self {
        let max_bytes = dispatcher.max_multicall_bytes;
        let writer = MulticallResponseWriter::new(dispatcher.dialect, max_bytes)
            .max_fault_bytes(dispatcher.max_fault_bytes);
        Self {
            writer: writer.charged_to(budget),
            max_bytes,
            left: entries,
            full: None,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.full.is_some()
    }

    /// Appends the result of the next entry.
    pub(super) fn push(&mut self, mut result: Result<EncodedResponse, Fault>) {
        self.left = self.left.saturating_sub(1);
        if let Err(fault) = &mut result {
            fault.log();
            if no_room::is(fault) {
                self.full = Some(Full::Budget);
            }
        }
        let rest = self.left.saturating_mul(no_room::BYTES);
        match self.writer.push_charged(result.as_ref(), rest) {
            Ok(()) => {}
            Err(Unwritten::NoRoom) => {
                self.full = Some(Full::Budget);
                // Its own fault stays, if it is not longer.
                let fault = result.err();
                let fault = fault.filter(|fault| fault.message().len() < no_room::BYTES / 4);
                self.writer
                    .push_beyond(&fault.unwrap_or_else(no_room::for_result));
            }
            Err(_) => {
                self.full = Some(Full::Maximum);
                self.writer.push_beyond(&response_full(self.max_bytes));
            }
        }
    }

    /// Appends a fault for each entry without a result.
    pub(super) fn skip_rest(&mut self, no_room: fn() -> Fault) {
        let fault = match self.full {
            None => return,
            Some(Full::Maximum) => response_full(self.max_bytes),
            Some(Full::Budget) => no_room(),
        };
        for _ in 0..self.left {
            self.writer.push_beyond(&fault);
        }
        self.left = 0;
    }

    pub(super) fn finish(self) -> EncodedResponse {
        self.writer.finish()
    }
}

#[cold]
fn response_full(max_bytes: usize) -> Fault {
    Fault::new(
        Fault::INTERNAL_ERROR,
        format!("the results of this multicall exceed {max_bytes} bytes: send fewer calls at once"),
    )
}
