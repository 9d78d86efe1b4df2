use std::{borrow::Cow, vec};

use serde_core::de::DeserializeOwned;

use super::{
    deserializer::Deserializer,
    reader::{Item, NamedMember, Reader},
    scalar::Scalar,
};
use crate::{Error, Value, datetime::is_zero_date, value::IntoIter as IntoMembers};

/// Reads a Rust value from a [`Value`].
///
/// # Errors
///
/// The value does not have the requested type, or it nests deeper than 128 levels.
///
/// ```
/// use xmlrpc_core::{Value, from_value};
///
/// let pair: (i32, String) = from_value(Value::from(vec![Value::from(1), Value::from("one")]))?;
/// assert_eq!(pair, (1, "one".to_owned()));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Deserializer::new(&mut ValueReader::new(value)))
}

/// How deeply arrays and structs may nest: the default of `Limits::depth`.
const DEPTH: usize = 128;

/// Reads a [`Value`] as if it were a document.
pub(crate) struct ValueReader {
    next: Option<Value>,
    open: Vec<OpenValue>,
}

/// An array or a struct that has been entered.
enum OpenValue {
    Array(vec::IntoIter<Value>),
    Struct(IntoMembers),
}

/// The number of arrays and structs around a value.
#[derive(Clone, Copy)]
pub(crate) struct Nesting(usize);

impl ValueReader {
    pub(crate) fn new(value: Value) -> Self {
        Self {
            next: Some(value),
            open: Vec::new(),
        }
    }

    fn enter(&mut self, value: OpenValue) -> Result<(), Error> {
        if self.open.len() == DEPTH {
            return Err(Error::limit(format_args!(
                "arrays and structs nest deeper than the {DEPTH} levels that `from_value` reads"
            )));
        }
        self.open.push(value);
        Ok(())
    }

    fn take(&mut self) -> Result<Value, Error> {
        self.next
            .take()
            .ok_or_else(|| Error::data("a `Deserialize` asked for a value twice"))
    }

    /// Leaves everything within the given array or struct, and returns the array or struct.
    fn within(&mut self, Nesting(around): Nesting) -> Option<&mut OpenValue> {
        self.open.truncate(around + 1);
        self.open.get_mut(around)
    }
}

impl<'de> Reader<'de> for ValueReader {
    type Bookmark = Nesting;
    /// The name.
    type Member = String;

    fn item(&mut self) -> Result<Item<'de>, Error> {
        let scalar = match self.take()? {
            Value::Array(elements) => {
                self.enter(OpenValue::Array(elements.into_iter()))?;
                return Ok(Item::Array);
            }
            Value::Struct(members) => {
                self.enter(OpenValue::Struct(members.into_iter()))?;
                return Ok(Item::Struct);
            }
            Value::Int(number) => Scalar::Int(number.into()),
            Value::I8(number) => Scalar::I8(number),
            Value::Bool(value) => Scalar::Bool(value),
            Value::String(text) => Scalar::String(Cow::Owned(text)),
            Value::Double(number) => Scalar::Double(number),
            Value::DateTime(date) => Scalar::DateTime(Cow::Owned(date.full_text())),
            Value::Base64(bytes) => Scalar::Base64(bytes),
            Value::Nil => Scalar::Nil,
        };
        Ok(Item::Scalar(scalar))
    }

    fn nil(&mut self) -> Result<bool, Error> {
        Ok(self.next.take_if(|value| value.is_nil()).is_some())
    }

    fn is_nothing(&self) -> bool {
        match &self.next {
            Some(Value::String(text)) => text.is_empty() || is_zero_date(text),
            Some(Value::Base64(bytes)) => bytes.is_empty(),
            _ => false,
        }
    }

    fn element(&mut self, array: Nesting) -> Result<bool, Error> {
        self.next = match self.within(array) {
            Some(OpenValue::Array(elements)) => elements.next(),
            _ => None,
        };
        if self.next.is_none() {
            <Self as Reader<'de>>::leave_value(self, array);
        }
        Ok(self.next.is_some())
    }

    fn member(&mut self, structure: Nesting) -> Result<Option<NamedMember<'de, String>>, Error> {
        let member = match self.within(structure) {
            Some(OpenValue::Struct(members)) => members.next(),
            _ => None,
        };
        let Some((name, value)) = member else {
            <Self as Reader<'de>>::leave_value(self, structure);
            return Ok(None);
        };
        self.next = Some(value);
        Ok(Some((Cow::Owned(name.clone()), name)))
    }

    fn end_member(&mut self, _: String) -> Result<(), Error> {
        Ok(())
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        self.take().map(drop)
    }

    fn here(&self) -> Nesting {
        Nesting(self.open.len())
    }

    fn leave_value(&mut self, Nesting(around): Nesting) {
        self.open.truncate(around);
        self.next = None;
    }

    fn locate_value(&self, error: Error, _: Nesting) -> Error {
        error
    }

    fn locate_member(&self, error: Error, _: Nesting, name: &String) -> Error {
        error.in_member(name)
    }

    fn check(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
