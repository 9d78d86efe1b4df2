//! How the figures stand against what is asked of them.

use super::judgement::{Bound, Judgement};
use crate::figures::{CLIENT, Figures, SERVER};

/// What is asked of the throughput of ours, over that of another: side, load, who, at least.
const FLOORS: [(&str, &str, &str, f64); 5] = [
    (SERVER, "add", "axum", 0.85),
    (SERVER, "sum", "axum", 0.60),
    (SERVER, "add", "jsonrpsee", 1.0),
    (SERVER, "sum", "jsonrpsee", 1.0),
    (CLIENT, "add", "reqwest", 0.95),
];

/// The throughput says it where the clocks are quiet and each side has a processor for itself, the
/// processor time everywhere.
pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let judgements = FLOORS.iter().flat_map(|(side, load, other, floor)| {
        let ours = figures.get(side, load, "ours");
        let both = ours.zip(figures.get(side, load, other));
        let judgement = |what: &str, measured| Judgement {
            what: format!("{side}, {load}: {what}"),
            measured,
            bound: Bound::AtLeast { floor: *floor },
        };
        let throughput = both.map(|(ours, other)| ours.requests_per_s / other.requests_per_s);
        let time = both.map(|(ours, other)| other.processor_us / ours.processor_us);
        [
            judgement(&format!("throughput ÷ that of {other}"), throughput),
            judgement(&format!("processor time of {other} ÷ ours"), time),
        ]
    });
    judgements.collect()
}
