//! Types of the crate `chrono` as `<dateTime.iso8601>`.
//!
//! Their own `Serialize` writes a `<string>`.
//!
//! | field | written as | read as |
//! |---|---|---|
//! | `NaiveDateTime` | the date and the time | the date and the time; a zone is ignored |
//! | `NaiveDate` | the date at midnight | the date; a time other than midnight is an error |
//! | `DateTime<Utc>` | the date and the time in UTC | the instant; without a zone, the time is in UTC |
//! | `DateTime<FixedOffset>` | the date and the time in UTC | the instant with the zone of the peer; without one, in UTC |
//! | `Option` | its content; `None` as any other `None` | its content; nil, an empty date and a zero date are `None` |
//! | `Vec` | `<array>` | `<array>` |
//!
//! XML-RPC has no zones and no fractions of a second, so neither are written. If a server means its
//! local time, read a `NaiveDateTime` and convert it. A member that is missing is an error, unless the
//! field has `#[serde(default)]`.
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Post {
//!     #[serde(with = "xmlrpc_core::with::chrono")]
//!     date_gmt: DateTime<Utc>,
//! }
//!
//! let date = "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>";
//! let member = format!("<member><name>date_gmt</name><value>{date}</value></member>");
//! let document = format!("<value><struct>{member}</struct></value>");
//! let post: Post = from_str(&document)?;
//! assert_eq!(post.date_gmt.to_string(), "2024-01-02 03:04:05 UTC");
//! assert_eq!(to_string(&post)?, document);
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use ::chrono::{
    DateTime as Zoned, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike,
    Utc,
};
use ::jiff::civil;

use super::{
    helper::{EachElement, NoneIsNil, functions},
    moment::{Moment, dates, day, timestamp, year_out_of_range},
};
use crate::{DateTime, Error};

functions!(Chrono);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum Chrono {}

impl NoneIsNil for Chrono {}
impl EachElement for Chrono {}

dates! {
    Chrono:
    NaiveDateTime,
    NaiveDate,
    Zoned<Utc>,
    Zoned<FixedOffset>,
}

impl Moment for NaiveDateTime {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        // A leap second has a nanosecond above 999,999,999, which is not written.
        date_time(self.date(), [self.hour(), self.minute(), self.second()])
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        naive(date.civil())
    }
}

impl Moment for NaiveDate {
    const IS_DAY: bool = true;

    fn to_date_time(&self) -> Result<DateTime, Error> {
        date_time(*self, [0, 0, 0])
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        naive_date(day(date)?)
    }
}

impl Moment for Zoned<Utc> {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        self.naive_utc().to_date_time()
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        let utc = in_utc(date)?;
        Ok(Utc.from_utc_datetime(&utc))
    }
}

impl Moment for Zoned<FixedOffset> {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        self.naive_utc().to_date_time()
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        let utc = in_utc(date)?;
        let offset = date.offset().map_or(0, ::jiff::tz::Offset::seconds);
        let offset = FixedOffset::east_opt(offset).unwrap_or(Utc.fix());
        Ok(offset.from_utc_datetime(&utc))
    }
}

fn date_time(date: NaiveDate, time: [u32; 3]) -> Result<DateTime, Error> {
    let out_of_range = || year_out_of_range(date.year());
    let year = i16::try_from(date.year()).map_err(|_| out_of_range())?;
    if !(0..=9999).contains(&year) {
        return Err(out_of_range());
    }
    let small = |number: u32| i8::try_from(number).unwrap_or(i8::MAX);
    let [hour, minute, second] = time.map(small);
    DateTime::new(
        year,
        small(date.month()),
        small(date.day()),
        hour,
        minute,
        second,
    )
}

/// The date and the time of day in UTC.
fn in_utc(date: DateTime) -> Result<NaiveDateTime, Error> {
    timestamp(date).and_then(|timestamp| naive(::jiff::tz::Offset::UTC.to_datetime(timestamp)))
}

fn naive(civil: civil::DateTime) -> Result<NaiveDateTime, Error> {
    let part = |number: i8| u32::try_from(number).unwrap_or(u32::MAX);
    let nanosecond = u32::try_from(civil.subsec_nanosecond()).unwrap_or(u32::MAX);
    naive_date(civil.date())?
        .and_hms_nano_opt(
            part(civil.hour()),
            part(civil.minute()),
            part(civil.second()),
            nanosecond,
        )
        .ok_or_else(|| out_of_range(civil))
}

fn naive_date(date: civil::Date) -> Result<NaiveDate, Error> {
    let part = |number: i8| u32::try_from(number).unwrap_or(u32::MAX);
    NaiveDate::from_ymd_opt(date.year().into(), part(date.month()), part(date.day()))
        .ok_or_else(|| out_of_range(date))
}

fn out_of_range(date: impl core::fmt::Display) -> Error {
    Error::data(format_args!("the date {date} is out of range"))
}
