use core::fmt;
#[cfg(feature = "server")]
use std::sync::Arc;

use serde_core::Serialize;

use super::call::write_replacing;
use crate::{
    Dialect, Error, Fault,
    dialect::{Charset, ExtensionTags},
    ser::write_value,
};
#[cfg(feature = "server")]
use crate::{
    response_budget::{Charge, ResponseBudget},
    ser::{Unwritten, write_value_within},
};

/// Smaller buffers keep their unused memory. Otherwise glibc only sees small blocks being freed, takes the
/// grown buffer of the next response from the system again, and copies the response into it.
const LARGE: usize = 256 << 10;

const TAIL: &[u8] = b"</param></params></methodResponse>";

/// A complete `methodResponse` with a value.
///
/// ```
/// use xmlrpc_core::{Dialect, message::EncodedResponse};
///
/// let response = EncodedResponse::new("South Dakota", Dialect::STANDARD)?;
/// assert_eq!(response.value(), b"<value><string>South Dakota</string></value>");
/// assert_eq!(
///     String::from_utf8_lossy(response.document()),
///     "<?xml version=\"1.0\"?><methodResponse><params><param>\
///      <value><string>South Dakota</string></value></param></params></methodResponse>",
/// );
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone)]
pub struct EncodedResponse {
    document: Vec<u8>,
    /// The offset of the value.
    head: usize,
    /// What it has of the [budget](crate::ResponseBudget). A clone has nothing: a program that keeps
    /// responses should keep clones.
    #[cfg(feature = "server")]
    pub(crate) charge: Charge,
}

impl fmt::Debug for EncodedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedResponse")
            .field("bytes", &self.document.len())
            .finish_non_exhaustive()
    }
}

impl EncodedResponse {
    /// Encodes a response with the given value.
    ///
    /// # Errors
    ///
    /// The value cannot be written as XML-RPC.
    pub fn new<T: Serialize + ?Sized>(value: &T, dialect: Dialect) -> Result<Self, Error> {
        let mut document = Self::begin(dialect);
        let head = document.len();
        write_value(value, dialect, &mut document)?;
        Ok(Self::end(document, head))
    }

    /// Encodes a response of at most `max_bytes` bytes, and stops if the value needs more, or more than
    /// the budget has room for.
    #[cfg(feature = "server")]
    pub(crate) fn within<T: Serialize + ?Sized>(
        value: &T,
        dialect: Dialect,
        max_bytes: usize,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Result<Self, Unwritten> {
        let mut document = Self::begin(dialect);
        let head = document.len();
        let max_bytes = max_bytes.saturating_sub(TAIL.len());
        let charge = write_value_within(value, dialect, max_bytes, budget, &mut document)?;
        let mut response = Self::end(document, head);
        if charge.is_some() {
            response.charge = Charge(charge);
            if !response.settle() {
                return Err(Unwritten::NoRoom);
            }
        }
        Ok(response)
    }

    /// Takes the charge of the buffer. Without room for its present size, it stays as it is: then the
    /// transport asks again.
    #[cfg(feature = "server")]
    pub(super) fn with_charge(mut self, charge: Charge) -> Self {
        if charge.0.as_ref().is_some_and(|charge| charge.bytes() > 0) {
            self.charge = charge;
            self.settle();
        }
        self
    }

    /// Charges the memory of the document: less than while it was growing, unless it has ended with many
    /// short texts. Returns whether there is room for it.
    #[cfg(feature = "server")]
    fn settle(&mut self) -> bool {
        let capacity = self.document.capacity();
        let charge = self.charge.0.as_mut();
        charge.is_none_or(|charge| charge.resize(capacity))
    }

    /// The whole document.
    pub fn into_document(self) -> Vec<u8> {
        self.document
    }

    /// The whole document.
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// The `<value>` in it.
    pub fn value(&self) -> &[u8] {
        &self.document[self.head..self.document.len() - TAIL.len()]
    }

    /// The document up to its value.
    pub(super) fn begin(dialect: Dialect) -> Vec<u8> {
        let mut document = Vec::with_capacity(256);
        write_head(dialect, &mut document);
        document.extend_from_slice(b"<params><param>");
        document
    }

    /// The response whose value begins at `head` in `document`.
    pub(super) fn end(mut document: Vec<u8>, head: usize) -> Self {
        document.extend_from_slice(TAIL);
        // A buffer that grew may have twice the memory, which is in use until the response is sent.
        if document.len() > LARGE && document.capacity() - document.len() > document.len() / 8 {
            document.shrink_to_fit();
        }
        Self {
            document,
            head,
            #[cfg(feature = "server")]
            charge: Charge::default(),
        }
    }

    /// The number of bytes behind the value.
    pub(super) const TAIL: usize = TAIL.len();
}

fn write_head(dialect: Dialect, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<?xml version=\"1.0\"?><methodResponse");
    out.extend_from_slice(dialect.declaration().as_bytes());
    out.push(b'>');
}

