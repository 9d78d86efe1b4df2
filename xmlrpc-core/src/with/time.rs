//! Types of the crate `time` as `<dateTime.iso8601>`.
//!
//! Their own `Serialize` writes a `<string>` or an `<array>`.
//!
//! | field | written as | read as |
//! |---|---|---|
//! | `PrimitiveDateTime` | the date and the time | the date and the time; a zone is ignored |
//! | `Date` | the date at midnight | the date; a time other than midnight is an error |
//! | `OffsetDateTime` | the date and the time in UTC | the instant with the zone of the peer; without one, in UTC |
//! | `Option` | its content; `None` as any other `None` | its content; nil, an empty date and a zero date are `None` |
//! | `Vec` | `<array>` | `<array>` |
//!
//! XML-RPC has no zones and no fractions of a second, so neither are written. If a server means its
//! local time, read a `PrimitiveDateTime` and convert it. A member that is missing is an error, unless
//! the field has `#[serde(default)]`.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use time::OffsetDateTime;
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Post {
//!     #[serde(with = "xmlrpc_core::with::time")]
//!     date_gmt: OffsetDateTime,
//! }
//!
//! let date = "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>";
//! let member = format!("<member><name>date_gmt</name><value>{date}</value></member>");
//! let document = format!("<value><struct>{member}</struct></value>");
//! let post: Post = from_str(&document)?;
//! assert_eq!(post.date_gmt.unix_timestamp(), 1_704_164_645);
//! assert_eq!(to_string(&post)?, document);
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use ::jiff::{Timestamp, civil};
use ::time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time as TimeOfDay, UtcOffset};

use super::{
    helper::{EachElement, NoneIsNil, functions},
    moment::{Moment, dates, day, year_out_of_range},
};
use crate::{DateTime, Error};

functions!(Time);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum Time {}

impl NoneIsNil for Time {}
impl EachElement for Time {}

dates! {
    Time:
    PrimitiveDateTime,
    Date,
    OffsetDateTime,
}

impl Moment for PrimitiveDateTime {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        date_time(self.date(), self.time())
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        primitive(date.civil())
    }
}

impl Moment for Date {
    const IS_DAY: bool = true;

    fn to_date_time(&self) -> Result<DateTime, Error> {
        date_time(*self, TimeOfDay::MIDNIGHT)
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        self::date(day(date)?)
    }
}

impl Moment for OffsetDateTime {
    fn to_date_time(&self) -> Result<DateTime, Error> {
        let timestamp = Timestamp::from_second(self.unix_timestamp());
        timestamp
            .map_err(|_| year_out_of_range(self.year()))?
            .to_date_time()
    }

    fn from_date_time(date: DateTime) -> Result<Self, Error> {
        let offset = date.offset().map_or(0, ::jiff::tz::Offset::seconds);
        let offset = UtcOffset::from_whole_seconds(offset).map_err(|_| out_of_range(date))?;
        Ok(primitive(date.civil())?.assume_offset(offset))
    }
}

fn date_time(date: Date, time: TimeOfDay) -> Result<DateTime, Error> {
    let out_of_range = || year_out_of_range(date.year());
    let year = i16::try_from(date.year()).map_err(|_| out_of_range())?;
    if !(0..=9999).contains(&year) {
        return Err(out_of_range());
    }
    let small = |number: u8| i8::try_from(number).unwrap_or(i8::MAX);
    let (hour, minute, second) = time.as_hms();
    DateTime::new(
        year,
        small(date.month().into()),
        small(date.day()),
        small(hour),
        small(minute),
        small(second),
    )
}

fn primitive(civil: civil::DateTime) -> Result<PrimitiveDateTime, Error> {
    let part = |number: i8| u8::try_from(number).unwrap_or(u8::MAX);
    let time = TimeOfDay::from_hms_nano(
        part(civil.hour()),
        part(civil.minute()),
        part(civil.second()),
        u32::try_from(civil.subsec_nanosecond()).unwrap_or(u32::MAX),
    );
    let time = time.map_err(|_| out_of_range(civil))?;
    Ok(PrimitiveDateTime::new(date(civil.date())?, time))
}

fn date(date: civil::Date) -> Result<Date, Error> {
    let part = |number: i8| u8::try_from(number).unwrap_or(u8::MAX);
    let month = Month::try_from(part(date.month())).map_err(|_| out_of_range(date))?;
    Date::from_calendar_date(date.year().into(), month, part(date.day()))
        .map_err(|_| out_of_range(date))
}

fn out_of_range(date: impl core::fmt::Display) -> Error {
    Error::data(format_args!("the date {date} is out of range"))
}
