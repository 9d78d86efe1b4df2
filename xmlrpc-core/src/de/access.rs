use std::borrow::Cow;

use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
    value::{BorrowedStrDeserializer, CowStrDeserializer, U8Deserializer},
};

use super::{Deserializer, Reader, key::Key};
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
        if !elements.ended || elements.failed.is_some() {
            elements.end(value.is_ok())?;
        }
        value
    }

    /// Makes sure that no more elements follow. Apart from `read`, which is on the stack once for
    /// every level.
    #[inline(never)]
    fn end(&mut self, is_read: bool) -> Result<(), Error> {
        self.check()?;
        if !is_read {
            return Ok(());
        }
        let taken = self.read;
        while self.more() {
            self.reader.skip_value()?;
            self.read += 1;
        }
        self.check()?;
        if self.read > taken {
            let found = self.read;
            return Err(Error::data(format_args!(
                "expected array of {taken}, found array of {found}"
            )));
        }
        Ok(())
    }

    #[inline]
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

    #[inline]
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
        match element {
            Ok(element) => Ok(Some(element)),
            Err(error) if R::EXPLAINS => {
                Err(self.reader.locate_value(error, mark).in_element(index))
            }
            Err(error) => Err(error),
        }
    }
}

/// The members of a struct.
pub(super) struct Members<'a, 'de, R: Reader<'de>> {
    reader: &'a mut R,
    structure: Mark,
    /// The names of those that probably come next, in this order.
    expected: &'static [&'static str],
    at_hand: Option<R::Member>,
    ended: bool,
    /// As for an array.
    failed: Option<Error>,
}

impl<'a, 'de, R: Reader<'de>> Members<'a, 'de, R> {
    /// Reads the struct that was entered.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        structure: Mark,
        expected: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut members = Self {
            reader,
            structure,
            expected,
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

    #[cold]
    fn fail(&mut self, error: Error) {
        self.ended = true;
        self.failed = Some(error);
    }

    /// Expects what follows `name` among the members that are expected, or else none.
    fn expect_after(&mut self, name: &str) {
        let place = self.expected.iter().position(|expected| *expected == name);
        self.expected = match place {
            Some(index) => &self.expected[index + 1..],
            None => &[],
        };
    }

    #[inline(never)]
    fn other_key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let (name, member) = match self.reader.member(self.structure) {
            Ok(Some(named)) => named,
            Ok(None) => {
                self.ended = true;
                return Ok(None);
            }
            Err(error) => {
                self.fail(error);
                return Ok(None);
            }
        };
        self.expect_after(&name);
        let mark = self.reader.here();
        match seed.deserialize(Key::new(name)) {
            Ok(key) => {
                self.at_hand = Some(member);
                Ok(Some(key))
            }
            Err(error) => Err(self.reader.locate_member(error, mark, &member)),
        }
    }
}

impl<'de, R: Reader<'de>> MapAccess<'de> for Members<'_, 'de, R> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.ended {
            return Ok(None);
        }
        if let Some((name, expected)) = self.expected.split_first()
            && let Some(member) = self.reader.member_named(name)
        {
            self.expected = expected;
            self.at_hand = Some(member);
            return seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some);
        }
        self.other_key(seed)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(member) = self.at_hand.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        let mark = self.reader.here();
        let value = seed.deserialize(Deserializer::new(self.reader));
        self.reader.leave_value(mark);
        let value = match value {
            Err(error) if R::EXPLAINS => Err(self.reader.locate_member(error, mark, &member)),
            value => value,
        };
        if let Err(error) = self.reader.end_member(member) {
            self.fail(error);
        }
        value
    }
}

/// A variant with content: a struct of one member.
pub(super) struct Variant<'a, 'de, R> {
    reader: &'a mut R,
    name: Cow<'de, str>,
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
        let (name, member) = reader.member(structure)?.ok_or_else(one_member)?;
        let mark = reader.here();
        let value = visitor.visit_enum(Variant {
            reader: &mut *reader,
            name,
        });
        let value = value.map_err(|error| reader.locate_member(error, mark, &member))?;
        reader.leave_value(mark);
        reader.end_member(member)?;
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
        let variant = seed.deserialize(CowStrDeserializer::new(self.name))?;
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
