//! [`Array`].

use core::{
    fmt,
    ops::{Deref, DerefMut},
};
use std::{slice, vec};

use super::{
    Value, debug,
    nesting::{self, Open},
};

/// The elements of an array.
///
/// It behaves like the `Vec<Value>` in it, and `From` converts in both directions. Dropping it does not
/// recurse into its elements, so that a deeply nested value cannot overflow the stack.
///
/// ```
/// use xmlrpc_core::{Array, Value};
///
/// let mut array = Array::from(vec![Value::from(1)]);
/// array.push("two".into());
/// assert_eq!(array[1], "two");
/// assert_eq!(array.len(), 2);
///
/// let value = Value::Array(array);
/// assert_eq!(value, Value::from(vec![Value::from(1), Value::from("two")]));
/// ```
#[derive(Default)]
pub struct Array {
    elements: Vec<Value>,
}

impl Array {
    /// An array without elements.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn open(&mut self) -> Open {
        Open::Array(std::mem::take(&mut self.elements).into_iter())
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        if self.elements.is_empty() {
            return;
        }
        if nesting::descend(|| self.elements.clear()).is_none() {
            nesting::drop(self.open());
        }
    }
}

impl Clone for Array {
    fn clone(&self) -> Self {
        nesting::descend(|| self.elements.clone())
            .map_or_else(|| nesting::clone_array(self), Self::from)
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        nesting::descend(|| self.elements == other.elements)
            .unwrap_or_else(|| nesting::equal_arrays(self, other))
    }
}

impl PartialEq<Vec<Value>> for Array {
    fn eq(&self, other: &Vec<Value>) -> bool {
        self.elements == *other
    }
}

impl PartialEq<[Value]> for Array {
    fn eq(&self, other: &[Value]) -> bool {
        self.elements == other
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug::array(self, debug::LEVELS, f)
    }
}

impl Deref for Array {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.elements
    }
}

impl DerefMut for Array {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.elements
    }
}

impl From<Vec<Value>> for Array {
    fn from(elements: Vec<Value>) -> Self {
        Self { elements }
    }
}

impl<const LEN: usize> From<[Value; LEN]> for Array {
    fn from(elements: [Value; LEN]) -> Self {
        Self::from(Vec::from(elements))
    }
}

impl From<Array> for Vec<Value> {
    fn from(mut array: Array) -> Self {
        std::mem::take(&mut array.elements)
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        Self::from(Vec::from_iter(elements))
    }
}

impl IntoIterator for Array {
    type Item = Value;
    type IntoIter = vec::IntoIter<Value>;

    fn into_iter(self) -> vec::IntoIter<Value> {
        Vec::from(self).into_iter()
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = slice::Iter<'a, Value>;

    fn into_iter(self) -> slice::Iter<'a, Value> {
        self.elements.iter()
    }
}

impl<'a> IntoIterator for &'a mut Array {
    type Item = &'a mut Value;
    type IntoIter = slice::IterMut<'a, Value>;

    fn into_iter(self) -> slice::IterMut<'a, Value> {
        self.elements.iter_mut()
    }
}
