use crate::{Fault, schema::FaultDescription};

/// An error type that is sent as a fault and can be read back from it.
///
/// Derive it with [`#[derive(TypedFault)]`](macro@crate::TypedFault), which also implements
/// `From<…> for Fault`. A client gets its error back with
/// [`ClientError::fault_as`](crate::ClientError::fault_as).
///
/// ```
/// use xmlrpc_core::{Fault, TypedFault};
///
/// #[derive(Debug, PartialEq, TypedFault)]
/// #[fault(code = 404, message = "{0} does not exist")]
/// struct NotFound(String);
///
/// let fault = Fault::from(NotFound("b".to_owned()));
/// assert_eq!(fault, Fault::new(404, "b does not exist"));
/// assert_eq!(NotFound::from_fault(&fault), Some(NotFound("b".to_owned())));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a fault",
    label = "neither `Fault` nor a type that derives `TypedFault`",
    note = "add `#[derive(xmlrpc_core::TypedFault)]` to `{Self}`"
)]
pub trait TypedFault: Into<Fault> {
    /// Returns the error that became `fault`, or `None` if `fault` is not of this type.
    fn from_fault(fault: &Fault) -> Option<Self>;

    /// The faults of this type, for the documentation of methods that return it. Empty unless you or the
    /// derive implement it.
    ///
    /// Faults that hide the error from the peer (`internal`) appear only if they have their own code.
    fn describe_faults() -> Vec<FaultDescription> {
        Vec::new()
    }
}

/// Every fault can be read as a `Fault`.
impl TypedFault for Fault {
    fn from_fault(fault: &Fault) -> Option<Self> {
        Some(fault.clone())
    }
}
