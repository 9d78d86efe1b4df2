//! Dates without seconds, without a time, at the end of a day, and in a leap second.

use xmlrpc_core::{DateTime, Value};

use super::{case, response};
use crate::common::decode::{read, refused};

fn date(text: &str) -> (String, Option<jiff::tz::Offset>) {
    let inner = format!("<dateTime.iso8601>{text}</dateTime.iso8601>");
    let date: DateTime = read(&inner);
    assert_eq!(read::<Value>(&inner), Value::from(date), "{text}");
    assert_eq!(
        read::<DateTime>(&format!("<string>{text}</string>")),
        date,
        "{text}"
    );
    (date.to_string(), date.offset())
}

#[test]
fn cases() {
    let read = |name| response::<DateTime>(&case(name)).unwrap().to_string();
    assert_eq!(read("date-hm.xml"), "20240115T10:30:00");
    assert_eq!(read("date-only.xml"), "20240115T00:00:00");
}

#[test]
fn every_form() {
    let utc = Some(jiff::tz::Offset::UTC);
    let two = Some(jiff::tz::offset(2));
    for (text, expected, offset) in [
        ("20240115T10:30", "20240115T10:30:00", None),
        ("20240115T1030", "20240115T10:30:00", None),
        ("2024-01-15 10:30", "20240115T10:30:00", None),
        ("2024-01-15T10:30Z", "20240115T10:30:00", utc),
        ("2024-01-15T10:30+02:00", "20240115T10:30:00", two),
        ("20240115T1030+0200", "20240115T10:30:00", two),
        ("20240115", "20240115T00:00:00", None),
        (" 2024-01-15\n", "20240115T00:00:00", None),
        ("2024-01-15Z", "20240115T00:00:00", utc),
        ("2024-01-15+02:00", "20240115T00:00:00", two),
        ("20240115T24:00:00", "20240116T00:00:00", None),
        ("2024-02-29T24:00", "20240301T00:00:00", None),
        ("20231231T240000Z", "20240101T00:00:00", utc),
        ("20240115T24:00:00.000", "20240116T00:00:00", None),
        ("20161231T23:59:60", "20161231T23:59:59", None),
        ("20161231T235960Z", "20161231T23:59:59", utc),
        ("20161231T10:00:60", "20161231T10:00:59", None),
    ] {
        assert_eq!(date(text), (expected.to_owned(), offset), "{text}");
    }
}

#[test]
fn what_remains_an_error() {
    for text in [
        "20240115T",
        "20240115T10",
        "20240115T10:",
        "20240115T10:3",
        "20240115T10:30:",
        "20240115T24:00:01",
        "20240115T24:00:60",
        "20240115T24:01",
        "20240115T25:00:00",
        "20240115T10:60",
        "20240115T10:30:61",
        "20240230",
        "99991231T24:00:00",
        "2024-0115",
        "202401",
        "2024-01",
    ] {
        refused::<DateTime>(
            &format!("<dateTime.iso8601>{text}</dateTime.iso8601>"),
            "invalid dateTime.iso8601",
        );
    }
}
