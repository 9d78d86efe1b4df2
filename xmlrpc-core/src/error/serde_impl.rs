//! The implementations of serde's `Error` traits.

use core::fmt::{self, Display};

use serde_core::{de, ser};

use super::{Error, category::Category, excerpt::Excerpt, message::Message};

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::with_category(Category::Data, message)
    }
}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::with_category(Category::Data, message)
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        mismatch(unexpected, expected)
    }

    fn invalid_value(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        mismatch(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::data(format_args!(
            "unknown variant `{}`, {}",
            Excerpt(variant),
            OneOf("variants", expected)
        ))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::data(format_args!(
            "unknown field `{}`, {}",
            Excerpt(field),
            OneOf("fields", expected)
        ))
    }

    fn invalid_length(len: usize, expected: &dyn de::Expected) -> Self {
        Self::data(format_args!("expected {expected}, found array of {len}"))
    }
}

fn mismatch(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
    Error::data(match unexpected {
        de::Unexpected::Unit | de::Unexpected::Option => {
            Message::UnexpectedNil(expected.to_string().into())
        }
        unexpected => Message::from(format_args!(
            "expected {expected}, found {}",
            InWords(unexpected)
        )),
    })
}

/// The names that are allowed, and what they are names of.
struct OneOf(&'static str, &'static [&'static str]);

impl Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, names) = self;
        match names {
            [] => write!(f, "there are no {what}"),
            [one] => write!(f, "expected `{one}`"),
            [one, other] => write!(f, "expected `{one}` or `{other}`"),
            [first, rest @ ..] => {
                write!(f, "expected one of `{first}`")?;
                rest.iter().try_for_each(|name| write!(f, ", `{name}`"))
            }
        }
    }
}

/// A value that serde describes, in the words of XML-RPC.
struct InWords<'a>(de::Unexpected<'a>);

impl Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use de::Unexpected as U;
        match self.0 {
            U::Bool(value) => write!(f, "boolean {}", u8::from(value)),
            U::Unsigned(value) => write!(f, "int {value}"),
            U::Signed(value) => write!(f, "int {value}"),
            U::Float(value) => write!(f, "double {value}"),
            U::Char(value) => write!(f, "string {value:?}"),
            U::Str(value) => write!(f, "string {:?}", Excerpt(value)),
            U::Bytes(value) => write!(f, "base64 of {} bytes", value.len()),
            U::Unit | U::Option => f.write_str("nil"),
            U::Seq => f.write_str("array"),
            U::Map => f.write_str("struct"),
            other => Display::fmt(&other, f),
        }
    }
}
