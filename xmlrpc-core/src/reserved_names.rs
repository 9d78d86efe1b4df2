//! The reserved names with which `Value`, `DateTime` and helpers pass what serde cannot express to the
//! formats of this crate.
//!
//! They are newtype structs with these names. Other formats ignore the names.

/// The name by which a `Value` asks a deserializer for any value, extensions included.
pub(crate) const VALUE: &str = "$xmlrpc_core::Value";

/// The name by which a helper of [`with`](crate::with) asks for text that has a form of its own. A reader
/// gives it any value, but its schema is a string.
pub(crate) const TEXT: &str = "$xmlrpc_core::Text";

/// A type of XML-RPC that serde's data model does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extension {
    DateTime,
    I8,
    Nil,
}

impl Extension {
    /// The name of the newtype struct.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::DateTime => "$xmlrpc_core::DateTime",
            Self::I8 => "$xmlrpc_core::I8",
            Self::Nil => "$xmlrpc_core::Nil",
        }
    }

    /// The extension whose newtype struct has this name.
    #[inline]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        const DATE_TIME: &str = Extension::DateTime.name();
        const I8: &str = Extension::I8.name();
        const NIL: &str = Extension::Nil.name();
        match name {
            DATE_TIME => Some(Self::DateTime),
            I8 => Some(Self::I8),
            NIL => Some(Self::Nil),
            _ => None,
        }
    }

    /// The number of the enum variant by which a deserializer passes the extension to a `Value`.
    pub(crate) const fn variant(self) -> u8 {
        match self {
            Self::I8 => 0,
            Self::DateTime => 1,
            Self::Nil => 2,
        }
    }

    /// The extension that [`variant`](Self::variant) has numbered.
    pub(crate) const fn from_variant(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::I8),
            1 => Some(Self::DateTime),
            2 => Some(Self::Nil),
            _ => None,
        }
    }
}
