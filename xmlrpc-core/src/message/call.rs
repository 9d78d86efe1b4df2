use core::{fmt, ops::Range};

use serde_core::Serialize;
use smallvec::SmallVec;

use crate::{
    Dialect, Error,
    dialect::Charset,
    ser::write_value,
    xml::{Forbidden, escape_between, escape_into},
};

const PARAM: &[u8] = b"<param>";
const PARAM_END: &[u8] = b"</param>";
const STRUCT: &[u8] = b"<value><struct>";
#[cfg(feature = "client")]
const STRUCT_END: &[u8] = b"</struct></value>";
const TAIL: &[u8] = b"</params></methodCall>";

/// The range of the `<value>` of each parameter.
type ValueRanges = SmallVec<[Range<usize>; 4]>;

/// Writes a `methodCall` directly into the bytes that will be sent.
///
/// ```
/// use xmlrpc_core::{Dialect, message::CallWriter};
///
/// let mut call = CallWriter::new("examples.getStateName", Dialect::STANDARD);
/// call.param(&41);
/// let document = call.finish()?.into_document();
/// assert_eq!(
///     String::from_utf8_lossy(&document),
///     "<?xml version=\"1.0\"?><methodCall><methodName>examples.getStateName</methodName>\
///      <params><param><value><int>41</int></value></param></params></methodCall>",
/// );
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct CallWriter {
    document: Vec<u8>,
    values: ValueRanges,
    secret: Secret,
    dialect: Dialect,
    error: Option<Error>,
}

impl fmt::Debug for CallWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallWriter")
            .field("params", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl CallWriter {
    /// Begins a call of `method`.
    #[inline]
    pub fn new(method: &str, dialect: Dialect) -> Self {
        let mut document = Vec::with_capacity(256);
        let error = write_head(method, dialect, Forbidden::Reject, &mut document).err();
        Self {
            document,
            values: ValueRanges::new(),
            secret: Secret::Params(0),
            dialect,
            error,
        }
    }

    /// Begins parameters that calls [start with](Self::secret_params).
    #[cfg(feature = "client")]
    pub(crate) fn without_method(dialect: Dialect) -> Self {
        Self {
            document: Vec::new(),
            values: ValueRanges::new(),
            secret: Secret::Params(0),
            dialect,
            error: None,
        }
    }

    /// Appends the first parameters of a call. Logs do not show them.
    #[cfg(feature = "client")]
    pub(crate) fn secret_params(&mut self, params: &EncodedCall) {
        let start = self.document.len();
        self.document.extend_from_slice(&params.document);
        let ranges = params.values.iter();
        self.values
            .extend(ranges.map(|range| start + range.start..start + range.end));
        self.secret = Secret::Params(self.values.len());
    }

    /// Adds members at the start of the struct that is the only parameter. If there are no parameters, the
    /// struct consists of these members. Logs do not show them.
    #[cfg(feature = "client")]
    pub(crate) fn secret_members(&mut self, members: &[u8]) {
        if self.error.is_some() {
            return;
        }
        if self.values.is_empty() {
            self.document.extend_from_slice(PARAM);
            let start = self.document.len();
            self.document.extend_from_slice(STRUCT);
            self.document.extend_from_slice(STRUCT_END);
            self.values.push(start..self.document.len());
            self.document.extend_from_slice(PARAM_END);
        }
        if let [value] = &mut self.values[..]
            && self.document[value.clone()].starts_with(STRUCT)
        {
            let start = value.start + STRUCT.len();
            self.document.splice(start..start, members.iter().copied());
            value.end += members.len();
            self.secret = Secret::Members(members.len());
        } else {
            self.fail(Error::data(
                "the leading members of the client can only be added to a struct, \
                 but the parameters of this method are not one struct; \
                 add `#[xmlrpc(no_leading)]` to it, or use a client without leading members",
            ));
        }
    }

    /// The number of parameters so far.
    #[cfg(feature = "client")]
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Makes the call an error, unless it already is one.
    #[cfg(feature = "client")]
    pub(crate) fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// Appends a parameter.
    ///
    /// [`finish`](Self::finish) returns the first error. Parameters after an error are ignored.
    #[inline]
    pub fn param<T: Serialize + ?Sized>(&mut self, value: &T) {
        if self.error.is_some() {
            return;
        }
        self.document.extend_from_slice(PARAM);
        let start = self.document.len();
        match write_value(value, self.dialect, &mut self.document) {
            Ok(()) => {
                self.values.push(start..self.document.len());
                self.document.extend_from_slice(PARAM_END);
            }
            Err(error) => {
                self.error = Some(error.in_param(self.values.len()));
            }
        }
    }

    /// Ends the call.
    ///
    /// # Errors
    ///
    /// The first parameter that cannot be written as XML-RPC. The path of the error begins with `params[i]`.
    #[inline]
    pub fn finish(self) -> Result<EncodedCall, Error> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(EncodedCall {
                document: self.document,
                values: self.values,
                secret: self.secret,
            }),
        }
    }
}

