//! Types of dates, of this crate and of others: from a [`DateTime`] and back.

use core::fmt::Display;

use jiff::{Timestamp, civil, tz::Offset};
use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::{DateTime, Error};

/// A date, with or without a time of day and a zone.
pub(super) trait Moment: Sized {
    /// Whether the type has no time of day. Its text then has none either.
    const IS_DAY: bool = false;

    /// The date as it is written: without fractions of a second, and in UTC if the type has a zone.
    fn to_date_time(&self) -> Result<DateTime, Error>;

    /// The date of a peer. If the peer wrote no zone, it is in UTC for a type with a zone.
    fn from_date_time(date: DateTime) -> Result<Self, Error>;
}

/// Implements the traits of a helper that reads and writes `<dateTime.iso8601>`, and those of `date_text`.
macro_rules! dates {
    ($helper:ty: $($type:ty,)*) => {$(
        impl $crate::with::SerializeWith<$helper> for $type {
            fn serialize_with<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::with::moment::write(self, serializer)
            }
        }

        impl<'de> $crate::with::DeserializeWith<'de, $helper> for $type {
            fn deserialize_with<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::with::moment::read(deserializer)
            }
        }

        $crate::with::date_text::date_texts! { $type, }
    )*};
}

pub(super) use dates;

/// Writes a date as `<dateTime.iso8601>`.
pub(super) fn write<T: Moment, S: Serializer>(date: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let date = date.to_date_time().map_err(ser::Error::custom)?;
    date.serialize(serializer)
}

/// Reads a date from `<dateTime.iso8601>`.
pub(super) fn read<'de, T: Moment, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let date = DateTime::deserialize(deserializer)?;
    T::from_date_time(date).map_err(de::Error::custom)
}

/// The error that a year cannot be written.
pub(super) fn year_out_of_range(year: impl Display) -> Error {
    Error::data(format_args!(
        "the year {year} cannot be written; years are from 0 to 9999"
    ))
}

/// The day, if the time of day is midnight.
pub(super) fn day(date: DateTime) -> Result<civil::Date, Error> {
    let civil = date.civil();
    if civil.time() != civil::Time::midnight() {
        return Err(Error::data(format_args!(
            "expected a day, found one with a time, {date}; read it as a type with a time"
        )));
    }
    Ok(civil.date())
}

/// The instant. A date without a zone is in UTC.
pub(super) fn timestamp(date: DateTime) -> Result<Timestamp, Error> {
    let offset = date.offset().unwrap_or(Offset::UTC);
    offset.to_timestamp(date.civil()).map_err(|_| {
        Error::data(format_args!(
            "the date {date} is out of range for a timestamp"
        ))
    })
}

fn checked(civil: civil::DateTime) -> Result<DateTime, Error> {
    if civil.year() < 0 {
        return Err(year_out_of_range(civil.year()));
    }
    Ok(DateTime::from(civil))
}

impl Moment for DateTime {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        checked(self.civil())
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        Ok(date)
    }
}

impl Moment for civil::DateTime {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        checked(*self)
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        Ok(date.civil())
    }
}

impl Moment for civil::Date {
    const IS_DAY: bool = true;

    fn to_date_time(&self) -> Result<DateTime, Error> {
        checked(self.to_datetime(civil::Time::midnight()))
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        day(date)
    }
}

impl Moment for Timestamp {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        checked(Offset::UTC.to_datetime(*self))
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        timestamp(date)
    }
}
