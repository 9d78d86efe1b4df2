//! The table of a document in a direction.

use super::ratio;
use crate::{
    contender::Direction,
    figures::{Figure, Figures, float},
};

pub(super) const HEADINGS: [&str; 7] = [
    "contender",
    "ns",
    "MB/s",
    "÷ ours",
    "allocations",
    "peak ÷ document",
    "",
];

/// The rows; the last column says what else there is to say.
pub(super) fn rows(figures: &Figures, document: &str, direction: Direction) -> Vec<[String; 7]> {
    let ours = figures
        .get(document, direction, "ours")
        .map_or(f64::NAN, |ours| ours.ns);
    let row = |figure: &Figure| {
        let known = |number: Option<u64>| number.map_or("–".to_owned(), |it| it.to_string());
        let peak = figure.peak_bytes.map_or(f64::NAN, |peak| {
            float(peak) / float(figures.bytes(document).unwrap_or_default() as u64)
        });
        let remark = if figure.correct { "" } else { "wrong answer" };
        [
            figure.contender.to_owned(),
            format!("{:.0}", figure.ns),
            format!("{:.1}", figure.mb_per_s),
            ratio(figure.ns / ours),
            known(figure.allocations),
            ratio(peak),
            remark.to_owned(),
        ]
    };
    figures.of(document, direction).map(row).collect()
}

pub(super) fn title(figures: &Figures, document: &str, direction: Direction) -> String {
    let bytes = figures.bytes(document).unwrap_or_default();
    format!("{} {document} ({bytes} bytes)", direction.name())
}

pub(crate) fn print(figures: &Figures, document: &str, direction: Direction) {
    println!("\n{}", title(figures, document, direction));
    let rows = rows(figures, document, direction);
    for row in core::iter::once(HEADINGS.map(str::to_owned)).chain(rows) {
        let [contender, ns, speed, ours, allocations, peak, remark] = row;
        let line = format!(
            "  {contender:<17}{ns:>14}{speed:>10}{ours:>9}{allocations:>13}{peak:>17}  {remark}"
        );
        println!("{}", line.trim_end());
    }
    for absent in &figures.absent {
        if absent.document == document && absent.direction == direction.name() {
            println!("  {:<17}cannot: {}", absent.contender, absent.reason);
        }
    }
}
