use core::fmt::{self, Display};

use serde_core::de;

/// Why a type did not accept a made-up value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    /// A struct requires a field of this name.
    Missing(&'static str),
    /// A field of this name came twice, once under an alias.
    Duplicate(&'static str),
    /// The type might accept another value.
    Value,
    /// The type accepts no value: it is recursive, exceeds a bound, or is read in an unknown way.
    Type,
}

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a made-up value was refused")
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: Display>(_: T) -> Self {
        Self::Value
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::Type
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Duplicate(field)
    }
}
