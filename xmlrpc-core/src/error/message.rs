use core::fmt::{self, Display};
use std::{io, sync::Arc};

use super::{
    exceeded::Exceeded,
    excerpt::{Excerpt, OneLine},
};

/// The text of an error, in parts.
///
/// The text is formatted when it is displayed. Most errors of a hostile document are never displayed,
/// and there may be one for each of a hundred thousand entries.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Fixed(&'static str),
    Text(Box<str>),
    Mismatch(Mismatch),
    /// A user's type expected this and got nil.
    UnexpectedNil(Box<str>),
    Missing(Missing),
    /// A bound is exceeded, in the place that the text before it names; it may be empty.
    Limit(Box<str>, Exceeded),
    /// What could not be done, and why.
    Io(&'static str, Arc<io::Error>),
}

/// One type was expected and another one found.
#[derive(Clone, Debug)]
pub(crate) struct Mismatch {
    pub(crate) expected: &'static str,
    pub(crate) found: Found,
}

/// A parameter is missing.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    /// The number and name of the parameter.
    pub(crate) which: Box<str>,
    /// What its type expects.
    pub(crate) expected: Option<Box<str>>,
}

/// A description of a value, in the words of XML-RPC.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Array,
    Struct,
    Nil,
    Bool(bool),
    Int(i64),
    I8(i64),
    Double(f64),
    /// The number of bytes.
    Base64(usize),
    Number(&'static str, Beginning),
    Text(&'static str, Beginning),
}

/// As much of a text as an error shows.
#[derive(Clone, Debug)]
pub(crate) struct Beginning(Box<str>);

impl Beginning {
    pub(crate) fn of(text: &str) -> Self {
        Self(Excerpt::relevant(text).into())
    }
}

impl Message {
    /// What was expected, if this is the message that nil was found instead.
    pub(super) fn expected_instead_of_nil(self) -> Option<Box<str>> {
        match self {
            Self::Mismatch(Mismatch {
                expected,
                found: Found::Nil,
            }) => Some(expected.into()),
            Self::UnexpectedNil(expected) => Some(expected),
            _ => None,
        }
    }

    pub(super) fn prefixed(self, prefix: impl Display) -> Self {
        match self {
            Self::Limit(before, exceeded) => {
                Self::Limit(format!("{prefix}: {before}").into(), exceeded)
            }
            message => format!("{prefix}: {message}").into(),
        }
    }

    #[cfg(feature = "server")]
    pub(super) fn write_for_peer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(before, exceeded) => write!(f, "{before}{}", exceeded.for_peer()),
            message => message.fmt(f),
        }
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            // A `Deserialize` of the user may put anything into it.
            Self::Text(text) => OneLine::up_to(1_000, text).fmt(f),
            Self::Mismatch(Mismatch { expected, found }) => {
                write!(f, "expected {expected}, found {found}")
            }
            Self::UnexpectedNil(expected) => write!(f, "expected {expected}, found nil"),
            Self::Missing(missing) => missing.fmt(f),
            Self::Limit(before, exceeded) => write!(f, "{before}{exceeded}"),
            Self::Io(what, error) => write!(f, "{what}: {error}"),
        }
    }
}

impl Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing parameter {}", self.which)?;
        match &self.expected {
            Some(expected) => write!(f, ": expected {expected}, found nothing"),
            None => Ok(()),
        }
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array => f.write_str("array"),
            Self::Struct => f.write_str("struct"),
            Self::Nil => f.write_str("nil"),
            Self::Bool(value) => write!(f, "boolean {}", u8::from(*value)),
            Self::Int(number) => write!(f, "int {number}"),
            Self::I8(number) => write!(f, "i8 {number}"),
            Self::Double(number) => write!(f, "double {number:?}"),
            Self::Base64(bytes) => write!(f, "base64 of {bytes} bytes"),
            Self::Number(kind, Beginning(text)) => write!(f, "{kind} {}", Excerpt(text)),
            Self::Text(kind, Beginning(text)) => write!(f, "{kind} {:?}", Excerpt(text)),
        }
    }
}

impl From<&'static str> for Message {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<fmt::Arguments<'_>> for Message {
    fn from(text: fmt::Arguments<'_>) -> Self {
        text.to_string().into()
    }
}

impl From<Mismatch> for Message {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(mismatch)
    }
}

impl From<Exceeded> for Message {
    fn from(exceeded: Exceeded) -> Self {
        Self::Limit("".into(), exceeded)
    }
}

impl From<Missing> for Message {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}
