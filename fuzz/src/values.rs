//! Values, and how they read after they were written.

use arbitrary::{Arbitrary, Result, Unstructured};
use jiff::civil;
use xmlrpc_core::{DateTime, Dialect, Struct, Value};

use crate::choices::{Choices, is_allowed, text};

/// Any value with a few levels.
#[derive(Debug)]
pub struct AnyValue(pub Value);

impl<'a> Arbitrary<'a> for AnyValue {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(value(choices, 6)))
    }
}

/// A value with at most so many levels.
pub fn value(choices: &mut Unstructured<'_>, levels: usize) -> Value {
    let kinds = if levels == 0 { 9 } else { 14 };
    match choices.below(kinds) {
        0 => Value::Int(choices.any()),
        1 => Value::I8(choices.any()),
        2 => Value::I8(choices.any::<i32>().into()),
        3 => Value::Bool(choices.any()),
        4 => Value::Double(double(choices)),
        5 => Value::DateTime(date(choices)),
        6 => {
            let length = choices.below(80);
            Value::Base64((0..length).map(|_| choices.byte()).collect())
        }
        7 => Value::Nil,
        9..11 => {
            let length = choices.below(6);
            (0..length).map(|_| value(choices, levels - 1)).collect()
        }
        11..14 => {
            let length = choices.below(6);
            let member = |_| (text(choices), value(choices, levels - 1));
            Value::Struct((0..length).map(member).collect())
        }
        _ => Value::String(text(choices)),
    }
}

/// A double: any, a short one, or one that is not a number.
fn double(choices: &mut Unstructured<'_>) -> f64 {
    match choices.below(4) {
        0 => f64::from(choices.any::<i32>()) / 64.0,
        1 => f64::from(choices.any::<f32>()),
        2 => choices.any(),
        _ => choices.pick(&[
            0.0,
            -0.0,
            f64::MIN_POSITIVE,
            f64::MAX,
            1e15,
            1e-3,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ]),
    }
}

/// A date, with or without parts that XML-RPC does not have.
fn date(choices: &mut Unstructured<'_>) -> DateTime {
    let [month, day, hour, minute, second] = [12, 28, 24, 60, 60].map(|bound| choices.below(bound));
    let year = choices.any::<u16>() % 10_000;
    let plain = format!(
        "{year:04}{:02}{:02}T{hour:02}:{minute:02}:{second:02}",
        month + 1,
        day + 1
    );
    let text = match choices.below(8) {
        0 => format!("{plain}.{:09}", choices.any::<u32>() % 1_000_000_000),
        1 => format!(
            "{plain}{}{:02}{:02}",
            choices.pick(&["+", "-"]),
            choices.below(24),
            choices.below(60)
        ),
        2 if choices.once_in(4) => {
            let year = choices.any::<i16>().rem_euclid(10_000) - 9_999;
            return civil::date(year, 1, 1).at(0, 0, 0, 0).into();
        }
        _ => plain,
    };
    text.parse().expect("the text is a date")
}

/// A dialect with its name and its switches, which [`Dialect`] does not expose.
#[derive(Arbitrary, Clone, Copy, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a dialect has this many switches"
)]
pub struct Switches {
    base: Base,
    i4: bool,
    ascii: bool,
    non_finite: bool,
    nil_members: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Standard,
    Extended,
    Apache,
}

impl Switches {
    /// The dialect with these switches.
    pub fn dialect(self) -> Dialect {
        let base = match self.base {
            Base::Standard => Dialect::STANDARD,
            Base::Extended => Dialect::EXTENDED,
            Base::Apache => Dialect::APACHE,
        };
        base.i4(self.i4)
            .ascii(self.ascii)
            .non_finite(self.non_finite)
            .nil_members(self.nil_members)
    }

    /// Whether documents are pure ASCII.
    pub fn is_ascii(self) -> bool {
        self.ascii
    }

    /// Whether the dialect can write a value.
    pub fn has_form(self, value: &Value) -> bool {
        match value {
            Value::Int(_) | Value::Bool(_) | Value::Base64(_) => true,
            Value::I8(number) => self.base != Base::Standard || i32::try_from(*number).is_ok(),
            Value::Nil => self.base != Base::Standard,
            Value::Double(number) => self.non_finite || number.is_finite(),
            Value::String(text) => can_be_carried(text),
            Value::DateTime(date) => date.year() >= 0,
            Value::Array(elements) => elements.iter().all(|element| self.has_form(element)),
            Value::Struct(members) => members
                .iter()
                .all(|(name, member)| can_be_carried(name) && self.has_form(member)),
        }
    }

    /// The value that is read after this one was written.
    pub fn as_read(self, value: &Value) -> Value {
        match value {
            Value::I8(number) if self.base == Base::Standard => Value::from(*number),
            Value::DateTime(date) => Value::DateTime(without_more(date)),
            Value::Array(elements) => elements
                .iter()
                .map(|element| self.as_read(element))
                .collect(),
            Value::Struct(members) => {
                let members = members
                    .iter()
                    .map(|(name, member)| (name, self.as_read(member)));
                Value::Struct(members.collect::<Struct>())
            }
            other => other.clone(),
        }
    }
}

/// A date without its time zone and its fraction of a second, which no dialect has.
fn without_more(date: &DateTime) -> DateTime {
    let civil = date.civil();
    civil
        .with()
        .subsec_nanosecond(0)
        .build()
        .expect("0 is a fraction")
        .into()
}

fn can_be_carried(text: &str) -> bool {
    text.chars().all(is_allowed)
}

/// Whether all dates in a value can be written.
pub fn has_dates(value: &Value) -> bool {
    match value {
        Value::DateTime(date) => date.year() >= 0,
        Value::Array(elements) => elements.iter().all(has_dates),
        Value::Struct(members) => members.values().all(has_dates),
        _ => true,
    }
}
