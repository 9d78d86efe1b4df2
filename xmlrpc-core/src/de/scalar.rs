use core::{
    fmt::{self, Display},
    num::IntErrorKind,
};
use std::borrow::Cow;

use crate::{
    Error, base64,
    error::{Beginning, Excerpt, Found, Mismatch},
    xml::Tag,
};

/// A value that is neither an array nor a struct.
#[derive(Clone, Debug)]
#[repr(u64)]
pub(crate) enum Scalar<'de> {
    /// `<int>`, `<i4>`, `<i2>` and `<i1>`.
    Int(i64),
    /// `<i8>`, and a `<biginteger>` of up to 64 bits.
    I8(i64),
    /// An integer of more than 64 bits.
    Wide(Cow<'de, str>),
    Bool(bool),
    Double(f64),
    /// `<bigdecimal>`, which is unbounded.
    Decimal(Cow<'de, str>),
    String(Cow<'de, str>),
    DateTime(Cow<'de, str>),
    Base64(Vec<u8>),
    Nil,
}

/// The integers of a Rust type, for errors. Peers do not know its name.
pub(super) struct Integers {
    pub(super) min: i128,
    pub(super) max: u128,
}

impl<'de> Scalar<'de> {
    /// Whether this element contains a scalar that [`parse`](Self::parse) reads.
    pub(super) const fn is_scalar(tag: Tag) -> bool {
        matches!(
            tag,
            Tag::Int
                | Tag::I4
                | Tag::I8
                | Tag::I1
                | Tag::I2
                | Tag::BigInteger
                | Tag::Boolean
                | Tag::String
                | Tag::Double
                | Tag::Float
                | Tag::BigDecimal
                | Tag::DateTime
                | Tag::Base64
        )
    }

    /// Parses the text of an element. Elements of unknown type are strings.
    pub(super) fn parse(tag: Tag, text: Cow<'de, str>) -> Result<Self, Error> {
        match tag {
            Tag::Int | Tag::I4 | Tag::I1 | Tag::I2 => integer("int", text, Self::Int),
            Tag::I8 => integer("i8", text, Self::I8),
            Tag::BigInteger => integer("biginteger", text, Self::I8),
            Tag::Boolean => boolean(&text).map(Self::Bool),
            Tag::Double | Tag::Float => double("double", &text).map(Self::Double),
            Tag::BigDecimal => double("bigdecimal", &text).map(|_| Self::Decimal(trim(text))),
            Tag::DateTime => Ok(Self::DateTime(trim(text))),
            Tag::Base64 => base64::decode(&text).map(Self::Base64),
            _ => Ok(Self::String(text)),
        }
    }

    /// The error that this value was found where `expected` should be.
    pub(super) fn mismatch(&self, expected: &'static str) -> Error {
        let found = self.found();
        Error::data(Mismatch { expected, found })
    }

    /// A description for errors.
    pub(crate) fn found(&self) -> Found {
        match self {
            Self::Int(number) => Found::Int(*number),
            Self::I8(number) => Found::I8(*number),
            Self::Wide(text) => Found::Number("biginteger", Beginning::of(text)),
            Self::Bool(value) => Found::Bool(*value),
            Self::Double(number) => Found::Double(*number),
            Self::Decimal(text) => Found::Number("bigdecimal", Beginning::of(text)),
            Self::String(text) => Found::Text("string", Beginning::of(text)),
            Self::DateTime(text) => Found::Text("dateTime.iso8601", Beginning::of(text)),
            Self::Base64(bytes) => Found::Base64(bytes.len()),
            Self::Nil => Found::Nil,
        }
    }

    /// The integer, if the value is exactly one.
    pub(super) fn integer(&self, target: &Integers) -> Result<i128, Error> {
        // 2^127: an integer of a smaller magnitude fits an i128.
        const BOUND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
        match self {
            Self::Int(number) | Self::I8(number) => Ok(i128::from(*number)),
            Self::Wide(text) => text.parse().map_err(|_| self.out_of_range(target)),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "checked to be whole and within the bound"
            )]
            Self::Double(number) if number.fract() == 0.0 && number.abs() < BOUND => {
                Ok(*number as i128)
            }
            _ => Err(self.mismatch("int")),
        }
    }

    pub(super) fn out_of_range(&self, target: &Integers) -> Error {
        let Integers { min, max } = target;
        Error::data(format_args!("{self} does not fit: expected {min} to {max}"))
    }

    /// The double, if one holds the value exactly.
    pub(super) fn double(&self) -> Result<f64, Error> {
        match self {
            Self::Double(number) => Ok(*number),
            Self::Decimal(text) => double("bigdecimal", text),
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "checked by casting back"
            )]
            Self::Int(number) | Self::I8(number) => {
                let double = *number as f64;
                if double as i128 == i128::from(*number) {
                    Ok(double)
                } else {
                    Err(Error::data(format_args!("no double holds {self} exactly")))
                }
            }
            Self::Wide(_) => Err(Error::data(format_args!("no double holds {self} exactly"))),
            _ => Err(self.mismatch("double")),
        }
    }
}

impl Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found().fmt(f)
    }
}

fn integer<'de>(
    name: &str,
    text: Cow<'de, str>,
    make: impl FnOnce(i64) -> Scalar<'de>,
) -> Result<Scalar<'de>, Error> {
    match text.trim_ascii().parse::<i64>() {
        Ok(number) => Ok(make(number)),
        Err(err)
            if matches!(
                err.kind(),
                IntErrorKind::PosOverflow | IntErrorKind::NegOverflow
            ) =>
        {
            Ok(Scalar::Wide(trim(text)))
        }
        // Node.js writes numbers without a fraction as <int>, and large ones as `1e+300`.
        Err(_) => match double(name, &text)? {
            number if number.is_finite() => Ok(Scalar::Double(number)),
            _ => Err(invalid(name, &text)),
        },
    }
}

fn boolean(text: &str) -> Result<bool, Error> {
    match text.trim_ascii() {
        "1" => Ok(true),
        "0" => Ok(false),
        word if word.eq_ignore_ascii_case("true") => Ok(true),
        word if word.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(invalid("boolean", text)),
    }
}

fn double(name: &str, text: &str) -> Result<f64, Error> {
    text.trim_ascii().parse().map_err(|_| invalid(name, text))
}

fn invalid(name: &str, text: &str) -> Error {
    Error::protocol(format_args!("invalid {name} {:?}", Excerpt(text)))
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Owned(text) if text.trim_ascii().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_owned()),
    }
}
