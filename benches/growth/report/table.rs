//! The tables, for the terminal and for the page.

use super::{judgement::ratio, sheet::Table};
use crate::figures::{Figure, Figures, Late, Refusal, Run, float};

pub(super) fn all(figures: &Figures) -> Vec<Table> {
    let of = |kind: &str, row: fn(&Figure) -> Vec<String>| {
        let documents = figures.documents.iter().filter(|it| it.kind == kind);
        documents.map(row).collect()
    };
    let refusals = |limit: &str| {
        let refusals = figures.refusals.iter().filter(|it| it.limit == limit);
        refusals.map(refusal).collect()
    };
    vec![
        Table {
            title: "Ordinary documents",
            text: "Of about 1 MB, with their types. *÷ a tenth* is the time over that of documents of a tenth of the bytes.",
            headings: &["document", "bytes", "ms", "÷ a tenth", "peak ÷ bytes"],
            rows: of("ordinary", first),
        },
        Table {
            title: "Hostile documents",
            text: "Of 1 MB, with limits that none of them reaches where there is a setting, and by default. *÷ scanned* and *÷ tree* are \
the times over those of a valid answer of as many bytes, structs read as a `Value`, without a comment and with one: \
the scanner reads the one, and roxmltree has to read the other. The last column is that of the time by default.",
            headings: &[
                "document",
                "bytes",
                "ms",
                "÷ a tenth",
                "peak ÷ bytes",
                "÷ scanned",
                "÷ tree",
                "ends",
                "by default",
                "÷ scanned",
            ],
            rows: of("hostile", hostile),
        },
        Table {
            title: "A million",
            text: "The same, with a million elements, attributes, comments, instructions or entities, or 100,000 levels. Blocks of memory \
of more than 32 MB are mapped anew for each document, and clearing their pages is in the time.",
            headings: &[
                "document",
                "bytes",
                "ms",
                "÷ a tenth",
                "peak ÷ bytes",
                "ends",
            ],
            rows: of("million", |it| {
                [first(it), vec![it.raised.ends.to_owned()]].concat()
            }),
        },
        Table {
            title: "Documents on which the scanner gives up at the end",
            text: "Valid, with a comment before the last tag, over roxmltree's parse of the same text with nothing made of it.",
            headings: &[
                "document",
                "bytes",
                "ms",
                "÷ roxmltree",
                "peak ÷ bytes",
                "peak ÷ roxmltree's",
            ],
            rows: figures.late.iter().map(late).collect(),
        },
        Table {
            title: "Memory at `Limits::elements`, by element",
            text: "The peak, read as a `Value`, over the elements that are allowed: as many as the document holds, one less, and a tenth.",
            headings: &[
                "document",
                "elements",
                "at the bound",
                "one beyond",
                "at a tenth",
            ],
            rows: refusals("elements"),
        },
        Table {
            title: "Memory at `Limits::depth`, by byte",
            text: "The peak over the bytes of the document, which holds one value of many levels beside many values of none.",
            headings: &[
                "document",
                "levels",
                "at the bound",
                "one beyond",
                "at a tenth",
            ],
            rows: refusals("depth"),
        },
    ]
}

fn first(figure: &Figure) -> Vec<String> {
    vec![
        figure.document.to_owned(),
        figure.bytes.to_string(),
        milliseconds(figure.raised),
        ratio(figure.growth),
        over(figure.raised.peak_bytes, figure.bytes),
    ]
}

fn hostile(figure: &Figure) -> Vec<String> {
    let optional = |value: Option<f64>| value.map_or_else(String::new, ratio);
    let by_default = figure.by_default.map_or_else(String::new, |run| {
        format!("{} {}", run.ends, milliseconds(run))
    });
    let rest = vec![
        optional(figure.over_scanned),
        optional(figure.over_tree),
        figure.raised.ends.to_owned(),
        by_default,
        optional(figure.by_default_over_scanned),
    ];
    [first(figure), rest].concat()
}

fn late(late: &Late) -> Vec<String> {
    vec![
        late.document.to_owned(),
        late.bytes.to_string(),
        milliseconds(late.run),
        ratio(late.run.ns / late.roxmltree_ns),
        over(late.run.peak_bytes, late.bytes),
        ratio(float(late.run.peak_bytes) / float(late.roxmltree_peak_bytes)),
    ]
}

fn refusal(refusal: &Refusal) -> Vec<String> {
    let (at, tenth) = match refusal.limit {
        "elements" => (refusal.holds, refusal.holds / 10),
        _ => (refusal.bytes, refusal.bytes),
    };
    vec![
        refusal.document.to_owned(),
        refusal.holds.to_string(),
        over(refusal.peak_bytes, at),
        over(refusal.peak_bytes_beyond, at),
        over(refusal.peak_bytes_far_beyond, tenth),
    ]
}

fn over(bytes: u64, of: usize) -> String {
    ratio(float(bytes) / float(of as u64))
}

fn milliseconds(run: Run) -> String {
    format!("{:.3}", run.ns / 1e6)
}
