//! Types of every kind to read a document into. Some swallow errors, and some stop half-way.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use xmlrpc_core::Struct;

pub use crate::record::{Kind, Record};
pub use serde::de::IgnoredAny;
pub use xmlrpc_core::{Base64, DateTime, Value};

/// A type that borrows from its document.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Lent<'a> {
    #[serde(default)]
    pub text: &'a str,
    #[serde(borrow, default)]
    pub a: Option<&'a str>,
    #[serde(borrow, default)]
    pub list: Vec<&'a str>,
    #[serde(borrow, default)]
    pub map: BTreeMap<&'a str, Either<'a>>,
}

/// A type that borrows if it can.
#[derive(Debug, Default, Deserialize)]
pub struct Either<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A type whose fields become their defaults on an error.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Forgiving {
    #[serde(default, deserialize_with = "or_default")]
    pub a: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub b: Vec<i64>,
    #[serde(default, deserialize_with = "or_default")]
    pub c: BTreeMap<String, bool>,
    #[serde(default, deserialize_with = "or_default")]
    pub d: Option<Box<Forgiving>>,
    #[serde(default, deserialize_with = "or_default")]
    pub kind: Kind,
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    #[serde(default)]
    pub number: Option<u8>,
}

#[allow(clippy::unnecessary_wraps, reason = "serde requires it")]
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(T::deserialize(deserializer).unwrap_or_default())
}

/// A type that becomes its default on an error.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct OrDefault<T: for<'a> Deserialize<'a> + Default>(
    #[serde(deserialize_with = "or_default")] pub T,
);

/// A type for which serde buffers the value before it chooses a variant.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the types explain them")]
pub enum Untagged {
    Number(i8),
    Truth(bool),
    Double(f64),
    Date(DateTime),
    Text(String),
    Pair(i64, Box<Untagged>),
    List(Vec<Untagged>),
    Named { a: i64 },
    Members(Struct),
}

/// A struct with a flattened one.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Flat {
    #[serde(default)]
    pub a: Option<i64>,
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// Variants that a member selects.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind")]
#[allow(missing_docs, reason = "the types explain them")]
pub enum Tagged {
    Unit,
    One { a: i64 },
    Named { b: String, when: Option<DateTime> },
}

/// A struct that rejects unknown members.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Strict {
    pub a: i32,
    pub b: Option<bool>,
    #[serde(default)]
    pub c: (),
}

/// A type that stops after so many elements or members.
#[derive(Debug)]
pub struct Half<T>(pub Vec<T>);

/// A type that continues after an invalid element.
#[derive(Debug)]
pub struct Stubborn<T>(pub Vec<Option<T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Half<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Walk {
                forgives: false,
                takes: 2,
                of: PhantomData,
            })
            .map(|found| Self(found.into_iter().flatten().collect()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Stubborn<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Walk {
                forgives: true,
                takes: 64,
                of: PhantomData,
            })
            .map(Self)
    }
}

/// Reads elements, or the values of members.
struct Walk<T> {
    forgives: bool,
    takes: usize,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Walk<T> {
    type Value = Vec<Option<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or a struct")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while found.len() < self.takes {
            match seq.next_element() {
                Ok(Some(element)) => found.push(Some(element)),
                Ok(None) => break,
                Err(_) if self.forgives => found.push(None),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while found.len() < self.takes {
            match map.next_key::<String>() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) if self.forgives => {
                    found.push(None);
                    continue;
                }
                Err(error) => return Err(error),
            }
            match map.next_value() {
                Ok(value) => found.push(Some(value)),
                Err(_) if self.forgives => found.push(None),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

/// Runs a macro with the types that own their data.
#[macro_export]
macro_rules! with_types {
    ($run:ident) => {
        $run! {
            $crate::types::Value, i8, i16, i32, i64, i128, u8, u16, u32, u64, u128, f32, f64, bool, char, String,
            Option<i64>, Option<String>, Option<Option<bool>>, Vec<i64>, Vec<u8>, Vec<Option<f64>>, (bool, String),
            [i8; 2], $crate::types::Map<$crate::types::Value>, $crate::types::Map<i32>, $crate::types::Base64,
            $crate::types::DateTime, $crate::types::Record, $crate::types::Kind, Vec<$crate::types::Record>,
            $crate::types::Untagged, $crate::types::Flat, $crate::types::Tagged, $crate::types::Strict,
        }
    };
}

/// Runs a macro with the types that ignore parts of a document.
#[macro_export]
macro_rules! with_careless_types {
    ($run:ident) => {
        $run! {
            (), $crate::types::IgnoredAny, $crate::types::Forgiving, Vec<$crate::types::Forgiving>,
            $crate::types::OrDefault<i32>, Vec<$crate::types::OrDefault<Vec<i32>>>,
            $crate::types::OrDefault<$crate::types::Strict>, $crate::types::Half<i64>,
            $crate::types::Half<$crate::types::Half<String>>, $crate::types::Stubborn<i64>,
            $crate::types::Stubborn<$crate::types::Stubborn<bool>>,
        }
    };
}

/// Members by name.
pub type Map<T> = BTreeMap<String, T>;
