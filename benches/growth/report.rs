//! Tables, and the requirements that the figures have to meet.

use crate::{
    harness::{
        figures::{float, ratio, size},
        report::{Judgement, Table},
    },
    measure::{Figure, Run},
};

/// The highest ratio of the time to that of a tenth of the document.
const GROWTH: f64 = 12.0;
/// The highest ratio to a valid document that the lenient reader reads.
const OVER_LENIENT: f64 = 5.0;
/// The highest ratio to a valid document that is scanned, with the default limits, which a peer meets.
const OVER_SCANNED: f64 = 10.0;

pub(crate) fn judge(figures: &[Figure]) -> Vec<Judgement> {
    let of = |kind: &'static str, figure: fn(&Figure) -> Option<f64>| {
        let documents = figures.iter().filter(move |it| it.kind == kind);
        documents.filter_map(move |it| Some((it.document, figure(it)?)))
    };
    let growth = |figure: &Figure| Some(figure.growth);
    let over_lenient = |figure: &Figure| figure.over_lenient;
    let by_default = |figure: &Figure| figure.by_default_over_scanned;
    let lenient = "hostile documents: time ÷ that of a valid one with a comment";
    let scanned = "hostile documents, default limits: time ÷ that of a valid one that is scanned";
    let judgements = [
        worst(
            "ordinary documents: time ÷ that of a tenth",
            of("ordinary", growth),
            GROWTH,
        ),
        worst(
            "hostile documents: time ÷ that of a tenth",
            of("hostile", growth),
            GROWTH,
        ),
        worst(
            "a million: time ÷ that of a tenth",
            of("million", growth),
            GROWTH,
        ),
        worst(lenient, of("hostile", over_lenient), OVER_LENIENT),
        worst(scanned, of("hostile", by_default), OVER_SCANNED),
    ];
    judgements.into_iter().flatten().collect()
}

/// The highest figure, and the number of figures within the bound.
fn worst(
    what: &str,
    figures: impl Iterator<Item = (&'static str, f64)> + Clone,
    bound: f64,
) -> Option<Judgement> {
    let by_figure = |one: &(&str, f64), other: &(&str, f64)| one.1.total_cmp(&other.1);
    let (name, highest) = figures.clone().max_by(by_figure)?;
    let count = figures.clone().count();
    let good = figures.filter(|(_, figure)| *figure <= bound).count();
    let what = format!("{what}: {good} of {count} hold, the highest is {name}");
    Some(Judgement::at_most(what, Some(highest), bound))
}

const ORDINARY: &[&str] = &["document", "bytes", "ms", "÷ a tenth", "peak ÷ bytes"];
#[rustfmt::skip]
const MILLION: &[&str] = &["document", "bytes", "ms", "÷ a tenth", "peak ÷ bytes", "ends"];
#[rustfmt::skip]
const HOSTILE: &[&str] = &[
    "document", "bytes", "ms", "÷ a tenth", "peak ÷ bytes", "÷ scanned", "÷ lenient", "ends", "by default", "÷ scanned",
];

pub(crate) fn tables(figures: &[Figure]) -> Vec<Table> {
    let of = |kind: &str, row: fn(&Figure) -> Vec<String>| -> Vec<_> {
        let documents = figures.iter().filter(|it| it.kind == kind);
        documents.map(row).collect()
    };
    vec![
        Table::new(
            "Ordinary documents",
            "Documents of about 1 MB, read into their types. *÷ a tenth* is the time divided by that of documents of a \
tenth of the size.",
            ORDINARY,
            of("ordinary", first),
        ),
        Table::new(
            "Hostile documents",
            "Documents of 1 MB, with raised limits, which none of them reaches, and with the default limits. *÷ scanned* \
and *÷ lenient* are the times divided by those of a valid response of the same size: structs that are read as a `Value`, \
without and with a comment. The scanner reads the first one, the lenient reader reads the other. The last two columns \
are for the default limits.",
            HOSTILE,
            of("hostile", hostile),
        ),
        Table::new(
            "A million",
            "The same with a million elements, attributes, comments, instructions or entities, or with 100,000 levels. The \
allocator maps blocks of more than 32 MB anew for each document; the time includes clearing their pages.",
            MILLION,
            of("million", |it| {
                [first(it), vec![it.raised.ends.to_owned()]].concat()
            }),
        ),
    ]
}

fn first(figure: &Figure) -> Vec<String> {
    vec![
        figure.document.to_owned(),
        figure.bytes.to_string(),
        milliseconds(figure.raised),
        ratio(figure.growth),
        ratio(float(figure.raised.peak_bytes) / size(figure.bytes)),
    ]
}

fn hostile(figure: &Figure) -> Vec<String> {
    let optional = |value: Option<f64>| value.map_or_else(String::new, ratio);
    let by_default = figure.by_default.map_or_else(String::new, |run| {
        format!("{} {}", run.ends, milliseconds(run))
    });
    let rest = vec![
        optional(figure.over_scanned),
        optional(figure.over_lenient),
        figure.raised.ends.to_owned(),
        by_default,
        optional(figure.by_default_over_scanned),
    ];
    [first(figure), rest].concat()
}

fn milliseconds(run: Run) -> String {
    format!("{:.3}", run.ns / 1e6)
}
