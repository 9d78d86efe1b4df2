use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::{Array, Struct, Value};
use crate::{Base64, DateTime};

impl Value {
    /// The integer, if it is one.
    ///
    /// ```
    /// use xmlrpc_core::Value;
    ///
    /// assert_eq!(Value::Int(1).as_i64(), Some(1));
    /// assert_eq!(Value::from("1").as_i64(), None);
    /// ```
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(i64::from(*number)),
            Self::I8(number) => Some(*number),
            _ => None,
        }
    }

    /// The integer, if it is one that fits an `i32`.
    ///
    /// ```
    /// use xmlrpc_core::Value;
    ///
    /// assert_eq!(Value::I8(1).as_i32(), Some(1));
    /// assert_eq!(Value::I8(1 << 40).as_i32(), None);
    /// ```
    pub fn as_i32(&self) -> Option<i32> {
        self.as_i64().and_then(|number| number.try_into().ok())
    }

    /// The double, or the integer of up to 32 bits, if it is one.
    ///
    /// ```
    /// assert_eq!(xmlrpc_core::Value::Int(2).as_f64(), Some(2.0));
    /// ```
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Double(number) => Some(*number),
            Self::Int(number) => Some(f64::from(*number)),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The date, if it is one.
    pub fn as_datetime(&self) -> Option<&DateTime> {
        match self {
            Self::DateTime(date) => Some(date),
            _ => None,
        }
    }

    /// The bytes, if it is base64.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Base64(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The members, if it is a struct.
    pub fn as_struct(&self) -> Option<&Struct> {
        match self {
            Self::Struct(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Whether it is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Whether it is a boolean.
    pub fn is_bool(&self) -> bool {
        matches!(self, Self::Bool(_))
    }

    /// Whether it is an integer or a double.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// assert!(value!(1).is_number() && value!(0.5).is_number());
    /// assert!(!value!("1").is_number());
    /// ```
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::I8(_) | Self::Double(_))
    }

    /// Whether it is a string.
    pub fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// Whether it is a struct.
    pub fn is_struct(&self) -> bool {
        matches!(self, Self::Struct(_))
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }
}

macro_rules! from {
    ($($type:ty, $value:pat => $made:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        }
    )*};
}

from! {
    i8, number => Self::Int(number.into());
    i16, number => Self::Int(number.into());
    i32, number => Self::Int(number);
    u8, number => Self::Int(number.into());
    u16, number => Self::Int(number.into());
    u32, number => Self::from(i64::from(number));
    i64, number => i32::try_from(number).map_or(Self::I8(number), Self::Int);
    isize, number => integer(number);
    u64, number => integer(number);
    usize, number => integer(number);
    bool, value => Self::Bool(value);
    f32, number => Self::Double(number.into());
    f64, number => Self::Double(number);
    String, text => Self::String(text);
    &str, text => Self::String(text.to_owned());
    &String, text => Self::String(text.clone());
    Box<str>, text => Self::String(text.into());
    Cow<'_, str>, text => Self::String(text.into_owned());
    char, text => Self::String(text.into());
    DateTime, date => Self::DateTime(date);
    Struct, members => Self::Struct(members);
    Array, elements => Self::Array(elements);
    (), () => Self::Nil;
}

/// An integer, or the string of its digits if it does not fit into an `i64`.
fn integer(number: impl TryInto<i64> + ToString + Copy) -> Value {
    let wide = number.try_into().ok();
    wide.map_or_else(|| Value::String(number.to_string()), Value::from)
}

impl<T: Into<Vec<u8>>> From<Base64<T>> for Value {
    fn from(bytes: Base64<T>) -> Self {
        Self::Base64(bytes.0.into())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Into<Value>, const LEN: usize> From<[T; LEN]> for Value {
    fn from(elements: [T; LEN]) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Into<Value> + Clone> From<&[T]> for Value {
    fn from(elements: &[T]) -> Self {
        elements.iter().cloned().collect()
    }
}

impl<N: Into<String>, V: Into<Value>> From<BTreeMap<N, V>> for Value {
    fn from(members: BTreeMap<N, V>) -> Self {
        Self::Struct(members.into_iter().collect())
    }
}

impl<N: Into<String>, V: Into<Value>, S> From<HashMap<N, V, S>> for Value {
    fn from(members: HashMap<N, V, S>) -> Self {
        Self::Struct(members.into_iter().collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}
