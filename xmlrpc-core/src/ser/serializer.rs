use super::{long_text::write_long, number};
use crate::{Dialect, Error, dialect::ExtensionTags, error::Exceeded, reserved_names::Extension};

/// How many `Option`s and newtype structs may directly surround a value. They write nothing, so only this
/// ends a `Serialize` that wraps itself for ever.
pub(super) const WRAPPERS: u8 = 64;

/// Writes one `<value>`.
pub(crate) struct Serializer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    /// Allows as many levels as are left.
    pub(super) dialect: Dialect,
    pub(super) role: Role,
    /// How many `Option`s and newtype structs directly surround the value.
    wrappers: u8,
}

/// What surrounds a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Value,
    /// The value of a member, which can be left out.
    Member,
    /// The content of the reserved newtype struct of an extension.
    Content(Extension),
}

/// The dialect for the content of an array or a struct.
#[inline]
pub(super) fn within(dialect: Dialect) -> Result<Dialect> {
    dialect.within().ok_or_else(too_deep)
}

#[cold]
pub(super) fn too_deep() -> Error {
    Error::limit(Exceeded::WrittenDepth)
}

/// Whether anything was written. A member that is `None` is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Value,
    Nothing,
}

pub(super) type Result<T = Written> = core::result::Result<T, Error>;

impl<'a> Serializer<'a> {
    #[inline]
    pub(crate) fn new(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            out,
            dialect,
            role: Role::Value,
            wrappers: 0,
        }
    }

    /// A serializer of the value of a member.
    #[inline]
    pub(super) fn member(out: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            role: Role::Member,
            ..Self::new(out, dialect)
        }
    }

    /// The serializer of the content of an `Option` or a newtype struct.
    #[inline]
    pub(super) fn wrapped(mut self) -> Result<Self> {
        self.wrappers += 1;
        if self.wrappers > WRAPPERS {
            return Err(too_deep());
        }
        Ok(self)
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
        if self.dialect.has_i4() {
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
                if self.role != Role::Content(Extension::I8)
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

    #[cold]
    pub(super) fn long_text(self, text: &str) -> Result {
        self.out.extend_from_slice(b"<value><string>");
        write_long(text, self.dialect.charset(), self.out)?;
        Ok(self.write(&[b"</string></value>"]))
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
