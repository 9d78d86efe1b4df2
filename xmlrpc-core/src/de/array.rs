use serde_core::de::{DeserializeSeed, SeqAccess, Visitor};

use super::{deserializer::Deserializer, reader::Reader};
use crate::Error;

/// The elements of an array.
pub(super) struct ArrayReader<'a, 'de, R: Reader<'de>> {
    reader: &'a mut R,
    array: R::Bookmark,
    read: usize,
    ended: bool,
    /// The error that ended the array early. It also ends a visitor that goes on after errors.
    failed: Option<Error>,
}

impl<'a, 'de, R: Reader<'de>> ArrayReader<'a, 'de, R> {
    /// Reads the array that was entered. It must not have more elements than `visitor` takes.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut R,
        array: R::Bookmark,
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

    /// Checks that no more elements follow.
    ///
    /// This is not a part of `read`, whose stack frame exists once for every level.
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

impl<'de, R: Reader<'de>> SeqAccess<'de> for ArrayReader<'_, 'de, R> {
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
        let value = self.reader.here();
        let element = seed.deserialize(Deserializer::new(self.reader));
        self.reader.leave_value(value);
        match element {
            Ok(element) => Ok(Some(element)),
            Err(error) if R::EXPLAINS => {
                Err(self.reader.locate_value(error, value).in_element(index))
            }
            Err(error) => Err(error),
        }
    }
}
