use serde_core::de::{self, DeserializeSeed, MapAccess, Visitor, value::BorrowedStrDeserializer};

use super::{deserializer::Deserializer, key::Key, reader::Reader};
use crate::Error;

/// The members of a struct.
pub(super) struct StructReader<'a, 'de, R: Reader<'de>> {
    reader: &'a mut R,
    structure: R::Bookmark,
    /// The names of the members that probably come next, in this order.
    expected: &'static [&'static str],
    /// The member whose value comes next.
    current: Option<R::Member>,
    ended: bool,
    /// The error that ended the struct early, as in an array.
    failed: Option<Error>,
}

impl<'a, 'de, R: Reader<'de>> StructReader<'a, 'de, R> {
    /// Reads the struct that was entered.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        structure: R::Bookmark,
        expected: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut members = Self {
            reader,
            structure,
            expected,
            current: None,
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

    /// Expects the members that follow `name` in the expected order; none if `name` is unexpected.
    fn expect_after(&mut self, name: &str) {
        let found = self.expected.iter().position(|expected| *expected == name);
        self.expected = match found {
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
        let value = self.reader.here();
        match seed.deserialize(Key::new(name)) {
            Ok(key) => {
                self.current = Some(member);
                Ok(Some(key))
            }
            Err(error) => Err(self.reader.locate_member(error, value, &member)),
        }
    }
}

impl<'de, R: Reader<'de>> MapAccess<'de> for StructReader<'_, 'de, R> {
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
            self.current = Some(member);
            return seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some);
        }
        self.other_key(seed)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(member) = self.current.take() else {
            return Err(Error::data("`next_value` was called before `next_key`"));
        };
        let value = self.reader.here();
        let result = seed.deserialize(Deserializer::new(self.reader));
        self.reader.leave_value(value);
        let result = match result {
            Err(error) if R::EXPLAINS => Err(self.reader.locate_member(error, value, &member)),
            result => result,
        };
        if let Err(error) = self.reader.end_member(member) {
            self.fail(error);
        }
        result
    }
}
