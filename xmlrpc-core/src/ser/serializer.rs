use serde::Serialize;

use super::{
    compound::{Elements, Members},
    number,
};
use crate::{
    Dialect, Error, base64,
    dialect::Extensions,
    value::reserved::{DATE_TIME, I8, NIL},
    xml::{Escaped, escape_between},
};

/// Writes one `<value>`.
pub(crate) struct Serializer<'a> {
    out: &'a mut Vec<u8>,
    dialect: Dialect,
    place: Place,
    native: Native,
}

/// Where a value stands, which decides what becomes of `None`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Alone,
    Member,
}

/// What a reserved newtype struct said about the value in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Native {
    No,
    DateTime,
    I8,
    Nil,
}

/// Whether anything was written: a member that is `None` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Value,
    Nothing,
}

type Result<T = Written> = core::result::Result<T, Error>;

impl<'a> Serializer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            out,
            dialect,
            place: Place::Alone,
            native: Native::No,
        }
    }

    pub(super) fn member(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            place: Place::Member,
            ..Self::new(out, dialect)
        }
    }

    #[inline]
    fn write(self, pieces: &[&[u8]]) -> Written {
        for piece in pieces {
            self.out.extend_from_slice(piece);
        }
        Written::Value
    }

    #[inline]
    fn int(self, number: i32) -> Written {
        if self.dialect.i4 {
            number::write_int(number, b"<value><i4>", b"</i4></value>", self.out);
        } else {
            number::write_int(number, b"<value><int>", b"</int></value>", self.out);
        }
        Written::Value
    }

    #[inline]
    fn long(self, number: i64) -> Result {
        match i32::try_from(number) {
            Ok(short)
                if self.native != Native::I8 || self.dialect.extensions == Extensions::None =>
            {
                Ok(self.int(short))
            }
            _ => self.i8(number),
        }
    }

    fn i8(self, number: i64) -> Result {
        let mut buffer = itoa::Buffer::new();
        let text = buffer.format(number).as_bytes();
        match self.dialect.extensions {
            Extensions::Plain => Ok(self.write(&[b"<value><i8>", text, b"</i8></value>"])),
            Extensions::Apache => Ok(self.write(&[b"<value><ex:i8>", text, b"</ex:i8></value>"])),
            Extensions::None => Err(Error::data(format_args!(
                "{number} does not fit an <int>, and this dialect has nothing wider"
            ))),
        }
    }

    fn wide(self, number: impl TryInto<i64> + Copy + core::fmt::Display) -> Result {
        match number.try_into() {
            Ok(number) => self.long(number),
            Err(_) => Err(Error::data(format_args!("{number} does not fit an <i8>"))),
        }
    }

    fn nil(self, what: &str) -> Result {
        match self.dialect.extensions {
            Extensions::Plain => Ok(self.write(&[b"<value><nil/></value>"])),
            Extensions::Apache => Ok(self.write(&[b"<value><ex:nil/></value>"])),
            Extensions::None => Err(Error::data(format_args!(
                "{what} has no form in this dialect, which has no <nil/>"
            ))),
        }
    }

    fn double<F: zmij::Float + Into<f64> + Copy>(self, number: F) -> Result {
        self.out.extend_from_slice(b"<value><double>");
        number::write_double(number, self.dialect, self.out)?;
        Ok(self.write(&[b"</double></value>"]))
    }
}

impl<'a> serde::Serializer for Serializer<'a> {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Elements<'a>;
    type SerializeTupleVariant = Elements<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Result {
        Ok(self.write(&[
            b"<value><boolean>",
            if value { b"1" } else { b"0" },
            b"</boolean></value>",
        ]))
    }

    #[inline]
    fn serialize_i8(self, number: i8) -> Result {
        Ok(self.int(number.into()))
    }

    #[inline]
    fn serialize_i16(self, number: i16) -> Result {
        Ok(self.int(number.into()))
    }

    #[inline]
    fn serialize_i32(self, number: i32) -> Result {
        Ok(self.int(number))
    }

    #[inline]
    fn serialize_i64(self, number: i64) -> Result {
        self.long(number)
    }

    fn serialize_i128(self, number: i128) -> Result {
        self.wide(number)
    }

    #[inline]
    fn serialize_u8(self, number: u8) -> Result {
        Ok(self.int(number.into()))
    }

    #[inline]
    fn serialize_u16(self, number: u16) -> Result {
        Ok(self.int(number.into()))
    }

    #[inline]
    fn serialize_u32(self, number: u32) -> Result {
        self.long(number.into())
    }

    #[inline]
    fn serialize_u64(self, number: u64) -> Result {
        self.wide(number)
    }

    fn serialize_u128(self, number: u128) -> Result {
        self.wide(number)
    }

    fn serialize_f32(self, number: f32) -> Result {
        self.double(number)
    }

    #[inline]
    fn serialize_f64(self, number: f64) -> Result {
        self.double(number)
    }

    fn serialize_char(self, c: char) -> Result {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result {
        if self.native == Native::DateTime {
            return Ok(self.write(&[
                b"<value><dateTime.iso8601>",
                text.as_bytes(),
                b"</dateTime.iso8601></value>",
            ]));
        }
        let (open, close) = (b"<value><string>", b"</string></value>");
        let charset = self.dialect.charset();
        escape_between(open, text, close, charset, Escaped::Strictly, self.out)?;
        Ok(Written::Value)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        self.out.extend_from_slice(b"<value><base64>");
        base64::encode_into(bytes, self.out);
        Ok(self.write(&[b"</base64></value>"]))
    }

    fn serialize_none(self) -> Result {
        if self.place == Place::Member && !self.dialect.nil_members {
            return Ok(Written::Nothing);
        }
        self.nil("`None`")
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        if self.native == Native::Nil || self.dialect.extensions != Extensions::None {
            return self.nil("nil");
        }
        self.serialize_bool(true)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result {
        let native = match name {
            DATE_TIME => Native::DateTime,
            I8 => Native::I8,
            NIL => Native::Nil,
            _ => Native::No,
        };
        value.serialize(Self { native, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        Members::newtype(self.out, self.dialect, variant, value)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'a>> {
        Ok(Elements::new(self.out, self.dialect))
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Elements<'a>> {
        Ok(Elements::new(self.out, self.dialect))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'a>> {
        Ok(Elements::new(self.out, self.dialect))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements<'a>> {
        Elements::variant(self.out, self.dialect, variant)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>> {
        Ok(Members::new(self.out, self.dialect))
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>> {
        Ok(Members::new(self.out, self.dialect))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>> {
        Members::variant(self.out, self.dialect, variant)
    }
}
