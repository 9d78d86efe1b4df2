//! The implementation of serde's `Deserializer`.

use std::{borrow::Cow, iter};

use serde_core::de::{
    self, Visitor,
    value::{CowStrDeserializer, MapDeserializer, SeqDeserializer},
};

use super::{
    array::ArrayReader,
    deserializer::{Deserializer, mismatch, out_of_range, visit_text},
    extension_access::ExtensionAccess,
    reader::{Item, Number, Reader},
    scalar::{Integers, Scalar},
    structure::StructReader,
    variant::VariantReader,
};
use crate::{
    Error,
    error::Found,
    reserved_names::{Extension, VALUE},
};

const DATE_TIME: &str = Extension::DateTime.name();

impl<'de, R: Reader<'de>> Deserializer<'_, R> {
    #[inline]
    fn array<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let array = self.reader.here();
        self.item(|item, reader| match item {
            Item::Array => ArrayReader::read(reader, array, visitor),
            Item::Scalar(Scalar::Base64(bytes)) => {
                visitor.visit_seq(SeqDeserializer::new(bytes.into_iter()))
            }
            Item::Scalar(scalar) => Err(scalar.mismatch("array")),
            Item::Struct => empty_array(reader, array, "array", visitor),
        })
    }

    #[inline]
    fn structure<V: Visitor<'de>>(
        self,
        expected: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let structure = self.reader.here();
        self.item(|item, reader| match item {
            Item::Struct => StructReader::read(reader, structure, expected, visitor),
            Item::Scalar(scalar) => Err(scalar.mismatch("struct")),
            Item::Array => empty_struct(reader, structure, visitor),
        })
    }

    /// Reads a value of any type. If `extended`, the visitor gets dates and `<i8>` as extensions.
    fn any<V: Visitor<'de>>(self, visitor: V, extended: bool) -> Result<V::Value, Error> {
        // Frequent types do not become a `Scalar` first, because that would be moved several times.
        match number(self.reader) {
            Some(Number::Int(number)) => return visitor.visit_i64(number),
            Some(Number::Double(number)) => return visitor.visit_f64(number),
            None => {}
        }
        if let Some(text) = string(self.reader) {
            return visit_text(text, visitor);
        }
        let Self { reader } = self;
        let value = reader.here();
        let read = match reader.item() {
            Ok(Item::Array) => ArrayReader::read(reader, value, visitor),
            Ok(Item::Struct) => StructReader::read(reader, value, &[], visitor),
            Ok(Item::Scalar(scalar)) => any_scalar(scalar, visitor, extended),
            Err(_) if extended && reader.skip_blank(value) => visitor.visit_unit(),
            Err(error) => Err(error),
        };
        match read {
            Err(error) if R::EXPLAINS => Err(reader.locate_value(error, value)),
            read => read,
        }
    }
}

// These are not parts of `any`, whose stack frame exists once for every level.

#[inline(never)]
fn number<'de, R: Reader<'de>>(reader: &mut R) -> Option<Number> {
    reader.number()
}

#[inline(never)]
fn string<'de, R: Reader<'de>>(reader: &mut R) -> Option<Cow<'de, str>> {
    reader.string()
}

/// PHP has one empty array for lists and maps. Where a struct is expected, it is an empty struct.
#[cold]
fn empty_struct<'de, R: Reader<'de>, V: Visitor<'de>>(
    reader: &mut R,
    array: R::Bookmark,
    visitor: V,
) -> Result<V::Value, Error> {
    if reader.is_entry(array) || reader.element(array)? {
        return Err(mismatch("struct", Found::Array));
    }
    visitor.visit_map(MapDeserializer::new(iter::empty::<((), ())>()))
}

/// The reverse: an empty struct is an empty array where an array is expected.
#[cold]
fn empty_array<'de, R: Reader<'de>, V: Visitor<'de>>(
    reader: &mut R,
    structure: R::Bookmark,
    expected: &'static str,
    visitor: V,
) -> Result<V::Value, Error> {
    if reader.is_entry(structure) || reader.member(structure)?.is_some() {
        return Err(mismatch(expected, Found::Struct));
    }
    visitor.visit_seq(SeqDeserializer::new(iter::empty::<()>()))
}

/// Whether a visitor is that of serde's `Option`, which can be asked to be `None` if its content cannot
/// be read. A test checks that the name is still right.
fn is_option<V>() -> bool {
    let name = core::any::type_name::<V>();
    let name = name
        .strip_prefix("serde_core::")
        .or(name.strip_prefix("serde_core::"));
    name.is_some_and(|name| name.starts_with("de::impls::OptionVisitor<"))
}

/// Whether a visitor is that of an `Option<Value>`. Its `Value` would read a scalar without text as nil.
fn is_option_of_value<V>() -> bool {
    core::any::type_name::<V>().ends_with(concat!(
        "::OptionVisitor<",
        env!("CARGO_CRATE_NAME"),
        "::value::Value>"
    ))
}

