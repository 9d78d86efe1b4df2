//! `date_text`, `jiff`, `chrono` and `time`: the same dates in the types of each crate.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use jiff::{Timestamp, civil};
use serde::Serialize;
use time::{Month, OffsetDateTime, PrimitiveDateTime, UtcOffset};
use xmlrpc_core::{DateTime, to_string};

use super::{array, date, field, reads, refuses, round_trips, schema, string};

fn civil() -> civil::DateTime {
    civil::date(2024, 1, 2).at(3, 4, 5, 0)
}

fn naive() -> NaiveDateTime {
    naive_date().and_hms_opt(3, 4, 5).unwrap()
}

fn naive_date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 2).unwrap()
}

fn fixed(hours: i32) -> chrono::DateTime<FixedOffset> {
    let offset = FixedOffset::east_opt(hours * 3600).unwrap();
    offset.from_utc_datetime(&naive())
}

fn primitive() -> PrimitiveDateTime {
    time_date().with_hms(3, 4, 5).unwrap()
}

fn time_date() -> time::Date {
    time::Date::from_calendar_date(2024, Month::January, 2).unwrap()
}

fn timestamp() -> Timestamp {
    "2024-01-02T03:04:05Z".parse().unwrap()
}

#[test]
fn as_dates() {
    let (moment, day) = (date("20240102T03:04:05"), date("20240102T00:00:00"));
    let list = array(&[&moment, "<nil/>"]);
    round_trips! { "xmlrpc_core::with::jiff":
        civil::DateTime: civil() => &moment;
        civil::Date: civil().date() => &day;
        Timestamp: timestamp() => &moment;
        Option<Timestamp>: Some(timestamp()) => &moment;
        Option<Timestamp>: None => "<nil/>";
        Vec<Option<Timestamp>>: vec![Some(timestamp()), None] => &list;
        Vec<civil::Date>: vec![civil().date()] => &array(&[&day]);
    }
    round_trips! { "xmlrpc_core::with::chrono":
        NaiveDateTime: naive() => &moment;
        NaiveDate: naive_date() => &day;
        chrono::DateTime<Utc>: naive().and_utc() => &moment;
        chrono::DateTime<FixedOffset>: fixed(2) => &moment;
        Option<NaiveDate>: Some(naive_date()) => &day;
        Option<NaiveDate>: None => "<nil/>";
        Vec<Option<NaiveDateTime>>: vec![Some(naive()), None] => &list;
    }
    round_trips! { "xmlrpc_core::with::time":
        PrimitiveDateTime: primitive() => &moment;
        time::Date: time_date() => &day;
        OffsetDateTime: primitive().assume_utc() => &moment;
        Option<time::Date>: Some(time_date()) => &day;
        Option<time::Date>: None => "<nil/>";
        Vec<Option<OffsetDateTime>>: vec![Some(primitive().assume_utc()), None] => &list;
    }
}

#[test]
fn as_text() {
    let (moment, day) = (string("2024-01-02 03:04:05"), string("2024-01-02"));
    round_trips! { "xmlrpc_core::with::date_text":
        DateTime: civil().into() => &moment;
        civil::DateTime: civil() => &moment;
        civil::Date: civil().date() => &day;
        Timestamp: timestamp() => &moment;
        NaiveDateTime: naive() => &moment;
        NaiveDate: naive_date() => &day;
        chrono::DateTime<Utc>: naive().and_utc() => &moment;
        chrono::DateTime<FixedOffset>: fixed(-7) => &moment;
        PrimitiveDateTime: primitive() => &moment;
        time::Date: time_date() => &day;
        OffsetDateTime: primitive().assume_utc() => &moment;
        Option<civil::Date>: Some(civil().date()) => &day;
        Option<civil::Date>: None => "<nil/>";
        Vec<DateTime>: vec![civil().into()] => &array(&[&moment]);
        civil::Date: civil::date(0, 1, 1) => &string("0000-01-01");
        civil::Date: civil::date(9999, 12, 31) => &string("9999-12-31");
    }
}

