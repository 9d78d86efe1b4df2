use serde::{Deserializer, de::Visitor, forward_to_deserialize_any};

use crate::Error;

/// Reads a parameter that is not there: a `None` where an `Option` is asked for, as serde's derive
/// takes a member that is absent, and an error for every other type.
pub(super) struct Absent {
    /// Which parameter, from 1.
    pub(super) number: usize,
}

impl<'de> Deserializer<'de> for Absent {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::data(format_args!(
            "missing parameter {}",
            self.number
        )))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
