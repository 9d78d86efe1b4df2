use serde_core::{Serialize, ser};

use super::{
    bound::{self, Pace},
    key::KeySerializer,
    serializer::{Serializer, Written, within},
};
use crate::{
    Dialect, Error,
    xml::{Forbidden, escape_between, escape_into},
};

const VARIANT_END: &[u8] = b"</member></struct></value>";

/// Writes the beginning of a variant with content, which is a struct with one member. Returns the dialect
/// for its content.
fn open_variant(out: &mut Vec<u8>, dialect: Dialect, variant: &str) -> Result<Dialect, Error> {
    let dialect = within(dialect)?;
    out.extend_from_slice(b"<value><struct><member><name>");
    escape_into(variant, dialect.charset(), Forbidden::Reject, out)?;
    out.extend_from_slice(b"</name>");
    Ok(dialect)
}

fn in_variant(error: Error, variant: Option<&'static str>) -> Error {
    match variant {
        Some(variant) => error.in_member(variant),
        None => error,
    }
}

/// Writes an array.
pub(crate) struct ArrayWriter<'a> {
    out: &'a mut Vec<u8>,
    dialect: Dialect,
    variant: Option<&'static str>,
    written: usize,
}

impl<'a> ArrayWriter<'a> {
    #[inline]
    pub(super) fn new(out: &'a mut Vec<u8>, dialect: Dialect) -> Result<Self, Error> {
        let dialect = within(dialect)?;
        out.extend_from_slice(b"<value><array><data>");
        Ok(Self {
            out,
            dialect,
            variant: None,
            written: 0,
        })
    }

    pub(super) fn variant(
        out: &'a mut Vec<u8>,
        dialect: Dialect,
        variant: &'static str,
    ) -> Result<Self, Error> {
        let dialect = open_variant(out, dialect, variant)?;
        let content = Self::new(out, dialect).map_err(|error| error.in_member(variant))?;
        Ok(Self {
            variant: Some(variant),
            ..content
        })
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value
            .serialize(Serializer::new(self.out, self.dialect))
            .map_err(|error| in_variant(error.in_element(self.written), self.variant))?;
        self.written += 1;
        if self.written.is_multiple_of(256) {
            return bound::check(self.out);
        }
        Ok(())
    }

    #[inline]
    fn finish(self) -> Result<Written, Error> {
        bound::check(self.out)?;
        self.out.extend_from_slice(b"</data></array></value>");
        if self.variant.is_some() {
            self.out.extend_from_slice(VARIANT_END);
        }
        Ok(Written::Value)
    }
}

macro_rules! elements {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for ArrayWriter<'_> {
            type Ok = Written;
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            #[inline]
            fn end(self) -> Result<Written, Error> {
                self.finish()
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

/// Writes a struct.
pub(crate) struct StructWriter<'a> {
    out: &'a mut Vec<u8>,
    dialect: Dialect,
    variant: Option<&'static str>,
    /// The offset of the member whose key has been written, but not its value.
    current: Option<usize>,
    pace: Pace,
}

impl<'a> StructWriter<'a> {
    const NAME: &'static [u8; 14] = b"<member><name>";
    const NAME_END: &'static [u8; 7] = b"</name>";

    #[inline]
    pub(super) fn new(out: &'a mut Vec<u8>, dialect: Dialect) -> Result<Self, Error> {
        let dialect = within(dialect)?;
        out.extend_from_slice(b"<value><struct>");
        Ok(Self {
            out,
            dialect,
            variant: None,
            current: None,
            pace: Pace::START,
        })
    }

    pub(super) fn variant(
        out: &'a mut Vec<u8>,
        dialect: Dialect,
        variant: &'static str,
    ) -> Result<Self, Error> {
        let dialect = open_variant(out, dialect, variant)?;
        let content = Self::new(out, dialect).map_err(|error| error.in_member(variant))?;
        Ok(Self {
            variant: Some(variant),
            ..content
        })
    }

    /// Writes a newtype variant, whose content is never left out.
    pub(super) fn newtype<T: Serialize + ?Sized>(
        out: &mut Vec<u8>,
        dialect: Dialect,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        let dialect = open_variant(out, dialect, variant)?;
        value
            .serialize(Serializer::new(out, dialect))
            .map_err(|error| error.in_member(variant))?;
        out.extend_from_slice(VARIANT_END);
        Ok(Written::Value)
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.pace.next(self.out)?;
        self.current = Some(self.out.len());
        self.out.extend_from_slice(Self::NAME);
        key.serialize(KeySerializer {
            out: self.out,
            charset: Some(self.dialect.charset()),
            wrappers: 0,
        })
        .map_err(|error| in_variant(error, self.variant))?;
        self.out.extend_from_slice(Self::NAME_END);
        Ok(())
    }

    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(start) = self.current.take() else {
            return Err(Error::data(
                "`serialize_value` was called before `serialize_key`",
            ));
        };
        let key_end = self.out.len();
        self.end_member(start, value).map_err(|error| {
            let name = &self.out[start + Self::NAME.len()..key_end - Self::NAME_END.len()];
            let error = error.in_member(&String::from_utf8_lossy(name));
            in_variant(error, self.variant)
        })
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the name is a constant here")]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let start = self.out.len();
        let charset = self.dialect.charset();
        escape_between(
            Self::NAME,
            name,
            Self::NAME_END,
            charset,
            Forbidden::Reject,
            self.out,
        )
        .map_err(|error| in_variant(error, self.variant))?;
        self.end_member(start, value)
            .map_err(|error| in_variant(error.in_member(name), self.variant))?;
        self.pace.next(self.out)
    }

    /// Writes the value of the member that begins at `start`, or removes the member if it is left out.
    #[inline]
    fn end_member<T: Serialize + ?Sized>(&mut self, start: usize, value: &T) -> Result<(), Error> {
        match value.serialize(Serializer::member(self.out, self.dialect))? {
            Written::Value => self.out.extend_from_slice(b"</member>"),
            Written::Nothing => self.out.truncate(start),
        }
        Ok(())
    }

    fn finish(self) -> Result<Written, Error> {
        if self.current.is_some() {
            return Err(Error::data(
                "`serialize_key` was not followed by `serialize_value`",
            ));
        }
        bound::check(self.out)?;
        self.out.extend_from_slice(b"</struct></value>");
        if self.variant.is_some() {
            self.out.extend_from_slice(VARIANT_END);
        }
        Ok(Written::Value)
    }
}

impl ser::SerializeMap for StructWriter<'_> {
    type Ok = Written;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<Written, Error> {
        self.finish()
    }
}

macro_rules! members {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for StructWriter<'_> {
            type Ok = Written;
            type Error = Error;

            #[inline(always)]
            #[allow(clippy::inline_always, reason = "the name is a constant here")]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.field(key, value)
            }

            #[inline]
            fn end(self) -> Result<Written, Error> {
                self.finish()
            }
        }
    )*};
}

members! {
    SerializeStruct,
    SerializeStructVariant,
}