/// Reads the content of an `Option`, which is `None` if its type cannot be read.
#[cold]
fn option_of_nothing<'de, R: Reader<'de>, V: Visitor<'de>>(
    reader: &mut R,
    visitor: V,
) -> Result<V::Value, Error> {
    let value = reader.here();
    let read = visitor.__private_visit_untagged_option(Deserializer::new(&mut *reader));
    reader.leave_value(value);
    read.map_err(|()| Error::data("the `Option` of this version of serde is not known"))
}

#[inline(never)]
fn any_scalar<'de, V: Visitor<'de>>(
    scalar: Scalar<'de>,
    visitor: V,
    extended: bool,
) -> Result<V::Value, Error> {
    match scalar {
        Scalar::I8(number) if extended => visitor.visit_enum(ExtensionAccess::I8(number)),
        Scalar::DateTime(text) if extended => visitor.visit_enum(ExtensionAccess::DateTime(text)),
        Scalar::Int(number) | Scalar::I8(number) => visitor.visit_i64(number),
        Scalar::Wide(text) => match text.parse() {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => visit_text(text, visitor),
        },
        Scalar::Bool(value) => visitor.visit_bool(value),
        Scalar::Double(_) | Scalar::Decimal(_) => visitor.visit_f64(scalar.double()?),
        Scalar::String(text) | Scalar::DateTime(text) => visit_text(text, visitor),
        Scalar::Base64(bytes) => visitor.visit_byte_buf(bytes),
        Scalar::Nil => visitor.visit_unit(),
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty,)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            #[allow(clippy::cast_lossless, reason = "not for all of these types")]
            const TARGET: &Integers = &Integers {
                min: <$type>::MIN as i128,
                max: <$type>::MAX as u128,
            };
            match self.reader.int() {
                Some(number) => match <$type>::try_from(number) {
                    Ok(number) => visitor.$visit(number),
                    Err(_) => Err(out_of_range(number, TARGET)),
                },
                None => self.other_integer(TARGET, |number| visitor.$visit(number)),
            }
        }
    )*};
}

impl<'de, R: Reader<'de>> de::Deserializer<'de> for Deserializer<'_, R> {
    type Error = Error;

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_i128 visit_i128 i128,
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        const TARGET: &Integers = &Integers {
            min: 0,
            max: u128::MAX,
        };
        self.scalar("int", |scalar| {
            let number = match &scalar {
                Scalar::Wide(text) => text.parse().ok(),
                _ => u128::try_from(scalar.integer(TARGET)?).ok(),
            };
            match number {
                Some(number) => visitor.visit_u128(number),
                None => Err(scalar.out_of_range(TARGET)),
            }
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.any(visitor, false)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.boolean() {
            Some(value) => visitor.visit_bool(value),
            None => self.other_boolean(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.double() {
            Some(number) => visitor.visit_f64(number),
            None => self.other_double(visitor),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.string() {
            Some(text) => visit_text(text, visitor),
            None => self.other_string(visitor),
        }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let array = self.reader.here();
        self.item(|item, reader| match item {
            Item::Scalar(Scalar::Base64(bytes)) => visitor.visit_byte_buf(bytes),
            Item::Array => ArrayReader::read(reader, array, visitor),
            Item::Scalar(scalar) => Err(scalar.mismatch("base64")),
            Item::Struct => empty_array(reader, array, "base64", visitor),
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self { reader } = self;
        if reader.nil()? {
            return visitor.visit_none();
        }
        if R::EXPLAINS && reader.is_nothing() && is_option::<V>() {
            let value = reader.here();
            if is_option_of_value::<V>() && reader.skip_blank(value) {
                return visitor.visit_none();
            }
            return option_of_nothing(reader, visitor);
        }
        let read = visitor.visit_some(Deserializer::new(&mut *reader));
        if read.is_err() {
            reader.option_failed();
        }
        read
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.skip_value()?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            VALUE => self.any(visitor, true),
            DATE_TIME => self.scalar("dateTime.iso8601", |scalar| match scalar {
                Scalar::DateTime(text) | Scalar::String(text) => visitor.visit_str(&text),
                other => Err(other.mismatch("dateTime.iso8601")),
            }),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.structure(&[], visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.structure(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = self.reader.here();
        self.item(|item, reader| match item {
            Item::Scalar(Scalar::String(text)) => visitor.visit_enum(CowStrDeserializer::new(text)),
            Item::Struct => VariantReader::read(reader, value, name, visitor),
            Item::Scalar(scalar) => Err(scalar.mismatch("string or struct")),
            Item::Array => Err(mismatch("string or struct", Found::Array)),
        })
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }
}
