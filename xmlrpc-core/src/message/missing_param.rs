//! Parameters that are missing.

use core::fmt::Display;

use serde_core::Deserialize;

use crate::{
    Error, Value,
    de::{self, ValueReader},
    error::Missing,
};

/// The error that a parameter of type `T` is missing.
///
/// Its text names what `T` expects. To find that out, this function reads `T` from nil, once.
#[cold]
#[inline(never)]
pub(crate) fn missing<'de, T: Deserialize<'de>>(which: impl Display) -> Error {
    let mut nil = ValueReader::new(Value::Nil);
    error(which, T::deserialize(de::Deserializer::new(&mut nil)))
}

pub(super) fn error<T>(which: impl Display, read_from_nil: Result<T, Error>) -> Error {
    let expected = read_from_nil.err().and_then(Error::expected_instead_of_nil);
    let which = which.to_string().into();
    Error::data(Missing { which, expected })
}
