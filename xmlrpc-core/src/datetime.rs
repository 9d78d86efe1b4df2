use core::{
    fmt::{self, Display},
    str::FromStr,
};

use jiff::{ToSpan as _, civil, tz::Offset};
use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

use crate::{Error, error::Excerpt, reserved_names::Extension};

/// A date and a time of day without a time zone, as in `<dateTime.iso8601>`.
///
/// Peers that mean UTC and peers that mean their local time write the same text; only their manuals say
/// which. Some peers write a zone. It does not change the civil time; [`offset`](Self::offset) returns
/// it. The specification has neither zones nor fractions of a second, so they are not written.
///
/// Reading accepts the forms `19980717T14:08:55`, `1998-07-17T14:08:55` and `19980717T140855`, each
/// with or without seconds, a fraction (`.125`) and a zone (`Z`, `+02`, `+0200`, `+02:00`). A date without
/// a time is midnight, `24:00:00` is midnight of the next day, and a second of 60 is 59. Years are 0 to
/// 9999.
///
/// ```
/// use xmlrpc_core::DateTime;
///
/// let date: DateTime = "1998-07-17T14:08:55+02:00".parse()?;
/// assert_eq!(date.to_string(), "19980717T14:08:55");
/// assert_eq!(date.offset(), Some(jiff::tz::offset(2)));
/// assert_eq!(date.civil(), jiff::civil::date(1998, 7, 17).at(14, 8, 55, 0));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    civil: civil::DateTime,
    offset: Option<Offset>,
}

impl DateTime {
    /// A date and a time of day.
    ///
    /// # Errors
    ///
    /// The day or the time does not exist, or the year is not within 0 to 9999.
    ///
    /// ```
    /// use xmlrpc_core::DateTime;
    ///
    /// assert_eq!(DateTime::new(1998, 7, 17, 14, 8, 55)?.year(), 1998);
    /// assert!(DateTime::new(1998, 2, 29, 0, 0, 0).is_err());
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn new(
        year: i16,
        month: i8,
        day: i8,
        hour: i8,
        minute: i8,
        second: i8,
    ) -> Result<Self, Error> {
        let civil = civil::DateTime::new(year, month, day, hour, minute, second, 0)
            .map_err(|err| Error::data(format_args!("invalid date: {err}")))?;
        let date = Self::from(civil);
        date.check()?;
        Ok(date)
    }

    /// The date and the time of day, as a type of `jiff`.
    pub fn civil(&self) -> civil::DateTime {
        self.civil
    }

    /// The zone, if the peer wrote one although the specification has none.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.civil.year()
    }

    /// The month, from 1.
    pub fn month(&self) -> i8 {
        self.civil.month()
    }

    /// The day of the month, from 1.
    pub fn day(&self) -> i8 {
        self.civil.day()
    }

    /// The hour, from 0 to 23.
    pub fn hour(&self) -> i8 {
        self.civil.hour()
    }

    /// The minute.
    pub fn minute(&self) -> i8 {
        self.civil.minute()
    }

    /// The second.
    pub fn second(&self) -> i8 {
        self.civil.second()
    }

    /// Checks that the date can be written: `jiff` has years before 0.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.year() < 0 {
            return Err(Error::data(format_args!(
                "the year {} cannot be written as dateTime.iso8601; the first year is 0",
                self.year()
            )));
        }
        Ok(())
    }

    /// The text with the fraction and the zone, to be read again within this process.
    pub(crate) fn full_text(&self) -> String {
        let fraction = match self.civil.subsec_nanosecond() {
            0 => String::new(),
            nanosecond => format!(".{nanosecond:09}"),
        };
        let zone = self.offset.map(|offset| {
            let sign = if offset.is_negative() { '-' } else { '+' };
            let minutes = offset.seconds().unsigned_abs() / 60;
            format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
        });
        format!("{self}{fraction}{}", zone.unwrap_or_default())
    }
}

impl Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.civil;
        write!(
            f,
            "{:04}{:02}{:02}T{:02}:{:02}:{:02}",
            c.year(),
            c.month(),
            c.day(),
            c.hour(),
            c.minute(),
            c.second()
        )
    }
}

impl From<civil::DateTime> for DateTime {
    /// Writing the date fails if its year is before 0.
    fn from(civil: civil::DateTime) -> Self {
        Self {
            civil,
            offset: None,
        }
    }
}

impl From<DateTime> for civil::DateTime {
    fn from(date: DateTime) -> Self {
        date.civil
    }
}

impl FromStr for DateTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Digits(text.trim_ascii().as_bytes())
            .date_time()
            .map_err(|NotADate| {
                Error::protocol(format_args!("invalid dateTime.iso8601 {:?}", Excerpt(text)))
            })
    }
}

/// The error that a text is not a date.
struct NotADate;

