use std::{borrow::Cow, vec};

use super::{Value, structure};
use crate::{
    Error,
    de::{Item, Named, Reader, Scalar},
    xml::Mark,
};

/// Reads a [`Value`] as if it were a document; a mark is the number of arrays and structs around.
pub(super) struct ValueReader {
    next: Option<Value>,
    open: Vec<Open>,
}

enum Open {
    Array(vec::IntoIter<Value>),
    Struct(structure::IntoIter),
}

impl ValueReader {
    pub(super) fn new(value: Value) -> Self {
        Self {
            next: Some(value),
            open: Vec::new(),
        }
    }

    fn take(&mut self) -> Result<Value, Error> {
        self.next
            .take()
            .ok_or_else(|| Error::data("a value was asked for where there is none"))
    }

    /// What is open inside the array or struct at `mark`, and nothing within it.
    fn within(&mut self, mark: Mark) -> Option<&mut Open> {
        self.open.truncate(mark.index() + 1);
        self.open.get_mut(mark.index())
    }
}

impl<'de> Reader<'de> for ValueReader {
    /// Its name.
    type Member = String;

    fn item(&mut self) -> Result<Item<'de>, Error> {
        let scalar = match self.take()? {
            Value::Array(elements) => {
                self.open.push(Open::Array(elements.into_iter()));
                return Ok(Item::Array);
            }
            Value::Struct(members) => {
                self.open.push(Open::Struct(members.into_iter()));
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

    fn element(&mut self, array: Mark) -> Result<bool, Error> {
        self.next = match self.within(array) {
            Some(Open::Array(elements)) => elements.next(),
            _ => None,
        };
        if self.next.is_none() {
            self.leave_value(array);
        }
        Ok(self.next.is_some())
    }

    fn member(&mut self, structure: Mark) -> Result<Option<Named<'de, String>>, Error> {
        let member = match self.within(structure) {
            Some(Open::Struct(members)) => members.next(),
            _ => None,
        };
        let Some((name, value)) = member else {
            self.leave_value(structure);
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

    fn here(&self) -> Mark {
        Mark::at(self.open.len())
    }

    fn leave_value(&mut self, mark: Mark) {
        self.open.truncate(mark.index());
        self.next = None;
    }

    fn locate_value(&self, error: Error, _: Mark) -> Error {
        error
    }

    fn locate_member(&self, error: Error, _: Mark, name: &String) -> Error {
        error.in_member(name)
    }

    fn check(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
