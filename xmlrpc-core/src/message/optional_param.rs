//! A missing parameter of a closure, whose type decides whether it may be missing.

use core::fmt::Display;

use serde_core::{Deserialize, Deserializer, de::Visitor};

use super::missing_param::error;
use crate::{
    Error, Value,
    de::{self, ValueReader},
};

/// A missing parameter as a value: `None` if its type is an `Option`, otherwise the error.
#[cold]
#[inline(never)]
pub(super) fn none_or_missing<'de, T: Deserialize<'de>>(which: impl Display) -> Result<T, Error> {
    let mut nil = ValueReader::new(Value::Nil);
    let mut is_option = false;
    let read = T::deserialize(Absent {
        nil: de::Deserializer::new(&mut nil),
        is_option: &mut is_option,
    });
    match read {
        Ok(none) if is_option => Ok(none),
        read => Err(error(which, read)),
    }
}

/// Deserializes nil, and notes whether the type itself is an `Option`.
///
/// So a missing parameter is `None`, as serde's derive does it with a missing member. A newtype
/// struct around an `Option` does not count.
struct Absent<'a> {
    nil: de::Deserializer<'a, ValueReader>,
    is_option: &'a mut bool,
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*),)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Error> {
            self.nil.$method($($argument,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Absent<'_> {
    type Error = Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        *self.is_option = true;
        visitor.visit_none()
    }

    forward! {
        deserialize_any(),
        deserialize_bool(),
        deserialize_i8(),
        deserialize_i16(),
        deserialize_i32(),
        deserialize_i64(),
        deserialize_i128(),
        deserialize_u8(),
        deserialize_u16(),
        deserialize_u32(),
        deserialize_u64(),
        deserialize_u128(),
        deserialize_f32(),
        deserialize_f64(),
        deserialize_char(),
        deserialize_str(),
        deserialize_string(),
        deserialize_bytes(),
        deserialize_byte_buf(),
        deserialize_unit(),
        deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str),
        deserialize_seq(),
        deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_map(),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
        deserialize_identifier(),
        deserialize_ignored_any(),
    }
}
