use std::borrow::Cow;

use serde_core::de::Visitor;

use super::{
    reader::{Item, Reader},
    scalar::{Integers, Scalar},
};
use crate::{
    Error,
    error::{Found, Mismatch},
};

/// Reads one value as the type that serde asks for.
pub(crate) struct Deserializer<'a, R> {
    pub(super) reader: &'a mut R,
}

impl<'a, R> Deserializer<'a, R> {
    pub(crate) fn new(reader: &'a mut R) -> Self {
        Self { reader }
    }
}

impl<'de, R: Reader<'de>> Deserializer<'_, R> {
    /// Reads the value with `read`, and adds its position to an error.
    #[inline]
    pub(super) fn item<T>(
        self,
        read: impl FnOnce(Item<'de>, &mut R) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Self { reader } = self;
        let value = reader.here();
        let result = match reader.item() {
            Ok(item) => read(item, reader),
            Err(error) => Err(error),
        };
        match result {
            Err(error) if R::EXPLAINS => Err(reader.locate_value(error, value)),
            result => result,
        }
    }

    /// Reads the value as a scalar.
    #[inline]
    pub(super) fn scalar<T>(
        self,
        expected: &'static str,
        read: impl FnOnce(Scalar<'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.item(|item, _| match item {
            Item::Scalar(scalar) => read(scalar),
            Item::Array => Err(mismatch(expected, Found::Array)),
            Item::Struct => Err(mismatch(expected, Found::Struct)),
        })
    }

    /// Reads an integer in a form that few peers write. The next three methods do the same for other
    /// types.
    #[inline(never)]
    pub(super) fn other_integer<T: TryFrom<i128>, O>(
        self,
        target: &Integers,
        visit: impl FnOnce(T) -> Result<O, Error>,
    ) -> Result<O, Error> {
        self.scalar("int", |scalar| match T::try_from(scalar.integer(target)?) {
            Ok(number) => visit(number),
            Err(_) => Err(scalar.out_of_range(target)),
        })
    }

    #[inline(never)]
    pub(super) fn other_double<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.scalar("double", |scalar| visitor.visit_f64(scalar.double()?))
    }

    #[inline(never)]
    pub(super) fn other_boolean<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.scalar("boolean", |scalar| match scalar {
            Scalar::Bool(value) => visitor.visit_bool(value),
            Scalar::Int(0) | Scalar::I8(0) => visitor.visit_bool(false),
            Scalar::Int(1) | Scalar::I8(1) => visitor.visit_bool(true),
            other => Err(other.mismatch("boolean")),
        })
    }

    #[inline(never)]
    pub(super) fn other_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.scalar("string", |scalar| match scalar {
            Scalar::String(text)
            | Scalar::DateTime(text)
            | Scalar::Wide(text)
            | Scalar::Decimal(text) => visit_text(text, visitor),
            other => Err(other.mismatch("string")),
        })
    }
}

pub(super) fn mismatch(expected: &'static str, found: Found) -> Error {
    Error::data(Mismatch { expected, found })
}

pub(super) fn visit_text<'de, V: Visitor<'de>>(
    text: Cow<'de, str>,
    visitor: V,
) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

#[cold]
pub(super) fn out_of_range(number: i64, target: &Integers) -> Error {
    Scalar::Int(number).out_of_range(target)
}
