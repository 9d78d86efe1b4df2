use core::fmt::{self, Display};

use crate::{Category, Error, Struct, Value};

/// The answer of a method that failed: a code and a text.
///
/// The codes from −32768 to −32000 are reserved (Specification for Fault Code Interoperability);
/// applications use others.
///
/// ```
/// use xmlrpc_core::Fault;
///
/// let fault = Fault::new(4, "Too many parameters.");
/// assert_eq!(fault.to_string(), "fault 4: Too many parameters.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: i32,
    message: String,
}

impl Fault {
    /// The document is not well-formed.
    pub const PARSE_ERROR: i32 = -32700;
    /// The document is in an encoding that is not supported.
    pub const UNSUPPORTED_ENCODING: i32 = -32701;
    /// The document holds what its encoding cannot hold.
    pub const INVALID_CHARACTER: i32 = -32702;
    /// The document is no XML-RPC.
    pub const INVALID_REQUEST: i32 = -32600;
    /// There is no method of this name.
    pub const METHOD_NOT_FOUND: i32 = -32601;
    /// The parameters are not those of the method.
    pub const INVALID_PARAMS: i32 = -32602;
    /// Something went wrong inside the server.
    pub const INTERNAL_ERROR: i32 = -32603;
    /// The call took longer than the server lets it take; of the range for errors of servers.
    pub const TIMED_OUT: i32 = -32001;
    /// The server has too much to do; of the range for errors of servers.
    pub const OVERLOADED: i32 = -32002;
    /// The application failed.
    pub const APPLICATION_ERROR: i32 = -32500;
    /// The system below the application failed.
    pub const SYSTEM_ERROR: i32 = -32400;
    /// The transport failed.
    pub const TRANSPORT_ERROR: i32 = -32300;

    /// A fault with a code and a text of one's own.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// −32603 with the text `internal error`; what happened goes to the log and not to the peer.
    ///
    /// ```
    /// use xmlrpc_core::Fault;
    ///
    /// let fault = Fault::internal("cannot connect to db-7 as admin");
    /// assert_eq!(fault.message(), "internal error");
    /// ```
    pub fn internal(err: impl Display) -> Self {
        tracing::error!("internal error: {err:#}");
        Self::new(Self::INTERNAL_ERROR, "internal error")
    }

    /// −32500 with the text of an error and of its sources: the peer sees it all.
    ///
    /// ```
    /// use xmlrpc_core::Fault;
    ///
    /// let fault = Fault::disclose(std::io::Error::other("disk full"));
    /// assert_eq!((fault.code(), fault.message()), (-32500, "disk full"));
    /// assert_eq!(Fault::disclose("no such user").message(), "no such user");
    /// ```
    pub fn disclose(err: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let err = err.into();
        let mut message = err.to_string();
        let mut source = err.source();
        while let Some(err) = source {
            message.push_str(": ");
            message.push_str(&err.to_string());
            source = err.source();
        }
        Self::new(Self::APPLICATION_ERROR, message)
    }

    /// −32602 with a text that says what is wrong with the parameters.
    ///
    /// ```
    /// assert_eq!(xmlrpc_core::Fault::invalid_params("no such day").code(), -32602);
    /// ```
    pub fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(Self::INVALID_PARAMS, message)
    }

    /// −32601 for a method of this name.
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}

impl Error {
    /// The code of the fault that a server answers with for this error.
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

    // Not `From`: with it a `?` in a method would tell a caller of what the server itself has read.
    pub(crate) fn into_fault(self) -> Fault {
        Fault::new(self.fault_code(), self.to_string())
    }
}

/// As the struct that it is on the wire: `faultCode` and `faultString`.
///
/// This is instead of `Serialize`: with it a `Result<T, Fault>` could be a value, and a method that
/// returns one could mean that.
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
