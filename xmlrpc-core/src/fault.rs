use core::fmt::{self, Display};
use std::sync::Arc;

use crate::{Category, Error, Struct, Value, box_error::BoxError, error::OneLine};

/// The response of a method that failed: a code and a text.
///
/// The codes from −32768 to −32000 are reserved (Specification for Fault Code Interoperability).
/// Applications use others.
///
/// A fault may have a [source](Self::with_source). The server logs the source when it sends the fault,
/// and never sends the source itself. Faults are equal if their codes and texts are.
///
/// ```
/// use xmlrpc_core::Fault;
///
/// let fault = Fault::new(4, "Too many parameters.");
/// assert_eq!(fault.to_string(), "fault 4: Too many parameters.");
/// ```
#[derive(Clone)]
pub struct Fault {
    message: String,
    /// Behind a thin pointer, so that results with faults stay small.
    source: Option<Arc<BoxError>>,
    code: i32,
    #[allow(dead_code, reason = "only the server logs faults")]
    pub(crate) is_logged: bool,
}

impl Fault {
    /// The document is not well-formed.
    pub const PARSE_ERROR: i32 = -32700;
    /// The encoding of the document is not supported.
    pub const UNSUPPORTED_ENCODING: i32 = -32701;
    /// The document has bytes that are invalid in its encoding.
    pub const INVALID_CHARACTER: i32 = -32702;
    /// The document is not XML-RPC.
    pub const INVALID_REQUEST: i32 = -32600;
    /// The server has no method of this name.
    pub const METHOD_NOT_FOUND: i32 = -32601;
    /// The parameters do not fit the method.
    pub const INVALID_PARAMS: i32 = -32602;
    /// An error inside the server.
    pub const INTERNAL_ERROR: i32 = -32603;
    /// The call took longer than the server allows. The code is from the range for server errors.
    pub const TIMED_OUT: i32 = -32001;
    /// The server is overloaded. The code is from the range for server errors.
    pub const OVERLOADED: i32 = -32002;
    /// The application failed.
    pub const APPLICATION_ERROR: i32 = -32500;
    /// The system below the application failed.
    pub const SYSTEM_ERROR: i32 = -32400;
    /// The transport failed.
    pub const TRANSPORT_ERROR: i32 = -32300;

    /// A fault with the given code and text.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
            code,
            is_logged: false,
        }
    }

    /// The same fault with an error that caused it.
    ///
    /// The peer does not see the source. The server logs it and its own sources through `tracing` when
    /// it sends the fault. [`source`](std::error::Error::source) returns it.
    ///
    /// ```
    /// use std::error::Error;
    /// use xmlrpc_core::Fault;
    ///
    /// let fault = Fault::new(4, "no such user").with_source("no row in table users");
    /// assert_eq!(fault.source().unwrap().to_string(), "no row in table users");
    /// assert_eq!(fault, Fault::new(4, "no such user"));
    /// ```
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(Arc::new(source.into()));
        self.is_logged = false;
        self
    }

    /// The code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A fault −32603 with the text `internal error`, and the error as its
    /// [source](Self::with_source): the server logs the error and does not send it.
    ///
    /// ```
    /// use xmlrpc_core::Fault;
    ///
    /// let fault = Fault::internal("cannot connect to db-7 as admin");
    /// assert_eq!(fault.message(), "internal error");
    /// ```
    pub fn internal(err: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Self::INTERNAL_ERROR, "internal error").with_source(err)
    }

    /// A fault −32500 with the texts of an error and of its sources. The peer sees all of them.
    ///
    /// ```
    /// use xmlrpc_core::Fault;
    ///
    /// let fault = Fault::disclose(std::io::Error::other("disk full"));
    /// assert_eq!((fault.code(), fault.message()), (-32500, "disk full"));
    /// assert_eq!(Fault::disclose("no such user").message(), "no such user");
    /// ```
    pub fn disclose(err: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Self::APPLICATION_ERROR, chain(&*err.into()))
    }

    /// A fault −32602. The text describes what is wrong with the parameters.
    ///
    /// ```
    /// assert_eq!(xmlrpc_core::Fault::invalid_params("no such day").code(), -32602);
    /// ```
    pub fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(Self::INVALID_PARAMS, message)
    }

    /// A fault −32601 for a method of this name.
    ///
    /// ```
    /// let fault = xmlrpc_core::Fault::method_not_found("add");
    /// assert_eq!(fault.to_string(), "fault -32601: method `add` not found");
    /// ```
    pub fn method_not_found(name: impl Display) -> Self {
        let name = name.to_string();
        Self::new(
            Self::METHOD_NOT_FOUND,
            format!("method `{}` not found", crate::error::Excerpt(&name)),
        )
    }
}

