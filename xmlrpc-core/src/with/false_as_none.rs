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
//! tell a `false` from a missing value. In a `Vec<Option<T>>`, each element is read and written in this
//! way.
//!
//! If the value has a form of its own as well, use a module within this one: Odoo writes dates and
//! files as text.
//!
//! | module | for an `Option` of |
//! |---|---|
//! | [`number_text`] | a number, as in [`with::number_text`](super::number_text) |
//! | [`base64_text`] | bytes, as in [`with::base64_text`](super::base64_text) |
//! | [`date_text`] | a date, as in [`with::date_text`](super::date_text) |
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
//!     #[serde(with = "xmlrpc_core::with::false_as_none::date_text")]
//!     date: Option<jiff::civil::Date>,
//! }
//!
//! let partner: Partner = from_str(
//!     "<value><struct>\
//!         <member><name>name</name><value><string>Ada</string></value></member>\
//!         <member><name>email</name><value><boolean>0</boolean></value></member>\
//!         <member><name>date</name><value><string>2024-01-02</string></value></member>\
//!     </struct></value>",
//! )?;
//! assert_eq!((partner.email.as_ref(), partner.date), (None, Some(jiff::civil::date(2024, 1, 2))));
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

use super::helper::{DeserializeWith, EachElement, Helped, SerializeWith, functions};

functions!(FalseAsNone);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum FalseAsNone {}

impl EachElement for FalseAsNone {}

impl<T: Serialize> SerializeWith<FalseAsNone> for Option<T> {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_bool(false),
        }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeWith<'de, FalseAsNone> for Option<T> {
    fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FalseOr(PhantomData))
    }
}

/// The marker of the helper `H` within this one.
#[doc(hidden)]
#[derive(Debug)]
pub struct OrFalse<H>(PhantomData<H>);

impl<H> EachElement for OrFalse<H> {}

impl<H, T: SerializeWith<H>> SerializeWith<OrFalse<H>> for Option<T> {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => SerializeWith::<H>::serialize_with(value, serializer),
            None => serializer.serialize_bool(false),
        }
    }
}

impl<'de, H, T: DeserializeWith<'de, H>> DeserializeWith<'de, OrFalse<H>> for Option<T> {
    fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = deserializer.deserialize_any(FalseOr::<Helped<T, H>>(PhantomData))?;
        Ok(read.map(Helped::into_inner))
    }
}

pub mod number_text {
    //! An `Option` of a number that is written as text, or as `false` when it is `None`.
    //!
    //! See [`with::number_text`](crate::with::number_text) for the types.

    use super::{OrFalse, functions};
    use crate::with::number_text::NumberText;

    functions!(OrFalse<NumberText>);
}

pub mod base64_text {
    //! An `Option` of bytes that are written as the text of base64, or as `false` when it is `None`.
    //!
    //! See [`with::base64_text`](crate::with::base64_text) for the types.

    use super::{OrFalse, functions};
    use crate::with::base64_text::Base64Text;

    functions!(OrFalse<Base64Text>);
}

pub mod date_text {
    //! An `Option` of a date that is written as text, or as `false` when it is `None`.
    //!
    //! See [`with::date_text`](crate::with::date_text) for the types and the forms.

    use super::{OrFalse, functions};
    use crate::with::date_text::DateText;

    functions!(OrFalse<DateText>);
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
