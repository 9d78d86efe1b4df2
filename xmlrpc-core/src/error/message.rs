use core::fmt::{self, Display};

use super::Excerpt;

/// What an error says. Most errors of a hostile document are never seen: the text that each of a
/// hundred thousand entries would have is put together when somebody wants to see it.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Fixed(&'static str),
    Text(Box<str>),
    Instead(Instead),
}

/// One thing stood where another was expected.
#[derive(Clone, Debug)]
pub(crate) struct Instead {
    pub(crate) expected: &'static str,
    pub(crate) found: Found,
}

/// What a value was, in the words of XML-RPC.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Array,
    Struct,
    Nil,
    Bool(bool),
    Int(i64),
    I8(i64),
    Double(f64),
    /// So many bytes.
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

impl Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Text(text) => f.write_str(text),
            Self::Instead(Instead { expected, found }) => {
                write!(f, "expected {expected}, found {found}")
            }
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

impl From<Instead> for Message {
    fn from(instead: Instead) -> Self {
        Self::Instead(instead)
    }
}
