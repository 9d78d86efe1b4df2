use serde_core::{
    Serialize, Serializer,
    ser::{self, Impossible},
};

use super::{
    long_text::{LONG, write_long},
    number,
    serializer::{WRAPPERS, too_deep},
};
use crate::{
    Category, Dialect, Error,
    dialect::Charset,
    xml::{Forbidden, escape_into},
};

/// Writes the key of a map as the name of a member.
pub(super) struct KeySerializer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    /// The characters that need no escape; `None` if the name is not written into a document.
    pub(super) charset: Option<Charset>,
    /// How many `Option`s and newtype structs directly surround the key.
    pub(super) wrappers: u8,
}

impl KeySerializer<'_> {
    fn wrapped(mut self) -> Result<Self, Error> {
        self.wrappers += 1;
        if self.wrappers > WRAPPERS {
            return Err(too_deep());
        }
        Ok(self)
    }
}

fn not_text() -> Error {
    Error::data("a key of a map must be a string, a number, a `bool` or a unit variant")
}

macro_rules! integers {
    ($($method:ident $type:ty,)*) => {$(
        fn $method(self, number: $type) -> Result<(), Error> {
            self.out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            Ok(())
        }
    )*};
}

macro_rules! impossible {
    ($($method:ident($($argument:ty),*) -> $ok:ty,)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$ok, Error> {
            Err(not_text())
        }
    )*};
}

impl Serializer for KeySerializer<'_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    integers! {
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_i128 i128,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_u128 u128,
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        number::write_double(number, Dialect::STANDARD, self.out)
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        number::write_double(number, Dialect::STANDARD, self.out)
    }

    fn serialize_char(self, c: char) -> Result<(), Error> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if let Some(charset) = self.charset {
            if text.len() > LONG {
                return write_long(text, charset, self.out);
            }
            return escape_into(text, charset, Forbidden::Reject, self.out);
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self.wrapped()?)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self.wrapped()?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(not_text())
    }

    impossible! {
        serialize_bytes(&[u8]) -> (),
        serialize_none() -> (),
        serialize_unit() -> (),
        serialize_unit_struct(&'static str) -> (),
        serialize_seq(Option<usize>) -> Self::SerializeSeq,
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct(&'static str, usize) -> Self::SerializeStruct,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant,
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, text: &T) -> Result<(), Error> {
        ser::Serializer::serialize_str(self, &text.to_string())
    }
}

/// The name of the member that the key of a map becomes.
pub(super) fn name_of<T: Serialize + ?Sized>(key: &T) -> Result<String, Error> {
    let mut out = Vec::new();
    key.serialize(KeySerializer {
        out: &mut out,
        charset: None,
        wrappers: 0,
    })?;
    String::from_utf8(out).map_err(|error| Error::with_category(Category::Data, error))
}
