use core::fmt;

use super::encoded_response::{EncodedResponse, write_fault};
use crate::{Dialect, Error, Fault};

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
                for piece in [Self::OPEN, response.value(), Self::CLOSE] {
                    self.document.extend_from_slice(piece);
                }
            }
            Err(fault) => write_fault(fault, self.dialect, &mut self.document),
        }
        if self.document.len() + Self::CLOSE.len() + EncodedResponse::TAIL > self.max_bytes {
            self.document.truncate(before);
            return Err(Error::limit(format_args!(
                "the response to system.multicall would have more than {} bytes",
                self.max_bytes
            )));
        }
        Ok(())
    }

    /// Appends a fault without checking the maximum, for an entry whose response did not fit.
    pub fn push_beyond(&mut self, fault: &Fault) {
        write_fault(fault, self.dialect, &mut self.document);
    }

    /// The whole response.
    pub fn finish(mut self) -> EncodedResponse {
        self.document.extend_from_slice(Self::CLOSE);
        EncodedResponse::end(self.document, self.head)
    }
}
