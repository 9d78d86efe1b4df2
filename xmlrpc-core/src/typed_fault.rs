#[cfg(feature = "macros")]
use std::str::FromStr;

use crate::Fault;

/// An error that goes over the wire as a fault, and comes back as what it was.
///
/// [`#[derive(TypedFault)]`](macro@crate::TypedFault) implements it, and `From` for the other way. A client
/// uses it through [`ClientError::fault_as`](crate::ClientError::fault_as).
///
/// ```
/// use xmlrpc_core::{Fault, TypedFault};
///
/// #[derive(Debug, PartialEq, TypedFault)]
/// #[fault(code = 404, message = "there is no {0}")]
/// struct NotFound(String);
///
/// let fault = Fault::from(NotFound("b".to_owned()));
/// assert_eq!(fault, Fault::new(404, "there is no b"));
/// assert_eq!(NotFound::from_fault(&fault), Some(NotFound("b".to_owned())));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not come out of a fault",
    label = "neither a `Fault` nor an error that derives it",
    note = "derive it: `#[derive(xmlrpc_core::TypedFault)]`"
)]
pub trait TypedFault: Into<Fault> {
    /// The error that became this fault, if it is one of this type.
    fn from_fault(fault: &Fault) -> Option<Self>;
}

/// Any fault is one.
impl TypedFault for Fault {
    fn from_fault(fault: &Fault) -> Option<Self> {
        Some(fault.clone())
    }
}

/// What a variant without a text of its own says.
#[diagnostic::on_unimplemented(
    message = "a fault of `{Self}` has no `message`, and `{Self}` implements no `Display`",
    label = "says nothing",
    note = "write `#[fault(code = …, message = \"…\")]`, or implement `Display`"
)]
#[cfg(feature = "macros")]
pub trait FaultText {
    /// The text.
    fn text(&self) -> String;
}

#[cfg(feature = "macros")]
#[diagnostic::do_not_recommend]
impl<T: std::fmt::Display> FaultText for T {
    fn text(&self) -> String {
        self.to_string()
    }
}

/// Takes a text apart: `before` holds what stands before each place, `end` what follows the last.
/// A place ends where what stands before the next one occurs first.
#[cfg(feature = "macros")]
pub(crate) fn places<'t, const N: usize>(
    text: &'t str,
    before: [&str; N],
    end: &str,
) -> Option<[&'t str; N]> {
    let (first, others) = before.split_first()?;
    let mut rest = text.strip_prefix(first)?.strip_suffix(end)?;
    let mut places = [rest; N];
    for (place, next) in places.iter_mut().zip(others) {
        (*place, rest) = rest.split_once(next)?;
    }
    *places.last_mut()? = rest;
    Some(places)
}

/// What a place holds.
#[cfg(feature = "macros")]
pub(crate) fn field<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
