use core::fmt;

use super::{
    EncodedCall, EncodedResponse,
    call::{write_always, write_head},
    reply::write_fault,
};
use crate::{Dialect, Error, Fault, xml::Escaped};

/// Writes a call of `system.multicall` out of calls that are already encoded.
///
/// ```
/// use xmlrpc_core::{Dialect, message::{CallWriter, MulticallWriter}};
///
/// let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
/// multicall.push("getData", &CallWriter::new("getData", Dialect::EXTENDED).finish()?);
/// assert_eq!(multicall.len(), 1);
/// let document = multicall.finish();
/// # assert!(!document.is_empty());
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct MulticallWriter {
    document: Vec<u8>,
    dialect: Dialect,
    entries: usize,
}

impl fmt::Debug for MulticallWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallWriter")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

impl MulticallWriter {
    /// Begins a multicall; its entries must have been encoded in the same dialect.
    pub fn new(dialect: Dialect) -> Self {
        let mut document = Vec::with_capacity(1024);
        let head = write_head("system.multicall", dialect, Escaped::Always, &mut document);
        debug_assert!(head.is_ok(), "the name is known");
        document.extend_from_slice(b"<param><value><array><data>");
        Self {
            document,
            dialect,
            entries: 0,
        }
    }

    /// Appends a call of `method` with the parameters of `call`.
    pub fn push(&mut self, method: &str, call: &EncodedCall) {
        let out = &mut self.document;
        out.extend_from_slice(b"<value><struct><member><name>methodName</name><value><string>");
        write_always(method, self.dialect.charset(), out);
        out.extend_from_slice(
            b"</string></value></member><member><name>params</name><value><array><data>",
        );
        for value in call.values() {
            out.extend_from_slice(value);
        }
        out.extend_from_slice(b"</data></array></value></member></struct></value>");
        self.entries += 1;
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there are no entries yet.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The whole document.
    pub fn finish(mut self) -> Vec<u8> {
        self.document
            .extend_from_slice(b"</data></array></value></param></params></methodCall>");
        self.document
    }
}

/// Writes the answer to a `system.multicall`: for each entry its value or its fault.
///
/// ```
/// use xmlrpc_core::{Dialect, Fault, message::{MulticallResponseWriter, EncodedResponse}};
///
/// let mut answer = MulticallResponseWriter::new(Dialect::EXTENDED, 1 << 20);
/// answer.push(Ok(&EncodedResponse::new(&7, Dialect::EXTENDED)?))?;
/// answer.push(Err(&Fault::method_not_found("nothing")))?;
/// let document = answer.finish().into_document();
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

    /// Begins an answer of at most `max_bytes` bytes.
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
    /// The document would have more than the bytes that it may have. The entry is not written then,
    /// and a shorter one may still be.
    ///
    /// ```
    /// use xmlrpc_core::{Category, Dialect, message::{MulticallResponseWriter, EncodedResponse}};
    ///
    /// let mut answer = MulticallResponseWriter::new(Dialect::EXTENDED, 500);
    /// let long = EncodedResponse::new("x".repeat(500).as_str(), Dialect::EXTENDED)?;
    /// assert_eq!(answer.push(Ok(&long)).unwrap_err().category(), Category::Limit);
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn push(&mut self, result: Result<&EncodedResponse, &Fault>) -> Result<(), Error> {
        let before = self.document.len();
        match result {
            Ok(reply) => {
                for piece in [Self::OPEN, reply.value(), Self::CLOSE] {
                    self.document.extend_from_slice(piece);
                }
            }
            Err(fault) => write_fault(fault, self.dialect, &mut self.document),
        }
        if self.document.len() + Self::CLOSE.len() + EncodedResponse::TAIL > self.max_bytes {
            self.document.truncate(before);
            return Err(Error::limit(format_args!(
                "the answer to system.multicall would have more than {} bytes",
                self.max_bytes
            )));
        }
        Ok(())
    }

    /// Appends a fault, however many bytes there are already: that of an entry whose answer did
    /// not fit.
    pub fn push_beyond(&mut self, fault: &Fault) {
        write_fault(fault, self.dialect, &mut self.document);
    }

    /// The whole answer.
    pub fn finish(mut self) -> EncodedResponse {
        self.document.extend_from_slice(Self::CLOSE);
        EncodedResponse::end(self.document, self.head)
    }
}
