//! The implementation of serde's `Serializer`.

use serde_core::Serialize;

use super::{
    bound,
    compound::{ArrayWriter, StructWriter},
    long_text::LONG,
    serializer::{Result, Role, Serializer, Written},
};
use crate::{
    Error, base64,
    dialect::ExtensionTags,
    reserved_names::Extension,
    xml::{Forbidden, escape_between},
};

impl<'a> serde_core::Serializer for Serializer<'a> {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = ArrayWriter<'a>;
    type SerializeTuple = ArrayWriter<'a>;
    type SerializeTupleStruct = ArrayWriter<'a>;
    type SerializeTupleVariant = ArrayWriter<'a>;
    type SerializeMap = StructWriter<'a>;
    type SerializeStruct = StructWriter<'a>;
    type SerializeStructVariant = StructWriter<'a>;

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
        if self.role == Role::Content(Extension::DateTime) {
            return Ok(self.write(&[
                b"<value><dateTime.iso8601>",
                text.as_bytes(),
                b"</dateTime.iso8601></value>",
            ]));
        }
        if text.len() > LONG {
            return self.long_text(text);
        }
        let (open, close) = (b"<value><string>", b"</string></value>");
        let charset = self.dialect.charset();
        escape_between(open, text, close, charset, Forbidden::Reject, self.out)?;
        Ok(Written::Value)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        if bytes.len() > LONG {
            bound::check_with(base64::encoded_length(bytes.len()), self.out)?;
        }
        self.out.extend_from_slice(b"<value><base64>");
        base64::encode_into(bytes, self.out);
        Ok(self.write(&[b"</base64></value>"]))
    }

    fn serialize_none(self) -> Result {
        if self.role == Role::Member && !self.dialect.has_nil_members() {
            return Ok(Written::Nothing);
        }
        self.nil("`None`")
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self.wrapped()?)
    }

    fn serialize_unit(self) -> Result {
        if self.role == Role::Content(Extension::Nil)
            || self.dialect.extensions != ExtensionTags::None
        {
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
        let mut content = self.wrapped()?;
        if let Some(extension) = Extension::from_name(name) {
            content.role = Role::Content(extension);
        }
        value.serialize(content)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        StructWriter::newtype(self.out, self.dialect, variant, value)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<ArrayWriter<'a>> {
        ArrayWriter::new(self.out, self.dialect)
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<ArrayWriter<'a>> {
        ArrayWriter::new(self.out, self.dialect)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<ArrayWriter<'a>> {
        ArrayWriter::new(self.out, self.dialect)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ArrayWriter<'a>> {
        ArrayWriter::variant(self.out, self.dialect, variant)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<StructWriter<'a>> {
        StructWriter::new(self.out, self.dialect)
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<StructWriter<'a>> {
        StructWriter::new(self.out, self.dialect)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<StructWriter<'a>> {
        StructWriter::variant(self.out, self.dialect, variant)
    }
}
