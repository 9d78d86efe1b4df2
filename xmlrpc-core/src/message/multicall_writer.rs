use core::fmt;

#[cfg(feature = "client")]
use super::call::Outgoing;
use super::call::{EncodedCall, Secrets, write_head, write_replacing};
use crate::{Dialect, xml::Forbidden};

/// The name of the method that runs the calls of a multicall.
pub(crate) const SYSTEM_MULTICALL: &str = "system.multicall";

/// Writes a call of `system.multicall` from calls that are already encoded.
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
    /// Where the secret parameters or members of the entries are.
    secrets: Secrets,
}

impl fmt::Debug for MulticallWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallWriter")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

impl MulticallWriter {
    /// Begins a multicall. Its entries must be encoded in the same dialect.
    pub fn new(dialect: Dialect) -> Self {
        let mut document = Vec::with_capacity(1024);
        let head = write_head(SYSTEM_MULTICALL, dialect, Forbidden::Replace, &mut document);
        debug_assert!(head.is_ok(), "the name has no forbidden characters");
        document.extend_from_slice(b"<param><value><array><data>");
        Self {
            document,
            dialect,
            entries: 0,
            secrets: Secrets::new(),
        }
    }

    /// Appends a call of `method` with the parameters of `call`.
    pub fn push(&mut self, method: &str, call: &EncodedCall) {
        let out = &mut self.document;
        out.extend_from_slice(b"<value><struct><member><name>methodName</name><value><string>");
        write_replacing(method, self.dialect.charset(), out);
        out.extend_from_slice(
            b"</string></value></member><member><name>params</name><value><array><data>",
        );
        self.secrets.extend(call.write_values(out));
        out.extend_from_slice(b"</data></array></value></member></struct></value>");
        self.entries += 1;
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The whole document.
    pub fn finish(mut self) -> Vec<u8> {
        self.document
            .extend_from_slice(b"</data></array></value></param></params></methodCall>");
        self.document
    }

    /// The whole document, and where its secret parameters are.
    #[cfg(feature = "client")]
    pub(crate) fn finish_outgoing(mut self) -> Outgoing {
        let secrets = core::mem::take(&mut self.secrets);
        Outgoing {
            document: self.finish(),
            secrets,
        }
    }
}
