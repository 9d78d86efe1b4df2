//! Numbers that are written as text: `<string>42</string>`.
//!
//! aria2 sends all its numbers in this form, because they may exceed the 32 bits of an `<int>`.
//!
//! | field | written as | read from |
//! |---|---|---|
//! | `i8` to `i128`, `u8` to `u128`, `isize`, `usize`, `f32`, `f64` | `<string>` | a text with the number, white space around it; a number that is not a text |
//! | `Option` | its content; `None` as any other `None` | its content; nil and an empty text are `None` |
//! | `Vec` | `<array>` | `<array>` |
//!
//! A text that is not a number of the field's type is an error, with its path. A member that is
//! missing is an error too, unless the field has `#[serde(default)]`.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, PartialEq, Deserialize, Serialize)]
//! #[serde(rename_all = "camelCase")]
//! struct Download {
//!     #[serde(with = "xmlrpc_core::with::number_text")]
//!     total_length: u64,
//!     #[serde(with = "xmlrpc_core::with::number_text", default)]
//!     seeders: Option<u32>,
//! }
//!
//! let member = "<member><name>totalLength</name><value><string>34896138</string></value></member>";
//! let document = format!("<value><struct>{member}</struct></value>");
//! let download: Download = from_str(&document)?;
//! assert_eq!(download, Download { total_length: 34_896_138, seeders: None });
//! assert_eq!(to_string(&download)?, document);
//!
//! let error = from_str::<Download>(&document.replace("34896138", "unknown")).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "expected a u64 as text, found string \"unknown\" at totalLength (line 1, column 55)",
//! );
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use core::{fmt, marker::PhantomData, str::FromStr};

use serde_core::{
    Deserialize, Deserializer, Serializer,
    de::{Error, IntoDeserializer, Unexpected, Visitor},
};

use super::helper::{DeserializeWith, EachElement, NoneIsNil, SerializeWith, functions};
use crate::reserved_names::TEXT;

functions!(NumberText);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum NumberText {}

impl NoneIsNil for NumberText {}
impl EachElement for NumberText {}

/// A number that can be read from text.
trait Number: FromStr + for<'de> Deserialize<'de> {
    /// What an error says was expected.
    const EXPECTED: &'static str;
}

macro_rules! numbers {
    ($($number:ident $article:literal,)*) => {$(
        impl Number for $number {
            const EXPECTED: &'static str = concat!($article, " ", stringify!($number), " as text");
        }

        impl SerializeWith<NumberText> for $number {
            fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> DeserializeWith<'de, NumberText> for $number {
            fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_newtype_struct(TEXT, NumberVisitor(PhantomData))
            }
        }
    )*};
}

numbers! {
    i8 "an",
    i16 "an",
    i32 "an",
    i64 "an",
    i128 "an",
    isize "an",
    u8 "a",
    u16 "a",
    u32 "a",
    u64 "a",
    u128 "a",
    usize "a",
    f32 "an",
    f64 "an",
}

struct NumberVisitor<T>(PhantomData<T>);

impl<'de, T: Number> Visitor<'de> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let number = text.trim_ascii().parse();
        number.map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::deserialize(number.into_deserializer())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::deserialize(number.into_deserializer())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        T::deserialize(number.into_deserializer())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}
