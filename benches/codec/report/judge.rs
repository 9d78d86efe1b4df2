//! How the figures stand against what is asked of them.

use super::judgement::{Bound, Judgement, at_most};
use crate::{
    contender::{
        Direction::{self, Decode, Encode},
        RUST_PEERS,
    },
    figures::{Figure, Figures, float},
};

/// What is asked of decoding, against `serde_json`: floor and aim.
const DECODE: [(&str, f64, f64); 6] = [
    ("ints_1000", 0.8, 0.65),
    ("ints_100000", 0.8, 0.65),
    ("structs_1000", 1.15, 1.0),
    ("doubles_100000", 1.2, 0.85),
    ("multicall_1000", 1.2, 1.0),
    ("tiny_call", 1.1, 0.95),
];

/// Those that take the fallback. It holds the events of a document, which no type sees before the
/// document is known to be right to its end: no matter of `serde_json`, but less than a tree.
const BEYOND_THE_SCANNER: [&str; 2] = [APACHE, LATE];
const APACHE: &str = "structs_1000_apache";
const LATE: &str = "structs_1000_late";

pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let judge = Judge { figures };
    let mut judgements = Vec::new();
    judgements.extend(judge.against_json());
    judgements.extend(judge.against_peers());
    judgements.extend(judge.by_layout());
    judgements.extend(judge.against_copies());
    judgements.extend(judge.fallback());
    judgements.extend(judge.memory());
    // Documents that were left out are not asked about.
    judgements.retain(|it| {
        let mut documents = figures.documents.iter();
        documents.any(|(name, _)| it.what.split([' ', ',', ':']).any(|word| word == *name))
    });
    judgements
}

struct Judge<'a> {
    figures: &'a Figures,
}

