use serde::{Deserialize, Deserializer, de::Visitor, forward_to_deserialize_any};

use super::params::{ParamsReader, missing};
use crate::Error;

impl<'de> ParamsReader<'de> {
    /// The next parameter, which has no name. One that is absent is a `None` where the type is an
    /// `Option`.
    pub(crate) fn unnamed<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        if !self.advance()? {
            let number = self.taken + 1;
            return T::deserialize(Absent).map_err(|_| missing::<T>(number));
        }
        let number = self.taken;
        self.read().map_err(|error| {
            error
                .in_param(number - 1)
                .prefixed(format_args!("parameter {number}"))
        })
    }
}

/// Reads a parameter that is not there: a `None` where an `Option` is asked for, as serde's derive
/// takes a member that is absent, and an error for every other type.
struct Absent;

impl<'de> Deserializer<'de> for Absent {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::data("a parameter is missing"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
