//! Dates that are written as text: `<string>2024-01-02 03:04:05</string>`.
//!
//! Odoo sends and accepts dates only in this form. XML-RPC has the type `<dateTime.iso8601>` for dates,
//! which [`DateTime`] writes, and the helpers for the types of other crates: [`with::jiff`](super::jiff),
//! `with::chrono` and `with::time`.
//!
//! | field | written as |
//! |---|---|
//! | [`DateTime`], `jiff::civil::DateTime`, `chrono::NaiveDateTime`, `time::PrimitiveDateTime` | `2024-01-02 03:04:05` |
//! | `jiff::Timestamp`, `chrono::DateTime<Utc>` and `<FixedOffset>`, `time::OffsetDateTime` | `2024-01-02 03:04:05`, in UTC |
//! | `jiff::civil::Date`, `chrono::NaiveDate`, `time::Date` | `2024-01-02` |
//! | `Option` | its content; `None` as any other `None` |
//! | `Vec` | `<array>` |
//!
//! Types of `chrono` and `time` need the feature of this name. Fractions of a second and zones are not
//! written.
//!
//! All these forms are read, in a `<string>` or a `<dateTime.iso8601>`: `2024-01-02`,
//! `2024-01-02 03:04:05`, `2024-01-02T03:04:05`, `20240102T03:04:05` and `20240102T030405`, each with or without
//! seconds, a fraction (`.125`) and a zone (`Z`, `+02`, `+0200`, `+02:00`).
//!
//! * A date without a time is midnight. A type without a time reads only midnight; any other time is an
//!   error, so that no time is lost without notice.
//! * A date without a zone is in UTC for the types with a zone. The other types ignore a zone.
//! * Nil, an empty text and a zero date such as `0000-00-00 00:00:00` are `None` in an `Option`.
//!
//! Any other text is an error, with its path. A member that is missing is an error too, unless the field
//! has `#[serde(default)]`.
//!
//! ```
//! use jiff::civil::{Date, date};
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{DateTime, from_str, to_string};
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Order {
//!     #[serde(with = "xmlrpc_core::with::date_text")]
//!     create_date: DateTime,
//!     #[serde(with = "xmlrpc_core::with::date_text", default)]
//!     deadline: Option<Date>,
//! }
//!
//! let order: Order = from_str(
//!     "<value><struct>\
//!         <member><name>create_date</name><value><string>2024-01-02 03:04:05</string></value></member>\
//!         <member><name>deadline</name><value><string>2024-02-01</string></value></member>\
//!     </struct></value>",
//! )?;
//! assert_eq!(order.create_date.to_string(), "20240102T03:04:05");
//! assert_eq!(order.deadline, Some(date(2024, 2, 1)));
//! assert!(to_string(&order)?.contains("<string>2024-01-02 03:04:05</string>"));
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use core::{fmt, marker::PhantomData};

use serde_core::{
    Deserializer, Serializer,
    de::{self, Unexpected, Visitor},
    ser,
};

use super::{
    helper::{EachElement, NoneIsNil, functions},
    moment::Moment,
};
use crate::{DateTime, reserved_names::TEXT};

functions!(DateText);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum DateText {}

impl NoneIsNil for DateText {}
impl EachElement for DateText {}

macro_rules! date_texts {
    ($($type:ty,)*) => {$(
        impl $crate::with::SerializeWith<$crate::with::date_text::DateText> for $type {
            fn serialize_with<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::with::date_text::write(self, serializer)
            }
        }

        impl<'de> $crate::with::DeserializeWith<'de, $crate::with::date_text::DateText> for $type {
            fn deserialize_with<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::with::date_text::read(deserializer)
            }
        }
    )*};
}

pub(super) use date_texts;

date_texts! { DateTime, }

pub(super) fn write<T: Moment, S: Serializer>(date: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let date = date.to_date_time().map_err(ser::Error::custom)?;
    let civil = date.civil();
    // The `Display` of jiff's types has another form for dates with fractions.
    let (year, month, day) = (civil.year(), civil.month(), civil.day());
    if T::IS_DAY {
        return serializer.collect_str(&format_args!("{year:04}-{month:02}-{day:02}"));
    }
    let (hour, minute, second) = (civil.hour(), civil.minute(), civil.second());
    serializer.collect_str(&format_args!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
    ))
}

pub(super) fn read<'de, T: Moment, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(TEXT, DateVisitor(PhantomData))
}

struct DateVisitor<T>(PhantomData<T>);

impl<'de, T: Moment> Visitor<'de> for DateVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date as text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        let date: DateTime = text
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))?;
        T::from_date_time(date).map_err(E::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}
