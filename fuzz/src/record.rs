//! A struct with everything that serde has.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use serde::{Deserialize, Serialize};
use xmlrpc_core::{Base64, DateTime, Value};

use crate::choices::{Choices, allowed, text};

/// Fields of every kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Record {
    pub a: i8,
    pub b: i16,
    pub c: i32,
    pub d: i64,
    pub number: i128,
    pub unsigned: (u8, u16, u32, u64, u128),
    pub text: String,
    pub letter: char,
    pub float: f32,
    pub double: f64,
    pub list: Vec<Option<bool>>,
    pub map: BTreeMap<String, Kind>,
    pub keys: Keys,
    pub inner: Option<Box<Record>>,
    pub kind: Kind,
    pub when: Option<DateTime>,
    pub bytes: Base64,
    pub unit: (),
    pub newtype: Newtype,
    pub pair: Pair,
    #[serde(rename = "any value")]
    pub value: Value,
}

/// Maps whose keys are not strings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the types explain them")]
pub struct Keys {
    pub numbers: BTreeMap<i64, u8>,
    pub letters: BTreeMap<char, bool>,
    pub truths: BTreeMap<bool, String>,
}

/// Variants of every kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub enum Kind {
    #[default]
    Unit,
    One(i64),
    Two(i64, String),
    Named {
        a: bool,
        b: Option<String>,
    },
    Nested(Box<Kind>),
}

/// A struct that is written as its only field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Newtype(pub u32);

/// A struct that is written as an array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pair(pub bool, pub String);

impl Record {
    /// A record that a dialect with nil can write, except for characters that XML does not allow.
    pub fn new(choices: &mut Unstructured<'_>, levels: usize) -> Self {
        let inner = levels > 0 && choices.once_in(3);
        let mut list = Vec::new();
        let mut map = BTreeMap::new();
        let mut keys = Keys::default();
        for _ in 0..choices.below(4) {
            list.push(choices.any());
            map.insert(text(choices), kind(choices, 3));
            keys.numbers.insert(choices.any(), choices.any());
            keys.letters.insert(allowed(choices.any()), choices.any());
            keys.truths.insert(choices.any(), text(choices));
        }
        Self {
            a: choices.any(),
            b: choices.any(),
            c: choices.any(),
            d: choices.any(),
            number: choices.any::<i64>().into(),
            unsigned: (
                choices.any(),
                choices.any(),
                choices.any(),
                choices.any::<u64>() >> 1,
                (choices.any::<u64>() >> 1).into(),
            ),
            text: text(choices),
            letter: allowed(choices.any()),
            float: Some(choices.any())
                .filter(|number: &f32| number.is_finite())
                .unwrap_or_default(),
            double: Some(choices.any())
                .filter(|number: &f64| number.is_finite())
                .unwrap_or_default(),
            list,
            map,
            keys,
            inner: inner.then(|| Box::new(Self::new(choices, levels - 1))),
            kind: kind(choices, 3),
            when: date(choices),
            bytes: Base64(choices.any::<[u8; 9]>()[..choices.below(9)].to_vec()),
            unit: (),
            newtype: Newtype(choices.any()),
            pair: Pair(choices.any(), text(choices)),
            value: Value::Int(choices.any()),
        }
    }
}

fn kind(choices: &mut Unstructured<'_>, levels: usize) -> Kind {
    match choices.below(5) {
        1 => Kind::One(choices.any()),
        2 => Kind::Two(choices.any(), text(choices)),
        3 => Kind::Named {
            a: choices.any(),
            b: choices.once_in(2).then(|| text(choices)),
        },
        4 if levels > 0 => Kind::Nested(Box::new(kind(choices, levels - 1))),
        _ => Kind::Unit,
    }
}

fn date(choices: &mut Unstructured<'_>) -> Option<DateTime> {
    let year = i16::try_from(choices.any::<u16>() % 10_000).ok()?;
    let [month, day, hour] = [choices.any(), choices.any(), choices.any()];
    DateTime::new(year, month, day, hour, 0, 59).ok()
}
