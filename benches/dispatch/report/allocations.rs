//! What allocates in a call, and why.

use super::{judgement::ratio, sheet::Table};

/// The columns: a call from its stub and from its document, an entry of a multicall from both.
pub(super) const TYPED: usize = 0;
pub(super) const DOCUMENT: usize = 1;
pub(super) const ENTRY_TYPED: usize = 2;
pub(super) const ENTRY: usize = 3;

const CAUSES: [(&str, [f64; 4]); 7] = [
    (
        "the document of the call, as the stub writes it: 256 bytes, so that a small one need not grow; an entry is written \
alone first, for the call might be sent alone",
        [1.0, 0.0, 1.0, 0.0],
    ),
    (
        "what counts the owners of that document: it becomes `Bytes`, which transports share and do not copy",
        [1.0, 0.0, 0.0, 0.0],
    ),
    (
        "the `Context`: headers and extensions of the request, which the method may keep; all entries of a multicall share one",
        [1.0, 1.0, 0.0, 0.0],
    ),
    (
        "the future of the method: its type is known to the method's table alone",
        [1.0, 1.0, 1.0, 1.0],
    ),
    (
        "the document of the answer: 256 bytes, for the same reason; an entry's is copied into that of the whole, if there \
is room for it",
        [1.0, 1.0, 1.0, 1.0],
    ),
    (
        "what counts the owners of that document",
        [1.0, 1.0, 0.0, 0.0],
    ),
    (
        "what the whole multicall has once, and what doubles as it grows: the two documents, the lists of entries and of their \
places; some fifty, over 1,000 entries",
        [0.0, 0.0, 0.1, 0.1],
    ),
];

/// How many are explained in a column.
pub(super) fn explained(column: usize) -> f64 {
    CAUSES.iter().map(|(_, counts)| counts[column]).sum()
}

pub(super) fn table() -> Table {
    let row = |(cause, counts): &(&str, [f64; 4])| {
        let counts = counts.map(|count| match count {
            0.0 => String::new(),
            1.0 => "1".to_owned(),
            fewer => format!("< {}", ratio(fewer)),
        });
        [vec![(*cause).to_owned()], counts.into()].concat()
    };
    Table {
        title: "What allocates",
        text: "Neither the name of the method nor its parameters do, where they are numbers: both are read where they stand \
in the document.",
        headings: &["", "a call, typed", "a call", "an entry, typed", "an entry"],
        rows: CAUSES.iter().map(row).collect(),
    }
}
