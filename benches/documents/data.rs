//! The Rust types of the documents, and their contents, which are the same in every run.

use dxr::{TryFromValue, TryToValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A struct of six members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TryFromValue, TryToValue)]
pub(crate) struct Record {
    pub(crate) id: i32,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) active: bool,
    pub(crate) score: f64,
    pub(crate) visits: i32,
}

/// An entry of a `system.multicall`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TryFromValue, TryToValue)]
#[allow(
    non_snake_case,
    reason = "`dxr` has no attribute that renames a member"
)]
pub(crate) struct Entry {
    pub(crate) methodName: String,
    pub(crate) params: (i32, i32),
}

/// Arrays within arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Nest(pub(crate) Vec<Nest>);

/// Bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blob(pub(crate) Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        xmlrpc_core::Base64::<Vec<u8>>::deserialize(deserializer).map(|bytes| Self(bytes.0))
    }
}

/// Numbers of one to nine digits, equally often; every fourth is negative.
pub(crate) fn ints(count: usize) -> Vec<i32> {
    let mut random = Random::new(1);
    (0..count)
        .map(|index| {
            let digits = 1 + random.below(9);
            let number = random.number_of(digits);
            if index % 4 == 3 { -number } else { number }
        })
        .collect()
}

/// Numbers between -1000 and 1000 with all digits of a double.
pub(crate) fn doubles(count: usize) -> Vec<f64> {
    let mut random = Random::new(2);
    (0..count).map(|_| (random.unit() - 0.5) * 2e3).collect()
}

pub(crate) fn records(count: usize) -> Vec<Record> {
    const NAMES: [&str; 5] = ["Ada", "Grace", "Barbara", "Katherine", "Margaret"];
    const LATER: [&str; 4] = ["Lovelace", "Hopper", "Liskov", "Johnson"];
    let mut random = Random::new(3);
    (0..count)
        .zip(1000..)
        .map(|(index, id)| {
            let (name, later) = (NAMES[index % 5], LATER[index % 4]);
            Record {
                id,
                name: format!("{name} {later}"),
                email: format!("{name}.{later}.{id}@example.com").to_lowercase(),
                active: random.below(2) == 0,
                score: (random.unit() * 1e4).round() / 100.0,
                visits: random.number_of(6),
            }
        })
        .collect()
}

pub(crate) fn entries(count: i32) -> Vec<Entry> {
    (0..count)
        .map(|index| Entry {
            methodName: "math.add".to_owned(),
            params: (index, index * 1000),
        })
        .collect()
}

pub(crate) fn nest(levels: usize) -> Nest {
    (1..levels).fold(Nest(Vec::new()), |inner, _| Nest(vec![inner]))
}

pub(crate) fn blob(bytes: usize) -> Blob {
    let mut random = Random::new(4);
    Blob(
        core::iter::repeat_with(|| random.next().to_le_bytes())
            .flatten()
            .take(bytes)
            .collect(),
    )
}

/// Neither XML nor JSON has to escape anything in it.
pub(crate) fn plain_text(bytes: usize) -> String {
    repeated(
        bytes,
        "The quick brown fox jumps over the lazy dog, and the dog does not mind. ",
    )
}

/// Markup: XML has to escape every fourth character, JSON nothing.
pub(crate) fn escape_heavy_text(bytes: usize) -> String {
    repeated(
        bytes,
        "<p>if a < b && b > c: <b>yes</b> & <i>no</i></p><br/><p>x&y&z</p> <u>1 > 0</u> ",
    )
}

pub(crate) fn non_ascii_text(bytes: usize) -> String {
    repeated(
        bytes,
        "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. Ξεσκεπάζω τὴν ψυχοφθόρα \
         βδελυγμία. Съешь же ещё этих мягких булок. いろはにほへと ちりぬるを 🎉🚀 ",
    )
}

fn repeated(bytes: usize, line: &str) -> String {
    line.repeat(bytes.div_ceil(line.len()))
}

/// splitmix64 (<https://prng.di.unimi.it/splitmix64.c>): the documents must be the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap_or_default()
    }

    /// A number with `digits` decimal digits, at most nine.
    fn number_of(&mut self, digits: u32) -> i32 {
        let least = 10_u32.pow(digits - 1);
        i32::try_from(least + self.below(9 * least)).unwrap_or(i32::MAX)
    }

    /// A number from 0 to 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
