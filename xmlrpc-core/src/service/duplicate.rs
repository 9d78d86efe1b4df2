use std::fmt;

/// Two methods have one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateMethod {
    pub(super) method: String,
    pub(super) service: &'static str,
    pub(super) there: &'static str,
}

impl fmt::Display for DuplicateMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the method `{}` of the service `{}` is already there, from the service `{}`",
            self.method, self.service, self.there
        )
    }
}

impl std::error::Error for DuplicateMethod {}