#[test]
fn every_form_of_text() {
    for text in [
        "2024-01-02 03:04:05",
        "2024-01-02T03:04:05",
        "2024-01-02T03:04:05Z",
        "2024-01-02T04:04:05+01:00",
        "20240102T03:04:05",
        "20240102T030405",
        " 2024-01-02 03:04:05\n",
    ] {
        for inner in [text.to_owned(), string(text), date(text)] {
            reads! { "xmlrpc_core::with::date_text":
                Timestamp: &inner => timestamp();
                chrono::DateTime<Utc>: &inner => naive().and_utc();
                chrono::DateTime<FixedOffset>: &inner => fixed(0);
                OffsetDateTime: &inner => primitive().assume_utc();
            }
        }
    }
    reads! { "xmlrpc_core::with::date_text":
        DateTime: "2024-01-02" => civil().date().at(0, 0, 0, 0).into();
        DateTime: "2024-01-02 03:04" => civil().date().at(3, 4, 0, 0).into();
        civil::DateTime: "2024-01-02 03:04:05.125" => civil().date().at(3, 4, 5, 125_000_000);
        civil::DateTime: "2024-01-02T03:04:05+02:00" => civil();
        NaiveDateTime: "2024-01-02T03:04:05+02:00" => naive();
        PrimitiveDateTime: "2024-01-02T03:04:05+02:00" => primitive();
        civil::Date: "2024-01-02 00:00:00" => civil().date();
        NaiveDate: "20240102T00:00:00" => naive_date();
        time::Date: "2024-01-02" => time_date();
        Timestamp: "2024-01-02" => "2024-01-02T00:00:00Z".parse().unwrap();
    }
}

#[test]
fn zones_and_fractions() {
    let two = date("2024-01-02T05:04:05.125+02:00");
    let nanosecond = 125_000_000;
    reads! { "xmlrpc_core::with::jiff":
        civil::DateTime: &two => civil::date(2024, 1, 2).at(5, 4, 5, nanosecond);
        Timestamp: &two => "2024-01-02T03:04:05.125Z".parse().unwrap();
    }
    let utc = naive_date().and_hms_nano_opt(3, 4, 5, 125_000_000).unwrap();
    reads! { "xmlrpc_core::with::chrono":
        NaiveDateTime: &two => naive_date().and_hms_nano_opt(5, 4, 5, 125_000_000).unwrap();
        chrono::DateTime<Utc>: &two => utc.and_utc();
        chrono::DateTime<FixedOffset>: &two => Utc.fix().from_utc_datetime(&utc);
    }
    let hours = UtcOffset::from_hms(2, 0, 0).unwrap();
    let local = time_date().with_hms_nano(5, 4, 5, 125_000_000).unwrap();
    reads! { "xmlrpc_core::with::time":
        PrimitiveDateTime: &two => local;
        OffsetDateTime: &two => local.assume_offset(hours);
    }

    // What was read with a zone is written in UTC, without a fraction.
    #[derive(Serialize)]
    struct Written(
        #[serde(with = "xmlrpc_core::with::time")] OffsetDateTime,
        #[serde(with = "xmlrpc_core::with::chrono")] chrono::DateTime<FixedOffset>,
        #[serde(with = "xmlrpc_core::with::date_text")] OffsetDateTime,
    );
    let time = local.assume_offset(hours);
    assert_eq!(
        to_string(&Written(time, fixed(2), time)).unwrap(),
        format!(
            "<value>{}</value>",
            array(&[
                &date("20240102T03:04:05"),
                &date("20240102T03:04:05"),
                &string("2024-01-02 03:04:05"),
            ])
        )
    );
}

#[test]
fn nothing() {
    for inner in [
        "<nil/>".to_owned(),
        date(""),
        date("00000000T00:00:00"),
        string(""),
        string("0000-00-00 00:00:00"),
        String::new(),
    ] {
        reads! { "xmlrpc_core::with::date_text":
            Option<Timestamp>: &inner => None;
            Option<civil::Date>: &inner => None;
        }
        reads! { "xmlrpc_core::with::jiff": Option<civil::Date>: &inner => None; }
        reads! { "xmlrpc_core::with::chrono": Option<NaiveDate>: &inner => None; }
        reads! { "xmlrpc_core::with::time": Option<time::Date>: &inner => None; }
    }
}

