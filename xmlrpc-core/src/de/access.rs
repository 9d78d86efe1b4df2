use std::borrow::Cow;

use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
    value::{CowStrDeserializer, U8Deserializer},
};

use super::{Deserializer, Member, Reader, key::Key};
use crate::{Error, error::Excerpt, value::reserved, xml::Mark};

/// The elements of an array.
pub(super) struct Elements<'a, R> {
    reader: &'a mut R,
    array: Mark,
    read: usize,
    ended: bool,
    /// What ended it too early. A visitor that goes on after errors has to come to an end too.
    failed: Option<Error>,
}

impl<'a, 'de, R: Reader<'de>> Elements<'a, R> {
    /// Reads the array that was entered, which must have no more elements than `visitor` takes.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        array: Mark,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut elements = Self {
            reader,
            array,
            read: 0,
            ended: false,
            failed: None,
        };
        let value = visitor.visit_seq(&mut elements);
        elements.check()?;
        let value = value?;
        let taken = elements.read;
        while elements.more() {
            elements.reader.skip_value()?;
            elements.read += 1;
        }
        elements.check()?;
        if elements.read > taken {
            let found = elements.read;
            return Err(Error::data(format_args!(
                "expected array of {taken}, found array of {found}"
            )));
        }
        Ok(value)
    }

    fn more(&mut self) -> bool {
        if !self.ended {
            match self.reader.element(self.array) {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    self.ended = true;
                    self.failed = Some(error);
                }
            }
        }
        !self.ended
    }

    fn check(&mut self) -> Result<(), Error> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

impl<'de, R: Reader<'de>> SeqAccess<'de> for Elements<'_, R> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.more() {
            return Ok(None);
        }
        let index = self.read;
        self.read += 1;
        let mark = self.reader.here();
        let element = seed.deserialize(Deserializer::new(self.reader));
        self.reader.leave_value(mark);
        element
            .map(Some)
            .map_err(|error| self.reader.locate_value(error, mark).in_element(index))
    }
}

/// The members of a struct.
pub(super) struct Members<'a, 'de, R> {
    reader: &'a mut R,
    structure: Mark,
    at_hand: Option<Member<'de>>,
    ended: bool,
    /// As for an array.
    failed: Option<Error>,
}

impl<'a, 'de, R: Reader<'de>> Members<'a, 'de, R> {
    /// Reads the struct that was entered.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        structure: Mark,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut members = Self {
            reader,
            structure,
            at_hand: None,
            ended: false,
            failed: None,
        };
        let value = visitor.visit_map(&mut members);
        members.check()?;
        let value = value?;
        while !members.ended {
            members.next_entry::<de::IgnoredAny, de::IgnoredAny>()?;
        }
        members.check()?;
        Ok(value)
    }

    fn check(&mut self) -> Result<(), Error> {
        self.failed.take().map_or(Ok(()), Err)
    }

    fn fail(&mut self, error: Error) {
        self.ended = true;
        self.failed = Some(error);
    }
}

impl<'de, R: Reader<'de>> MapAccess<'de> for Members<'_, 'de, R> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.ended {
            return Ok(None);
        }
        let member = match self.reader.member(self.structure) {
            Ok(Some(member)) => member,
            Ok(None) => {
                self.ended = true;
                return Ok(None);
            }
            Err(error) => {
                self.fail(error);
                return Ok(None);
            }
        };
        let mark = self.reader.here();
        let key = seed.deserialize(Key::new(member.name.clone()));
        let key = key.map_err(|error| {
            self.reader
                .locate_value(error, mark)
                .in_member(&member.name)
        })?;
        self.at_hand = Some(member);
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(Member { name, resume }) = self.at_hand.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        let mark = self.reader.here();
        let value = seed.deserialize(Deserializer::new(self.reader));
        self.reader.leave_value(mark);
        let value = value.map_err(|error| self.reader.locate_value(error, mark).in_member(&name));
        if let Err(error) = self.reader.end_member(resume) {
            self.fail(error);
        }
        value
    }
}

/// A variant with content: a struct of one member.
pub(super) struct Variant<'a, 'de, R> {
    reader: &'a mut R,
    member: Member<'de>,
}

impl<'a, 'de, R: Reader<'de>> Variant<'a, 'de, R> {
    /// Reads the struct that was entered.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        structure: Mark,
        name: &str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let one_member = || Error::data(format_args!("expected struct of one member for {name}"));
        let member = reader.member(structure)?.ok_or_else(one_member)?;
        let Member { name, resume } = &member;
        let (name, resume, mark) = (name.clone(), *resume, reader.here());
        let value = visitor.visit_enum(Variant {
            reader: &mut *reader,
            member,
        });
        let value = value.map_err(|error| reader.locate_value(error, mark).in_member(&name))?;
        reader.leave_value(mark);
        reader.end_member(resume)?;
        if reader.member(structure)?.is_some() {
            return Err(one_member());
        }
        Ok(value)
    }
}

impl<'a, 'de, R: Reader<'de>> EnumAccess<'de> for Variant<'a, 'de, R> {
    type Error = Error;
    type Variant = Content<'a, R>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Error> {
        let variant = seed.deserialize(CowStrDeserializer::new(self.member.name))?;
        Ok((
            variant,
            Content {
                reader: self.reader,
            },
        ))
    }
}

/// What a variant holds.
pub(super) struct Content<'a, R> {
    reader: &'a mut R,
}

impl<'de, R: Reader<'de>> VariantAccess<'de> for Content<'_, R> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.reader.skip_value()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Deserializer::new(self.reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_tuple(Deserializer::new(self.reader), len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_struct(Deserializer::new(self.reader), "", fields, visitor)
    }
}

/// What serde has no word for, told to [`Value`](crate::Value) alone, as variants by number.
pub(super) enum Native<'de> {
    I8(i64),
    DateTime(Cow<'de, str>),
}

impl<'de> EnumAccess<'de> for Native<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let number = match self {
            Self::I8(_) => reserved::NATIVE_I8,
            Self::DateTime(_) => reserved::NATIVE_DATE_TIME,
        };
        let number: U8Deserializer<Error> = number.into_deserializer();
        seed.deserialize(number).map(|number| (number, self))
    }
}

impl<'de> VariantAccess<'de> for Native<'de> {
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

impl Native<'_> {
    fn misread(&self) -> Error {
        let found = match self {
            Self::I8(_) => "i8",
            Self::DateTime(text) => text,
        };
        Error::data(format_args!("{} was not expected here", Excerpt(found)))
    }
}
