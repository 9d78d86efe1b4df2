use super::number;
use crate::{Dialect, Error, dialect::ExtensionTags, reserved_names::Extension};

/// Writes one `<value>`.
pub(crate) struct Serializer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) dialect: Dialect,
    /// Whether the value is that of a member, which can be left out.
    pub(super) is_member: bool,
    /// The extension whose reserved newtype struct contains the value.
    pub(super) extension: Option<Extension>,
}

/// Whether anything was written. A member that is `None` is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Value,
    Nothing,
}

pub(super) type Result<T = Written> = core::result::Result<T, Error>;

impl<'a> Serializer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            out,
            dialect,
            is_member: false,
            extension: None,
        }
    }

    /// A serializer of the value of a member.
    pub(super) fn member(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            is_member: true,
            ..Self::new(out, dialect)
        }
    }

    #[inline]
    pub(super) fn write(self, pieces: &[&[u8]]) -> Written {
        for piece in pieces {
            self.out.extend_from_slice(piece);
        }
        Written::Value
    }

    #[inline]
    pub(super) fn int(self, number: i32) -> Written {
        if self.dialect.i4 {
            number::write_int(number, b"<value><i4>", b"</i4></value>", self.out);
        } else {
            number::write_int(number, b"<value><int>", b"</int></value>", self.out);
        }
        Written::Value
    }

    #[inline]
    pub(super) fn long(self, number: i64) -> Result {
        match i32::try_from(number) {
            Ok(short)
                if self.extension != Some(Extension::I8)
                    || self.dialect.extensions == ExtensionTags::None =>
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
            ExtensionTags::Plain => Ok(self.write(&[b"<value><i8>", text, b"</i8></value>"])),
            ExtensionTags::Apache => {
                Ok(self.write(&[b"<value><ex:i8>", text, b"</ex:i8></value>"]))
            }
            ExtensionTags::None => Err(Error::data(format_args!(
                "{number} does not fit into an <int>, and this dialect has no <i8>; use `Dialect::EXTENDED`"
            ))),
        }
    }

    pub(super) fn wide(self, number: impl TryInto<i64> + Copy + core::fmt::Display) -> Result {
        match number.try_into() {
            Ok(number) => self.long(number),
            Err(_) => Err(Error::data(format_args!(
                "{number} does not fit into an <i8>"
            ))),
        }
    }

    pub(super) fn nil(self, what: &str) -> Result {
        match self.dialect.extensions {
            ExtensionTags::Plain => Ok(self.write(&[b"<value><nil/></value>"])),
            ExtensionTags::Apache => Ok(self.write(&[b"<value><ex:nil/></value>"])),
            ExtensionTags::None => Err(Error::data(format_args!(
                "cannot write {what}: this dialect has no <nil/>; use `Dialect::EXTENDED`"
            ))),
        }
    }

    #[inline]
    pub(super) fn double<F: zmij::Float + Into<f64> + Copy>(self, number: F) -> Result {
        self.out.extend_from_slice(b"<value><double>");
        number::write_double(number, self.dialect, self.out)?;
        Ok(self.write(&[b"</double></value>"]))
    }
}
