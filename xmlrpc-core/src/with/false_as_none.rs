//! An `Option<T>` that is written as `false` when it is `None`.
//!
//! Odoo sends the boolean `false` for every field that has no value, whatever the type of the field.
//! It accepts `false` to clear a field.
//!
//! | document | read as |
//! |---|---|
//! | `<boolean>0</boolean>` | `None` |
//! | `<nil/>` | `None` |
//! | any other value | `Some`, read as a `T` |
//!
//! A value that is not a `T` is an error, with its path. A member that is missing is an error, too,
//! unless the field also has `#[serde(default)]`. Do not use this module with `Option<bool>`: it cannot
//! tell a `false` from a missing value.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, PartialEq, Deserialize, Serialize)]
//! struct Partner {
//!     name: String,
//!     #[serde(with = "xmlrpc_core::with::false_as_none")]
//!     email: Option<String>,
//! }
//!
//! let partner: Partner = from_str(
//!     "<value><struct>\
//!         <member><name>name</name><value><string>Ada</string></value></member>\
//!         <member><name>email</name><value><boolean>0</boolean></value></member>\
//!     </struct></value>",
//! )?;
//! assert_eq!(partner, Partner { name: "Ada".to_owned(), email: None });
//! assert!(to_string(&partner)?.contains("<name>email</name><value><boolean>0</boolean></value>"));
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use core::{fmt, marker::PhantomData};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{
            BorrowedBytesDeserializer, BorrowedStrDeserializer, MapAccessDeserializer,
            SeqAccessDeserializer,
        },
    },
};

/// Writes the value, or `false` for `None`.
///
/// # Errors
///
/// The value cannot be written.
pub fn serialize<T: Serialize, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => value.serialize(serializer),
        None => serializer.serialize_bool(false),
    }
}

/// Reads a value, or `None` from `false` and nil.
///
/// # Errors
///
/// The value is neither a `T`, nor `false`, nor nil.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(FalseOr(PhantomData))
}

struct FalseOr<T>(PhantomData<T>);

/// Passes a value of a simple type on to `T`.
macro_rules! forward {
    ($($method:ident: $type:ty,)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<Option<T>, E> {
            T::deserialize(value.into_deserializer()).map(Some)
        }
    )*};
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for FalseOr<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Option<T>, E> {
        if value {
            T::deserialize(value.into_deserializer()).map(Some)
        } else {
            Ok(None)
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    forward! {
        visit_i64: i64,
        visit_u64: u64,
        visit_f64: f64,
        visit_str: &str,
        visit_string: String,
        visit_bytes: &[u8],
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Option<T>, E> {
        T::deserialize(BorrowedStrDeserializer::new(text)).map(Some)
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Option<T>, E> {
        T::deserialize(BorrowedBytesDeserializer::new(bytes)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Option<T>, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(elements)).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}