/// Whether a text is the date by which databases and PHP say "never": `00000000T00:00:00`,
/// `0000-00-00 00:00:00` or `-0001-11-30T00:00:00`, with or without a zone.
pub(crate) fn is_zero_date(text: &str) -> bool {
    let text = text.trim_ascii();
    let days = ["00000000", "0000-00-00", "-0001-11-30", "-00011130"];
    let Some(time) = days.iter().find_map(|day| text.strip_prefix(day)) else {
        return false;
    };
    if time.is_empty() {
        return true;
    }
    let mut time = Digits(time.as_bytes());
    let is_midnight = time.eat(b"Tt ") && time.time().is_ok_and(|time| time == Time::default());
    is_midnight && Digits(time.0.trim_ascii_start()).zone().is_ok()
}

/// A time of day.
#[derive(Default, PartialEq)]
struct Time {
    hour: i32,
    minute: i32,
    second: i32,
    nanosecond: i32,
    /// Whether it is 24:00:00, midnight of the next day.
    is_end_of_day: bool,
}

/// The rest of the text of a date.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn date_time(mut self) -> Result<DateTime, NotADate> {
        let year = self.number(4)?;
        let dashed = self.eat(b"-");
        let month = self.number(2)?;
        if dashed && !self.eat(b"-") {
            return Err(NotADate);
        }
        let day = self.number(2)?;
        let mut time = Time::default();
        if self.eat(b"Tt ") {
            time = self.time()?;
        }
        let offset = self.zone()?;
        let small = |number: i32| i8::try_from(number).map_err(|_| NotADate);
        let mut civil = civil::DateTime::new(
            i16::try_from(year).map_err(|_| NotADate)?,
            small(month)?,
            small(day)?,
            small(time.hour)?,
            small(time.minute)?,
            small(time.second)?,
            time.nanosecond,
        )
        .map_err(|_| NotADate)?;
        if time.is_end_of_day {
            civil = civil.checked_add(1.day()).map_err(|_| NotADate)?;
        }
        Ok(DateTime { civil, offset })
    }

    fn time(&mut self) -> Result<Time, NotADate> {
        let hour = self.number(2)?;
        let colons = self.eat(b":");
        let minute = self.number(2)?;
        let has_second = if colons {
            self.eat(b":")
        } else {
            self.0.first().is_some_and(u8::is_ascii_digit)
        };
        let (mut second, mut nanosecond) = (0, 0);
        if has_second {
            second = self.number(2)?;
            if self.eat(b".,") {
                nanosecond = self.fraction()?;
            }
        }
        // `jiff` has no leap seconds.
        if second == 60 {
            second = 59;
        }
        let is_end_of_day = (hour, minute, second, nanosecond) == (24, 0, 0, 0);
        Ok(Time {
            hour: if is_end_of_day { 0 } else { hour },
            minute,
            second,
            nanosecond,
            is_end_of_day,
        })
    }

    fn eat(&mut self, any_of: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if any_of.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn digit(&mut self) -> Result<i32, NotADate> {
        let (first, rest) = self.0.split_first().ok_or(NotADate)?;
        if !first.is_ascii_digit() {
            return Err(NotADate);
        }
        self.0 = rest;
        Ok(i32::from(first - b'0'))
    }

    fn number(&mut self, digits: usize) -> Result<i32, NotADate> {
        (0..digits).try_fold(0, |number, _| Ok(number * 10 + self.digit()?))
    }

    /// The nanoseconds. Digits beyond the ninth are dropped.
    fn fraction(&mut self) -> Result<i32, NotADate> {
        let mut nanosecond = self.digit()? * 100_000_000;
        let mut unit = 10_000_000;
        while let Ok(digit) = self.digit() {
            nanosecond += digit * unit;
            unit /= 10;
        }
        Ok(nanosecond)
    }

    /// The zone at the end of the text, if there is one.
    fn zone(mut self) -> Result<Option<Offset>, NotADate> {
        if self.0.is_empty() {
            return Ok(None);
        }
        if self.eat(b"Zz") {
            return if self.0.is_empty() {
                Ok(Some(Offset::UTC))
            } else {
                Err(NotADate)
            };
        }
        let sign = if self.eat(b"-") {
            -1
        } else if self.eat(b"+") {
            1
        } else {
            return Err(NotADate);
        };
        let hours = self.number(2)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            self.eat(b":");
            self.number(2)?
        };
        if !self.0.is_empty() || hours > 23 || minutes > 59 {
            return Err(NotADate);
        }
        let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60));
        offset.map(Some).map_err(|_| NotADate)
    }
}

impl Serialize for DateTime {
    /// Writes `<dateTime.iso8601>` in XML-RPC, and the same text as a string in other formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(serde_core::ser::Error::custom)?;
        serializer.serialize_newtype_struct(Extension::DateTime.name(), &self.to_string())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Extension::DateTime.name(), DateTimeVisitor)
    }
}

struct DateTimeVisitor;

impl<'de> Visitor<'de> for DateTimeVisitor {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dateTime.iso8601")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<DateTime, D::Error> {
        deserializer.deserialize_str(self)
    }
}