impl Display for Fault {
    /// The code and the text, on one line. The text may come from a peer: control characters are
    /// escaped, and after 300 characters it is cut. [`message`](Self::message) has all of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}: {}", self.code, OneLine::new(&self.message))
    }
}

#[allow(
    clippy::missing_fields_in_debug,
    reason = "whether it is logged is not a property of the fault"
)]
/// The text is shortened, because it may come from a peer.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Fault");
        debug
            .field("code", &self.code)
            .field("message", &OneLine::new(&self.message));
        if let Some(source) = &self.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        (self.code, &self.message) == (other.code, &other.message)
    }
}

impl Eq for Fault {}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| &**source as _)
    }
}

/// The texts of an error and of its sources, separated by colons.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl Error {
    /// The code of the fault that a server sends for this error.
    ///
    /// ```
    /// let error = xmlrpc_core::from_str::<i32>("<value><int>").unwrap_err();
    /// assert_eq!(error.fault_code(), -32700);
    /// ```
    pub fn fault_code(&self) -> i32 {
        match self.category() {
            Category::Syntax => Fault::PARSE_ERROR,
            Category::UnknownEncoding => Fault::UNSUPPORTED_ENCODING,
            Category::InvalidCharacter => Fault::INVALID_CHARACTER,
            Category::Protocol | Category::Limit => Fault::INVALID_REQUEST,
            Category::Data => Fault::INVALID_PARAMS,
            Category::Io => Fault::TRANSPORT_ERROR,
        }
    }

    // Not `From`: with it, `?` in a method would send errors of documents that the server itself has read.
    /// The fault that a server sends for this error. Its text is meant for the peer that sent the document:
    /// it names neither settings of the server nor its types.
    ///
    /// A [raw method](crate::Dispatcher::raw_method) uses it for errors of its parameters. For errors of
    /// other documents, use [`Fault::internal`].
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Error, Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let dispatcher = Dispatcher::new().raw_method("add", |params, _| {
    ///     let numbers = params.decode(|params| params.rest::<i64>("numbers"));
    ///     numbers.map(|numbers| numbers.iter().sum::<i64>()).map_err(Error::into_fault)
    /// });
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<i64>("add", (1, 2, 3)).await.unwrap(), 6);
    ///
    /// let error = client.call::<i64>("add", (1, true)).await.unwrap_err();
    /// assert_eq!(error.fault().map(Fault::code), Some(Fault::INVALID_PARAMS));
    /// # }
    /// ```
    #[cfg(feature = "server")]
    #[cfg_attr(docsrs, doc(cfg(feature = "server")))]
    pub fn into_fault(self) -> Fault {
        let text = self.for_peer().to_string();
        self.fault_with_text(text)
    }

    /// A fault with a text for the peer. If the error names a setting, the server logs the error.
    #[cfg(feature = "server")]
    pub(crate) fn fault_with_text(self, text: String) -> Fault {
        let fault = Fault::new(self.fault_code(), text);
        if self.names_setting() {
            fault.with_source(self)
        } else {
            fault
        }
    }
}

/// The struct that represents the fault on the wire, with `faultCode` and `faultString`.
///
/// `Fault` does not implement `Serialize`. Otherwise a `Result<T, Fault>` could be a value, and
/// the meaning of a method that returns one would be ambiguous.
///
/// ```
/// use xmlrpc_core::{Fault, Value};
///
/// let value = Value::from(Fault::new(4, "no"));
/// assert_eq!(value["faultCode"], 4);
/// assert_eq!(value["faultString"], "no");
/// ```
impl From<Fault> for Value {
    fn from(fault: Fault) -> Self {
        let mut members = Struct::new();
        members.insert("faultCode", fault.code);
        members.insert("faultString", fault.message);
        Self::Struct(members)
    }
}
