use core::fmt;
#[cfg(feature = "server")]
use std::sync::Arc;

use super::encoded_response::{EncodedResponse, write_fault};
use crate::{Dialect, Error, Fault};
#[cfg(feature = "server")]
use crate::{
    response_budget::{Charge, ResponseBudget, ResponseCharge},
    ser::Unwritten,
};

/// Partial responses of up to this size do not ask the budget.
#[cfg(feature = "server")]
const UNCHARGED: usize = 4 << 10;

/// A larger response makes room for the faults of all further entries, so that it stays complete when there
/// is no more room.
#[cfg(feature = "server")]
const LARGE: usize = 64 << 10;

/// Writes the response to a `system.multicall`: a value or a fault for each entry.
///
/// ```
/// use xmlrpc_core::{Dialect, Fault, message::{MulticallResponseWriter, EncodedResponse}};
///
/// let mut response = MulticallResponseWriter::new(Dialect::EXTENDED, 1 << 20);
/// response.push(Ok(&EncodedResponse::new(&7, Dialect::EXTENDED)?))?;
/// response.push(Err(&Fault::method_not_found("nothing")))?;
/// let document = response.finish().into_document();
/// # assert!(!document.is_empty());
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct MulticallResponseWriter {
    document: Vec<u8>,
    head: usize,
    dialect: Dialect,
    max_bytes: usize,
    max_fault_bytes: usize,
    #[cfg(feature = "server")]
    charge: Charge,
}

impl fmt::Debug for MulticallResponseWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallResponseWriter")
            .field("bytes", &self.document.len())
            .finish_non_exhaustive()
    }
}

impl MulticallResponseWriter {
    const OPEN: &'static [u8] = b"<value><array><data>";
    const CLOSE: &'static [u8] = b"</data></array></value>";
    /// The number of bytes behind the last entry.
    const END: usize = Self::CLOSE.len() + EncodedResponse::TAIL;

    /// Begins a response of at most `max_bytes` bytes.
    pub fn new(dialect: Dialect, max_bytes: usize) -> Self {
        let mut document = EncodedResponse::begin(dialect);
        let head = document.len();
        document.extend_from_slice(Self::OPEN);
        Self {
            document,
            head,
            dialect,
            max_bytes,
            max_fault_bytes: usize::MAX,
            #[cfg(feature = "server")]
            charge: Charge::default(),
        }
    }

    /// Shortens the texts of faults that take more bytes than this.
    #[cfg(feature = "server")]
    pub(crate) fn max_fault_bytes(self, bytes: usize) -> Self {
        Self {
            max_fault_bytes: bytes,
            ..self
        }
    }

    /// Charges the memory of the response to a budget while it grows.
    #[cfg(feature = "server")]
    pub(crate) fn charged_to(self, budget: Option<Arc<dyn ResponseBudget>>) -> Self {
        let charge = budget.map(|budget| Box::new(ResponseCharge::new(budget)));
        Self {
            charge: Charge(charge),
            ..self
        }
    }

    /// Appends the result of an entry.
    ///
    /// # Errors
    ///
    /// The document would exceed its maximum. The entry is not written then; a shorter one may still
    /// fit.
    ///
    /// ```
    /// use xmlrpc_core::{Category, Dialect, message::{MulticallResponseWriter, EncodedResponse}};
    ///
    /// let mut response = MulticallResponseWriter::new(Dialect::EXTENDED, 500);
    /// let long = EncodedResponse::new("x".repeat(500).as_str(), Dialect::EXTENDED)?;
    /// assert_eq!(response.push(Ok(&long)).unwrap_err().category(), Category::Limit);
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn push(&mut self, result: Result<&EncodedResponse, &Fault>) -> Result<(), Error> {
        let before = self.document.len();
        match result {
            Ok(response) => {
                // A buffer that grew for a long result would keep the memory.
                if self.is_within(response.value().len() + Self::OPEN.len() + Self::CLOSE.len()) {
                    for piece in [Self::OPEN, response.value(), Self::CLOSE] {
                        self.document.extend_from_slice(piece);
                    }
                    return Ok(());
                }
            }
            Err(fault) => {
                self.write_fault(fault);
                if self.is_within(0) {
                    return Ok(());
                }
                self.document.truncate(before);
            }
        }
        Err(Error::limit(format_args!(
            "the response to system.multicall would have more than {} bytes",
            self.max_bytes
        )))
    }

    /// Whether the response stays within its maximum with so many bytes more.
    fn is_within(&self, more: usize) -> bool {
        self.document.len() + more + Self::END <= self.max_bytes
    }

    /// Appends the result of an entry, if the budget has room for it. `rest` is the size of the faults of
    /// all entries after it.
    #[cfg(feature = "server")]
    pub(crate) fn push_charged(
        &mut self,
        result: Result<&EncodedResponse, &Fault>,
        rest: usize,
    ) -> Result<(), Unwritten> {
        let more = match result {
            Ok(response) => response.value().len(),
            // With its escapes, a text is up to eight times as long.
            Err(fault) => {
                let text = fault.message().len().saturating_mul(8);
                text.min(self.max_fault_bytes)
            }
        };
        // The pieces around a value or the text of a fault have less than 256 bytes.
        if self.is_within(more) && !self.has_room(more.saturating_add(256), rest) {
            return Err(Unwritten::NoRoom);
        }
        self.push(result).map_err(|_| Unwritten::TooLarge)
    }

    #[cfg(feature = "server")]
    fn has_room(&mut self, more: usize, rest: usize) -> bool {
        let Some(charge) = &mut self.charge.0 else {
            return true;
        };
        let mut needed = self.document.len().saturating_add(more);
        needed = needed.saturating_add(Self::END);
        if needed <= charge.bytes().max(UNCHARGED) {
            return true;
        }
        if needed > LARGE {
            needed = needed.saturating_add(rest);
        }
        charge.grow(&mut self.document, needed, self.max_bytes)
    }

    /// Appends a fault without checking the maximum, for an entry whose response did not fit.
    pub fn push_beyond(&mut self, fault: &Fault) {
        self.write_fault(fault);
    }

    fn write_fault(&mut self, fault: &Fault) {
        write_fault(
            fault,
            self.dialect,
            self.max_fault_bytes,
            &mut self.document,
        );
    }

    /// The whole response.
    pub fn finish(mut self) -> EncodedResponse {
        self.document.extend_from_slice(Self::CLOSE);
        let response = EncodedResponse::end(self.document, self.head);
        #[cfg(feature = "server")]
        let response = response.with_charge(self.charge);
        response
    }
}
