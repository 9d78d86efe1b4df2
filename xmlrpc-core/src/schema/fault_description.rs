use serde_core::{Serialize, Serializer, ser::SerializeStruct};

/// A fault that a method can return, as the method's error type declares it.
///
/// [`#[derive(TypedFault)]`](macro@crate::TypedFault) makes one for each variant.
///
/// ```
/// use xmlrpc_core::TypedFault;
///
/// #[derive(TypedFault)]
/// enum StoreError {
///     /// No item has this name.
///     #[fault(code = 404, message = "{name} does not exist")]
///     NotFound { name: String },
/// }
///
/// let faults = StoreError::describe_faults();
/// assert_eq!(faults[0].code, 404);
/// assert_eq!(faults[0].message, "{name} does not exist");
/// assert_eq!(faults[0].help, "No item has this name.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultDescription {
    /// The code of the fault.
    pub code: i32,
    /// The text of the fault. Placeholders such as `{name}` stand for what differs from fault to fault.
    pub message: String,
    /// When it happens, or an empty string. This text is not sent with the fault.
    pub help: String,
}

impl FaultDescription {
    /// Describes a fault by its code and its text.
    ///
    /// ```
    /// use xmlrpc_core::schema::FaultDescription;
    ///
    /// let fault = FaultDescription::new(404, "{name} does not exist").help("No item has this name.");
    /// assert_eq!(fault.to_string(), "404: {name} does not exist");
    /// ```
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: String::new(),
        }
    }

    /// The same fault with a text that says when it happens.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// `code: message`
impl core::fmt::Display for FaultDescription {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Serialize for FaultDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("FaultDescription", 3)?;
        members.serialize_field("code", &self.code)?;
        members.serialize_field("message", &self.message)?;
        members.serialize_field("help", &self.help)?;
        members.end()
    }
}
