use std::borrow::Cow;

use serde_core::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor,
    value::{CowStrDeserializer, U8Deserializer},
};

use crate::{Error, error::Excerpt, reserved_names::Extension};

/// A value of a type that serde does not have, passed to a [`Value`](crate::Value) as the variant
/// [`Extension::variant`].
pub(super) enum ExtensionAccess<'de> {
    I8(i64),
    DateTime(Cow<'de, str>),
}

impl<'de> EnumAccess<'de> for ExtensionAccess<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let extension = match self {
            Self::I8(_) => Extension::I8,
            Self::DateTime(_) => Extension::DateTime,
        };
        let number: U8Deserializer<Error> = extension.variant().into_deserializer();
        seed.deserialize(number).map(|number| (number, self))
    }
}

impl<'de> VariantAccess<'de> for ExtensionAccess<'de> {
    type Error = Error;

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        match self {
            Self::I8(number) => seed.deserialize(number.into_deserializer()),
            Self::DateTime(text) => seed.deserialize(CowStrDeserializer::new(text)),
        }
    }

    fn unit_variant(self) -> Result<(), Error> {
        Err(self.misread())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(self.misread())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(self.misread())
    }
}

impl ExtensionAccess<'_> {
    fn misread(&self) -> Error {
        match self {
            Self::I8(number) => Error::data(format_args!("unexpected i8 {number}")),
            Self::DateTime(text) => Error::data(format_args!(
                "unexpected dateTime.iso8601 {:?}",
                Excerpt(text)
            )),
        }
    }
}