#[test]
fn what_is_not_such_a_date() {
    let time = "expected a day, found one with a time, 20240102T03:04:05";
    refuses! { "xmlrpc_core::with::date_text":
        DateTime: &string("tomorrow") => "expected a date as text, found string \"tomorrow\"";
        DateTime: &string("2024-02-30") => "expected a date as text, found string \"2024-02-30\"";
        DateTime: "<int>5</int>" => "expected a date as text, found int 5";
        DateTime: "<boolean>0</boolean>" => "expected a date as text, found boolean 0";
        DateTime: "<nil/>" => "expected a date as text, found nil";
        civil::Date: &string("2024-01-02 03:04:05") => time;
        NaiveDate: &string("2024-01-02 03:04:05") => time;
        Option<time::Date>: &string("2024-01-02 03:04:05") => time;
        Option<DateTime>: &string("tomorrow") => "expected a date as text, found string \"tomorrow\"";
        Vec<DateTime>: &array(&["2024-01-02", "x"]) => "expected a date as text, found string \"x\" at [1]";
    }
    let with_time = date("20240102T03:04:05");
    refuses! { "xmlrpc_core::with::jiff":
        civil::Date: &with_time => time;
        Timestamp: &string("tomorrow") => "invalid dateTime.iso8601 \"tomorrow\"";
        Timestamp: "<int>5</int>" => "expected dateTime.iso8601, found int 5";
        Timestamp: &date("99991231T23:59:59-23:00") => "the date 99991231T23:59:59 is out of range";
        Vec<civil::Date>: &array(&[&with_time]) => "expected a day, found one with a time, 20240102T03:04:05; \
            read it as a type with a time at [0]";
    }
    refuses! { "xmlrpc_core::with::chrono":
        NaiveDate: &with_time => time;
        NaiveDateTime: "<int>5</int>" => "expected dateTime.iso8601, found int 5";
    }
    refuses! { "xmlrpc_core::with::time":
        time::Date: &with_time => time;
        OffsetDateTime: "<int>5</int>" => "expected dateTime.iso8601, found int 5";
    }
}

#[test]
fn years_that_cannot_be_written() {
    #[track_caller]
    fn fails<T: Serialize>(year: &T, number: i32) {
        let expected = format!("the year {number} cannot be written; years are from 0 to 9999");
        let error = to_string(year).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let naive = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let last = date("99990101T00:00:00");
    round_trips! { "xmlrpc_core::with::chrono": NaiveDate: naive(9999) => &last; }
    let first = date("00000101T00:00:00");
    round_trips! { "xmlrpc_core::with::chrono": NaiveDate: naive(0) => &first; }
    for year in [-1, 10_000, 40_000] {
        fails(
            &field!("xmlrpc_core::with::chrono" NaiveDate)(naive(year)),
            year,
        );
        fails(
            &field!("xmlrpc_core::with::date_text" NaiveDate)(naive(year)),
            year,
        );
    }
    fails(
        &field!("xmlrpc_core::with::jiff" civil::Date)(civil::date(-1, 1, 1)),
        -1,
    );
    fails(
        &field!("xmlrpc_core::with::date_text" civil::Date)(civil::date(-1, 1, 1)),
        -1,
    );
    let before = time::Date::from_calendar_date(-1, Month::May, 5).unwrap();
    fails(&field!("xmlrpc_core::with::time" time::Date)(before), -1);
    let before = before.midnight().assume_utc();
    fails(
        &field!("xmlrpc_core::with::time" OffsetDateTime)(before),
        -1,
    );
}

#[test]
fn schemas() {
    let date = "dateTime.iso8601";
    assert_eq!(schema(field!("xmlrpc_core::with::jiff" Timestamp)), date);
    assert_eq!(schema(field!("xmlrpc_core::with::chrono" NaiveDate)), date);
    assert_eq!(
        schema(field!("xmlrpc_core::with::time" Option<time::Date>)),
        format!("{date} or nil")
    );
    assert_eq!(
        schema(field!("xmlrpc_core::with::date_text" Vec<DateTime>)),
        "array of string"
    );
}