impl Judge<'_> {
    fn get(&self, document: &str, direction: Direction, contender: &str) -> Option<&Figure> {
        self.figures.get(document, direction, contender)
    }

    fn ns(&self, document: &str, direction: Direction, contender: &str) -> Option<f64> {
        Some(self.get(document, direction, contender)?.ns)
    }

    /// The time of one contender over that of another.
    fn over(&self, document: &str, direction: Direction, one: &str, other: &str) -> Option<f64> {
        Some(self.ns(document, direction, one)? / self.ns(document, direction, other)?)
    }

    fn against_json(&self) -> impl Iterator<Item = Judgement> {
        let decode = DECODE
            .iter()
            .map(|(document, floor, aim)| (*document, Decode, *floor, *aim));
        let encode = DECODE
            .iter()
            .map(|(document, ..)| (*document, Encode, 1.3, 1.0));
        decode
            .chain(encode)
            .chain([("text_1mb_escapes", Encode, 2.0, 1.5)])
            .map(|(document, direction, floor, aim)| Judgement {
                what: format!("{} {document}: time ÷ serde_json's", direction.name()),
                measured: self.over(document, direction, "ours", "serde_json"),
                bound: Bound::AtMost { floor, aim },
            })
    }

    fn against_peers(&self) -> impl Iterator<Item = Judgement> {
        let rust = DECODE.iter().flat_map(move |(document, ..)| {
            [Decode, Encode].map(|direction| {
                let (name, measured) = match self.fastest_peer(document, direction) {
                    Some((name, times)) => (name, Some(times)),
                    None => ("no Rust peer", None),
                };
                let direction = direction.name();
                Judgement {
                    what: format!("{direction} {document}: times as fast as {name}, the fastest that is correct"),
                    measured,
                    bound: Bound::AtLeast { floor: 3.0 },
                }
            })
        });
        let python = DECODE.iter().map(move |(document, ..)| Judgement {
            what: format!("decode {document}: times as fast as Python"),
            measured: self.over(document, Decode, "python", "ours"),
            bound: Bound::AtLeast { floor: 30.0 },
        });
        rust.chain(python)
    }

    fn fastest_peer(&self, document: &str, direction: Direction) -> Option<(&'static str, f64)> {
        let ours = self.ns(document, direction, "ours")?;
        self.figures
            .of(document, direction)
            .filter(|it| it.correct && RUST_PEERS.contains(&it.contender))
            .min_by(|one, other| one.ns.total_cmp(&other.ns))
            .map(|it| (it.contender, it.ns / ours))
    }

    fn by_layout(&self) -> [Judgement; 2] {
        // The documents are timed one after the other; serde_json does the same for both, and says how
        // fast the machine was then.
        let per_byte = |document| {
            let bytes = float(self.figures.bytes(document)? as u64);
            Some(self.over(document, Decode, "ours", "serde_json")? / bytes)
        };
        let python = per_byte("structs_1000_python");
        let compact = per_byte("structs_1000");
        let indented = "structs_1000_indented";
        [
            Judgement {
                what: "decode structs_1000_python: time a byte ÷ the compact one's".to_owned(),
                measured: python
                    .zip(compact)
                    .map(|(python, compact)| python / compact),
                bound: at_most(1.3),
            },
            Judgement {
                what: format!("decode {indented}: times as fast as serde_xmlrpc"),
                measured: self.over(indented, Decode, "serde_xmlrpc", "ours"),
                bound: Bound::AtLeast { floor: 2.0 },
            },
        ]
    }

    fn against_copies(&self) -> impl Iterator<Item = Judgement> {
        [Decode, Encode].into_iter().flat_map(|direction| {
            let name = direction.name();
            [
                Judgement {
                    what: format!("{name} text_1mb: time ÷ memcpy's"),
                    measured: self.over("text_1mb", direction, "ours", "memcpy"),
                    bound: Bound::AtMost {
                        floor: 3.0,
                        aim: 2.0,
                    },
                },
                Judgement {
                    what: format!("{name} base64_10mb: time ÷ base64_simd's"),
                    measured: self.over("base64_10mb", direction, "ours", "base64_simd"),
                    bound: at_most(2.0),
                },
            ]
        })
    }

    fn fallback(&self) -> impl Iterator<Item = Judgement> {
        [
            (APACHE, "ours"),
            (LATE, "ours"),
            ("structs_1000", "ours_roxmltree"),
            ("ints_100000", "ours_roxmltree"),
            ("doubles_100000", "ours_roxmltree"),
            ("multicall_1000", "ours_roxmltree"),
        ]
        .into_iter()
        .map(|(document, contender)| Judgement {
            what: format!("decode {document}, {contender}: time ÷ roxmltree's parse"),
            measured: self.over(document, Decode, contender, "roxmltree_parse"),
            bound: at_most(1.3),
        })
    }

    fn memory(&self) -> Vec<Judgement> {
        let mut judgements = Vec::new();
        for (document, bytes) in &self.figures.documents {
            let ours = self.get(document, Decode, "ours");
            let json = self.get(document, Decode, "serde_json");
            let tree = self.get(document, Decode, "roxmltree_parse");
            if BEYOND_THE_SCANNER.contains(document) {
                judgements.extend(
                    ours.zip(tree)
                        .and_then(|(ours, tree)| peak_of_fallback(ours, tree)),
                );
            } else if let Some((ours, json)) = ours.zip(json) {
                let slack = float(*bytes as u64) / 10.0;
                judgements.extend(allocations(ours, json.allocations.map(float)));
                judgements.extend(peak(ours, json.peak_bytes.map(|json| float(json) + slack)));
            }
            if let Some(ours) = self.get(document, Encode, "ours") {
                // A buffer that doubles as it grows, and is up to twice as large as what is in it.
                let bytes = float(ours.bytes as u64);
                judgements.extend(allocations(ours, Some(bytes.log2().ceil())));
                judgements.extend(peak(ours, Some((2.0 * bytes).max(1024.0))));
            }
        }
        judgements
    }
}

fn allocations(ours: &Figure, allowed: Option<f64>) -> Option<Judgement> {
    Some(Judgement {
        what: format!("{} {}: allocations", ours.direction, ours.document),
        measured: ours.allocations.map(float),
        bound: at_most(allowed?),
    })
}

fn peak_of_fallback(ours: &Figure, tree: &Figure) -> Option<Judgement> {
    Some(Judgement {
        what: format!("decode {}: peak ÷ that of roxmltree's parse", ours.document),
        measured: Some(float(ours.peak_bytes?) / float(tree.peak_bytes?)),
        bound: at_most(0.5),
    })
}

fn peak(ours: &Figure, allowed: Option<f64>) -> Option<Judgement> {
    Some(Judgement {
        what: format!("{} {}: peak, in bytes", ours.direction, ours.document),
        measured: ours.peak_bytes.map(float),
        bound: at_most(allowed?),
    })
}