/// Writes the beginning of a call, up to the first parameter.
pub(super) fn write_head(
    method: &str,
    dialect: Dialect,
    forbidden: Forbidden,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    const END: &[u8; 21] = b"</methodName><params>";
    let charset = dialect.charset();
    let written = match dialect.declaration() {
        "" => {
            const HEAD: &[u8; 45] = b"<?xml version=\"1.0\"?><methodCall><methodName>";
            escape_between(HEAD, method, END, charset, forbidden, out)
        }
        declaration => {
            out.extend_from_slice(b"<?xml version=\"1.0\"?><methodCall");
            out.extend_from_slice(declaration.as_bytes());
            escape_between(b"><methodName>", method, END, charset, forbidden, out)
        }
    };
    written.map_err(|error| error.in_member("methodName"))
}

/// Writes text. Characters that XML forbids become U+FFFD.
pub(super) fn write_replacing(text: &str, charset: Charset, out: &mut Vec<u8>) {
    let written = escape_into(text, charset, Forbidden::Replace, out);
    debug_assert!(written.is_ok(), "forbidden characters are replaced");
}

/// What logs do not show of the parameters.
#[derive(Clone, Copy)]
enum Secret {
    /// The first values, as many as this.
    Params(usize),
    /// So many bytes of members, which are the first of the struct that is the only value.
    #[cfg_attr(
        not(feature = "client"),
        allow(dead_code, reason = "only a client has leading members")
    )]
    Members(usize),
}

/// A call with encoded parameters, to be sent on its own or within a multicall.
///
/// ```
/// use xmlrpc_core::{Dialect, message::{CallWriter, MulticallWriter}};
///
/// let mut call = CallWriter::new("add", Dialect::EXTENDED);
/// call.param(&1);
/// call.param(&2);
/// let call = call.finish()?;
/// assert_eq!(call.params(), 2);
///
/// let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
/// multicall.push("add", &call);
/// let together = multicall.finish();
/// let alone = call.into_document();
/// assert!(alone.starts_with(b"<?xml version=\"1.0\"?><methodCall><methodName>add</methodName>"));
/// # assert!(together.ends_with(b"</methodCall>"));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone)]
pub struct EncodedCall {
    /// The document without its end.
    document: Vec<u8>,
    values: ValueRanges,
    secret: Secret,
}

impl fmt::Debug for EncodedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedCall")
            .field("params", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl EncodedCall {
    /// The number of parameters.
    pub fn params(&self) -> usize {
        self.values.len()
    }

    /// The whole document.
    #[inline]
    pub fn into_document(mut self) -> Vec<u8> {
        self.document.extend_from_slice(TAIL);
        self.document
    }

    /// The whole document, and where its secret parameters are.
    #[cfg(feature = "client")]
    #[inline]
    pub(crate) fn into_outgoing(self) -> Outgoing {
        let mut secrets = Secrets::new();
        if let Some(first) = self.values.first() {
            match self.secret {
                Secret::Params(0) => {}
                Secret::Params(count) => {
                    let last = self.values.get(count - 1).unwrap_or(first);
                    secrets.push(first.start..last.end);
                }
                Secret::Members(bytes) => {
                    let start = first.start + STRUCT.len();
                    secrets.push(start..start + bytes);
                }
            }
        }
        Outgoing {
            document: self.into_document(),
            secrets,
        }
    }

    /// The `<member>`s of the only value, if it is a struct.
    #[cfg(feature = "client")]
    pub(crate) fn members(&self) -> Option<&[u8]> {
        let mut values = self.values();
        let value = values.next().filter(|_| values.next().is_none())?;
        value.strip_prefix(STRUCT)?.strip_suffix(STRUCT_END)
    }

    /// Appends the values without their `<param>`s. Returns where they are secret.
    pub(super) fn write_values(&self, out: &mut Vec<u8>) -> Option<Range<usize>> {
        let start = out.len();
        let mut secret = None;
        for (index, value) in self.values().enumerate() {
            let value_start = out.len();
            out.extend_from_slice(value);
            match self.secret {
                Secret::Params(count) if index + 1 == count => secret = Some(start..out.len()),
                Secret::Members(bytes) if index == 0 => {
                    let start = value_start + STRUCT.len();
                    secret = Some(start..start + bytes);
                }
                _ => {}
            }
        }
        secret
    }

    /// The `<value>` of each parameter.
    fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.values
            .iter()
            .map(|range| &self.document[range.clone()])
    }
}

/// The ranges of a document that logs do not show.
pub(crate) type Secrets = SmallVec<[Range<usize>; 1]>;

/// A document to send.
#[cfg(feature = "client")]
pub(crate) struct Outgoing {
    pub(crate) document: Vec<u8>,
    pub(crate) secrets: Secrets,
}
