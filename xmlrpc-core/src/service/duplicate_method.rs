use std::fmt;

/// The error for two methods with the same name.
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::DuplicateMethod, xmlrpc_service};
///
/// #[xmlrpc_service]
/// trait Clock {
///     #[xmlrpc(name = "system.listMethods")]
///     fn hours(&self) -> Vec<u8>;
/// }
///
/// struct Day;
///
/// impl Clock for Day {
///     fn hours(&self) -> Vec<u8> {
///         (0..24).collect()
///     }
/// }
///
/// let error: DuplicateMethod = Dispatcher::new().try_service(ClockServer::new(Day)).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the method name `system.listMethods` of the service `Clock` is already taken \
///      by the service `system`",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateMethod {
    pub(super) method: String,
    pub(super) owner: Owner,
    pub(super) there: Owner,
}

/// Where a method comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Service(&'static str),
    Function(&'static str),
    Fallback,
}

impl Owner {
    /// The name of the service, if it is a service.
    pub(super) fn service(self) -> Option<&'static str> {
        match self {
            Self::Service(name) => Some(name),
            Self::Function(_) | Self::Fallback => None,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "the service `{name}`"),
            Self::Function(name) => write!(f, "the function `{name}`"),
            Self::Fallback => f.write_str("a fallback"),
        }
    }
}

impl fmt::Display for DuplicateMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the method name `{}` of {} is already taken by {}",
            self.method, self.owner, self.there
        )
    }
}

impl std::error::Error for DuplicateMethod {}
