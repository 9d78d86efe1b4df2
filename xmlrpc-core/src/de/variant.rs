use std::borrow::Cow;

use serde_core::de::{
    DeserializeSeed, Deserializer as _, EnumAccess, VariantAccess, Visitor,
    value::CowStrDeserializer,
};

use super::{deserializer::Deserializer, reader::Reader};
use crate::Error;

/// A variant with content, which is a struct with one member.
pub(super) struct VariantReader<'a, 'de, R> {
    reader: &'a mut R,
    name: Cow<'de, str>,
}

impl<'a, 'de, R: Reader<'de>> VariantReader<'a, 'de, R> {
    /// Reads the struct that was entered.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        structure: R::Bookmark,
        name: &str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let one_member = || {
            Error::data(format_args!(
                "expected a struct with one member for the enum {name}"
            ))
        };
        let (name, member) = reader.member(structure)?.ok_or_else(one_member)?;
        let value = reader.here();
        let result = visitor.visit_enum(VariantReader {
            reader: &mut *reader,
            name,
        });
        let result = result.map_err(|error| reader.locate_member(error, value, &member))?;
        reader.leave_value(value);
        reader.end_member(member)?;
        if reader.member(structure)?.is_some() {
            return Err(one_member());
        }
        Ok(result)
    }
}

impl<'a, 'de, R: Reader<'de>> EnumAccess<'de> for VariantReader<'a, 'de, R> {
    type Error = Error;
    type Variant = VariantContent<'a, R>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Error> {
        let variant = seed.deserialize(CowStrDeserializer::new(self.name))?;
        Ok((
            variant,
            VariantContent {
                reader: self.reader,
            },
        ))
    }
}

/// The content of a variant.
pub(super) struct VariantContent<'a, R> {
    reader: &'a mut R,
}

impl<'de, R: Reader<'de>> VariantAccess<'de> for VariantContent<'_, R> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.reader.skip_value()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Deserializer::new(self.reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        Deserializer::new(self.reader).deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        Deserializer::new(self.reader).deserialize_struct("", fields, visitor)
    }
}