/// The `methodResponse` of a fault.
///
/// A fault can always be written: characters that XML 1.0 does not allow become U+FFFD.
///
/// ```
/// use xmlrpc_core::{Dialect, Fault, message::fault_response};
///
/// let document = fault_response(&Fault::new(4, "Too many parameters."), Dialect::STANDARD);
/// assert_eq!(
///     String::from_utf8_lossy(&document),
///     "<?xml version=\"1.0\"?><methodResponse><fault><value><struct>\
///      <member><name>faultCode</name><value><int>4</int></value></member>\
///      <member><name>faultString</name><value><string>Too many parameters.</string></value></member>\
///      </struct></value></fault></methodResponse>",
/// );
/// ```
pub fn fault_response(fault: &Fault, dialect: Dialect) -> Vec<u8> {
    fault_response_within(fault, dialect, usize::MAX)
}

/// The same with a text of at most `max_text` bytes. A longer one is shortened.
pub(crate) fn fault_response_within(fault: &Fault, dialect: Dialect, max_text: usize) -> Vec<u8> {
    // A fault needs no extension, so the root needs no declaration.
    let plain = Dialect {
        extensions: ExtensionTags::None,
        ..dialect
    };
    let mut document = Vec::with_capacity(256);
    write_head(plain, &mut document);
    document.extend_from_slice(b"<fault>");
    write_fault(fault, plain, max_text, &mut document);
    document.extend_from_slice(b"</fault></methodResponse>");
    document
}

/// Writes the `<value>` of a fault.
pub(super) fn write_fault(fault: &Fault, dialect: Dialect, max_text: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<value><struct><member><name>faultCode</name>");
    let code = write_value(&fault.code(), dialect, out);
    debug_assert!(code.is_ok(), "an i32 can always be written");
    out.extend_from_slice(b"</member><member><name>faultString</name><value><string>");
    write_shortened(fault.message(), dialect.charset(), max_text, out);
    out.extend_from_slice(b"</string></value></member></struct></value>");
}

/// The longest escape of one byte: a forbidden character becomes `&#65533;` in a document in ASCII.
const LONGEST_ESCAPE: usize = 8;

/// Writes a text that takes at most so many bytes with its escapes. A longer one ends with its length.
fn write_shortened(text: &str, charset: Charset, max: usize, out: &mut Vec<u8>) {
    if text.len() <= max / LONGEST_ESCAPE {
        write_replacing(text, charset, out);
        return;
    }
    let end = out.len().saturating_add(max);
    for (at, c) in text.char_indices() {
        let before = out.len();
        write_replacing(&text[at..at + c.len_utf8()], charset, out);
        if out.len() > end {
            out.truncate(before);
            let length = format!("… (shortened from {} bytes)", text.len());
            write_replacing(&length, charset, out);
            return;
        }
    }
}
