//! How the figures stand against what is asked of them.

use super::judgement::{Judgement, at_most};
use crate::figures::{Figure, Figures, float};

/// Time that a tenfold document may take, as a multiple.
const GROWTH: f64 = 12.0;
/// What a hostile document may cost, in valid ones of its size. A peer meets the default limits.
const HOSTILE: f64 = 5.0;
/// The same in valid ones that are scanned, which none of those is that are read twice.
const HOSTILE_OF_SCANNED: f64 = 10.0;
/// What a late fallback may cost, in parses of roxmltree.
const LATE: f64 = 1.3;

pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let of = |kind: &'static str, figure: fn(&Figure) -> Option<f64>| {
        let documents = figures.documents.iter().filter(move |it| it.kind == kind);
        documents.filter_map(move |it| Some((it.document, figure(it)?)))
    };
    let growth = |figure: &Figure| Some(figure.growth);
    let late = figures
        .late
        .iter()
        .map(|it| (it.document, it.run.ns / it.roxmltree_ns));
    let judgements = [
        worst(
            "ordinary documents: time ÷ a tenth's",
            of("ordinary", growth),
            GROWTH,
        ),
        worst(
            "hostile documents: time ÷ a tenth's",
            of("hostile", growth),
            GROWTH,
        ),
        worst("a million: time ÷ a tenth's", of("million", growth), GROWTH),
        worst(
            "hostile documents: time ÷ a valid one's that has a comment",
            of("hostile", |it| it.over_tree),
            HOSTILE,
        ),
        worst(
            "hostile documents, by default: time ÷ a valid one's that is scanned",
            of("hostile", |it| it.by_default_over_scanned),
            HOSTILE_OF_SCANNED,
        ),
        worst("late fallback: time ÷ roxmltree's parse", late, LATE),
        refused(figures),
    ];
    judgements.into_iter().flatten().collect()
}

/// The figure that is highest, and how many hold.
fn worst(
    what: &str,
    figures: impl Iterator<Item = (&'static str, f64)> + Clone,
    bound: f64,
) -> Option<Judgement> {
    let (name, highest) = figures
        .clone()
        .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let (count, good) = (
        figures.clone().count(),
        figures.filter(|(_, figure)| *figure <= bound).count(),
    );
    Some(Judgement {
        what: format!("{what}: {good} of {count} hold, the highest is {name}"),
        measured: Some(highest),
        bound: at_most(bound),
    })
}

/// What `Limits::elements` promises of refused documents: bytes by element that is allowed.
const ELEMENT: f64 = 256.0;

fn refused(figures: &Figures) -> Option<Judgement> {
    let refusals = figures.refusals.iter().filter(|it| it.limit == "elements");
    let beyond = refusals.map(|it| {
        let beyond = float(it.peak_bytes_beyond) / float(it.holds as u64);
        let far = float(it.peak_bytes_far_beyond) / float(it.holds as u64 / 10);
        (it.document, beyond.max(far))
    });
    worst(
        "refused by `elements(n)`: peak, in bytes, ÷ n",
        beyond,
        ELEMENT,
    )
}
